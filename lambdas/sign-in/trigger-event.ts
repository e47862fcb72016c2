import type { SessionEntry } from '../core/challenge/rounds.ts';

/** What our triggers read of Cognito's event. AWS may add fields at any time, so the rest is left alone. */
export interface TriggerEvent {
  readonly triggerSource: string;
  readonly userName: string;
  readonly callerContext: { readonly clientId: string };
  readonly request: {
    readonly userAttributes: Readonly<Record<string, string>>;
    readonly userNotFound: boolean;
    readonly clientMetadata: Readonly<Record<string, string>>;
    readonly session: readonly SessionEntry[];
    readonly challengeName?: string;
    readonly challengeAnswer: string;
    readonly privateChallengeParameters: Readonly<Record<string, string>>;
    readonly groups: GroupConfiguration;
    readonly scopes?: readonly string[];
  };
}

export interface GroupConfiguration {
  readonly groupsToOverride: readonly string[];
  readonly iamRolesToOverride: readonly string[];
  readonly preferredRole?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads an event at the edge. Absent maps are empty; a map with anything but strings in it is not Cognito's.
 * @throws Error for an event without user name, client or source: nothing may be decided on half an event
 */
export function readTriggerEvent(event: unknown): TriggerEvent {
  const { triggerSource, userName, callerContext, request } = fields(event);
  const { clientId } = fields(callerContext);
  if (!isText(triggerSource) || !isText(userName) || !isText(clientId)) {
    throw new Error('trigger event: expected triggerSource, userName and callerContext.clientId');
  }
  const given = fields(request);
  return {
    triggerSource,
    userName,
    callerContext: { clientId },
    request: {
      userAttributes: strings(given.userAttributes),
      userNotFound: given.userNotFound === true,
      clientMetadata: strings(given.clientMetadata),
      session: list(given.session).map(sessionEntry),
      ...(isText(given.challengeName) && { challengeName: given.challengeName }),
      challengeAnswer: isText(given.challengeAnswer) ? given.challengeAnswer : '',
      privateChallengeParameters: strings(given.privateChallengeParameters),
      groups: groups(fields(given.groupConfiguration)),
      ...(Array.isArray(given.scopes) && { scopes: texts(given.scopes) }),
    },
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const fields = (value: unknown): Fields => (isFields(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): readonly string[] => list(value).filter(isText);

const strings = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

function sessionEntry(value: unknown): SessionEntry {
  const { challengeName, challengeResult, challengeMetadata } = fields(value);
  return {
    challengeName: isText(challengeName) ? challengeName : '',
    challengeResult: challengeResult === true,
    ...(isText(challengeMetadata) && { challengeMetadata }),
  };
}

function groups({ groupsToOverride, iamRolesToOverride, preferredRole }: Fields): GroupConfiguration {
  return {
    groupsToOverride: texts(groupsToOverride),
    iamRolesToOverride: texts(iamRolesToOverride),
    ...(isText(preferredRole) && { preferredRole }),
  };
}
