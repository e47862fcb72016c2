import { derivedEventId } from '../adapters/event-ids.ts';
import { type Flow, isFinal } from '../core/challenge/flow.ts';
import { grantedPurposes } from '../core/consent/coverage.ts';
import type { FlowId, Sub } from '../core/ids.ts';
import { contextMetadataKey, flowMetadataKey, sessionMetadataKey } from '../core/risk/context.ts';
import {
  type Assurance,
  assuranceOf,
  bestTier,
  type Claims,
  type Door,
  mayOperate,
  operatorGroup,
  scopesToAdd,
  scopesToSuppress,
  tokenClaims,
} from '../core/session/claims.ts';
import { repetitionMs } from './events.ts';
import { belongsTo, type Person, readPerson, readReference } from './person.ts';
import type { SignInServices } from './services.ts';
import type { GroupConfiguration, TriggerEvent } from './trigger-event.ts';

export interface TokenAnswer {
  readonly claimsAndScopeOverrideDetails: {
    readonly idTokenGeneration: { readonly claimsToAddOrOverride: Claims };
    readonly accessTokenGeneration: {
      readonly claimsToAddOrOverride: Claims;
      readonly scopesToAdd: readonly string[];
      readonly scopesToSuppress: readonly string[];
    };
    readonly groupOverrideDetails: GroupConfiguration;
  };
}

/**
 * PreTokenGeneration V2: our claims in both tokens, and the last gate before there are any. Assurance comes from the flow
 * record of this sign-in or, at a refresh, from what the Identity API states about the session; tier and purposes are
 * looked up every time, and whether the account is locked everywhere but on the fast path (0.5 RRU).
 * @throws Error for a way of signing in that the client has no right to: Cognito then issues nothing
 */
export async function addClaims(services: SignInServices, event: TriggerEvent): Promise<TokenAnswer> {
  const person = await readPerson(services, event);
  if (!person.exists || !('sub' in person.subject)) throw new Error('tokens: no such user');
  const { groups, scopes } = event.request;
  const { sub } = person.subject;
  const [{ assurance, door }, states] = await Promise.all([
    admissions[wayOf(event)](services, event, person),
    services.consents(sub),
  ]);
  const claims = tokenClaims(assurance, {
    tier: bestTier(services.config.tiers, groups.groupsToOverride),
    purposes: grantedPurposes(services.config.purposes, states),
  });
  const isOperator = mayOperate(groups.groupsToOverride, assurance);
  return {
    claimsAndScopeOverrideDetails: {
      idTokenGeneration: { claimsToAddOrOverride: claims },
      accessTokenGeneration: {
        claimsToAddOrOverride: claims,
        scopesToAdd: scopesToAdd(scopes, { door, isOperator }),
        scopesToSuppress: scopesToSuppress(door),
      },
      // An empty answer here would remove every group from the token.
      groupOverrideDetails: isOperator ? groups : withoutOperators(groups),
    },
  };
}

/** Being an operator takes more than the group: a factor that cannot be phished, proven in this session. */
const withoutOperators = (groups: GroupConfiguration): GroupConfiguration => ({
  ...groups,
  groupsToOverride: groups.groupsToOverride.filter((group) => group !== operatorGroup),
});

type Way = 'pages' | 'refresh' | 'rounds';

/** The pool's own pages, a session that goes on, or our challenge rounds and whatever else comes past them. */
const wayOf = ({ triggerSource, request }: TriggerEvent): Way => {
  if (triggerSource === 'TokenGeneration_HostedAuth') return 'pages';
  const isRefresh =
    triggerSource === 'TokenGeneration_RefreshTokens' ||
    request.clientMetadata[sessionMetadataKey] !== undefined;
  return isRefresh ? 'refresh' : 'rounds';
};

/**
 * No state changes, so the event is written by itself, once for the repeats of a trigger.
 * @throws Error for an account that an operator has locked
 */
async function requireUnlocked({ isLocked, outbox, clock }: SignInServices, person: Person): Promise<void> {
  if (!(await isLocked(person.account as string as Sub))) return;
  const now = clock.now();
  await outbox.put({
    v: 1,
    id: derivedEventId(now - (now % repetitionMs), person.account, person.client, 'sign-in.refused'),
    type: 'sign-in.refused',
    at: new Date(now).toISOString(),
    subject: person.subject,
    actor: 'self',
    outcome: 'refused',
    reasons: ['ACCOUNT_LOCKED'],
    client: person.client,
  });
  throw new Error('tokens: the account is locked');
}

/** What came to be known about somebody who may have tokens. */
interface Admission {
  readonly assurance?: Assurance | undefined;
  /** Through which the tokens go; it decides which scopes they have. */
  readonly door: Door;
}
type Admit = (services: SignInServices, event: TriggerEvent, person: Person) => Promise<Admission>;

const naming = [contextMetadataKey, flowMetadataKey, sessionMetadataKey];
const noWay = () => new Error('tokens: no way of this client');

/** The pool's pages are for clients with that door. They cannot say which factors were proven. */
const fromPages: Admit = async (services, { callerContext }, person) => {
  if ((await services.clientOf(callerContext.clientId))?.door !== 'managed-login') throw noWay();
  await requireUnlocked(services, person);
  return { door: 'managed-login' };
};

/**
 * A sign-in past the pages needs a flow of ours that reached its end; only an SDK may leave it unnamed, and gets no
 * assurance for it: Define issued by the flow, but these calls do not say which it was. Whatever came by another way (a
 * temporary password, a remembered device) gets nothing.
 */
const fromRounds: Admit = async (services, event, person) => {
  const flow = await finishedFlow(services, event, person);
  // On the fast path a known device vouches, and a lock has made every device unknown.
  if (flow?.state !== 'allowed') await requireUnlocked(services, person);
  if (flow) return { assurance: assuranceOf(flow), door: flow.door };
  const { triggerSource, callerContext, request } = event;
  const isUnnamed =
    triggerSource === 'TokenGeneration_Authentication' &&
    !naming.some((key) => request.clientMetadata[key] !== undefined);
  const client = isUnnamed ? await services.clientOf(callerContext.clientId) : undefined;
  if (client?.door !== 'sdk') throw noWay();
  return { door: 'sdk' };
};

/** Define let this call pass with this very flow; here it has to exist, be this person's and have reached its end. */
async function finishedFlow(
  services: SignInServices,
  event: TriggerEvent,
  person: Person,
): Promise<Flow | undefined> {
  const reference = await readReference(services, event.request.clientMetadata, person);
  if (!('id' in reference)) return undefined;
  const seen = await services.flows.find(reference.id);
  // The cheap read may be a moment behind the write that finished the flow.
  const flow = seen && isFinal(seen) ? seen : await services.flows.find(reference.id, { consistent: true });
  return flow && isFinal(flow) && belongsTo(flow, person) ? flow : undefined;
}

/**
 * The Identity API states what its session has proven. Without a statement a session of an SDK or of the pages goes on as
 * it was; the clients of everything else never refresh by themselves.
 */
const fromRefresh: Admit = async (services, event, person) => {
  await requireUnlocked(services, person);
  const stated = await services.sessions.read(event.request.clientMetadata[sessionMetadataKey]);
  const ours = stated?.sub === person.account && stated.client === person.client ? stated : undefined;
  const door = ours ? 'api' : await doorOfRefresh(services, event);
  const now = services.clock.now();
  await services.outbox.put({
    v: 1,
    // A refresh through the Identity API has an id of its own; one by an SDK does not, so a retry may tell it twice.
    id: ours ? derivedEventId(ours.issuedAt * 1000, ours.id, 'session.refreshed') : services.random.ulid(now),
    type: 'session.refreshed',
    at: new Date(now).toISOString(),
    subject: person.subject,
    actor: 'self',
    outcome: 'success',
    reasons: [],
    client: person.client,
    door,
    ...(ours && { flow: ours.flow as FlowId }),
  });
  return {
    ...(ours && { assurance: { flow: ours.flow, level: ours.level, methods: ours.methods } }),
    door,
  };
};

async function doorOfRefresh(
  { clientOf }: SignInServices,
  { triggerSource, callerContext }: TriggerEvent,
): Promise<'sdk' | 'managed-login'> {
  // By its other name it cannot be told from a sign-in.
  if (triggerSource !== 'TokenGeneration_RefreshTokens') throw noWay();
  const door = (await clientOf(callerContext.clientId))?.door;
  if (door !== 'sdk' && door !== 'managed-login') throw noWay();
  return door;
}

const admissions: Readonly<Record<Way, Admit>> = {
  pages: fromPages,
  refresh: fromRefresh,
  rounds: fromRounds,
};
