import type { Cloud } from '../../platform.ts';
import { identitiesOf } from '../federation/identities.ts';
import type { ClientSettings, IdentityProvider, Pool, User } from '../model.ts';
import type { ChallengeResult } from '../sessions.ts';
import { invokeTrigger, type TriggerEvent, type TriggerName } from './invoke.ts';
import {
  type ChallengeCreated,
  type ChallengeDecision,
  type CustomMessage,
  type Migration,
  readAnswerCorrect,
  readAttributesToMap,
  readChallenge,
  readDecision,
  readMessage,
  readMigration,
  readSignUpFlags,
  type SignUpFlags,
} from './responses.ts';

export type StringMap = Readonly<Record<string, string>>;
type Claims = Readonly<Record<string, unknown>>;

/** Whom a trigger is about: someone who exists, or a name that does not and must not show. */
export type Subject =
  | { readonly known: true; readonly user: User }
  | { readonly known: false; readonly typedName: string };

/** One call of the API, as far as its triggers see it. */
export interface TriggerContext {
  readonly pool: Pool;
  /** Absent for administrators' calls that name no client. */
  readonly client?: { readonly id: string; readonly settings: ClientSettings };
  readonly sdkVersion: string;
  readonly clientMetadata?: StringMap;
}

const noClient = 'CLIENT_ID_NOT_APPLICABLE';

/** The functions a pool calls, one method per trigger: what goes in, what may come back, and nothing when none is configured. */
export class Triggers {
  private readonly cloud: Cloud;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  has(pool: Pool, name: TriggerName): boolean {
    return this.arnOf(pool, name) !== undefined;
  }

  async preSignUp(
    context: TriggerContext,
    source: 'SignUp' | 'AdminCreateUser' | 'ExternalProvider',
    user: { username: string; attributes: StringMap },
    validationData: StringMap | undefined,
  ): Promise<SignUpFlags> {
    const response = await this.call(context, 'PreSignUp', `PreSignUp_${source}`, user.username, {
      request: {
        userAttributes: user.attributes,
        validationData: validationData ?? null,
        ...metadata(context),
      },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    });
    return this.read('PreSignUp', response, readSignUpFlags);
  }

  /** What the provider said, as the trigger leaves it; an empty answer keeps it as it was. */
  async inboundFederation(
    context: TriggerContext,
    userName: string,
    provider: Pick<IdentityProvider, 'name' | 'type'>,
    person: { readonly claims: Claims; readonly raw: Claims },
  ): Promise<Claims> {
    const source = 'InboundFederation_ExternalProvider';
    const response = await this.call(context, 'InboundFederation', source, userName, {
      request: { providerName: provider.name, providerType: provider.type, attributes: person.raw },
      response: { userAttributesToMap: {} },
    });
    const changed = this.read('InboundFederation', response, readAttributesToMap);
    return Object.keys(changed).length > 0 ? changed : person.claims;
  }

  async postConfirmation(
    context: TriggerContext,
    source: 'ConfirmSignUp' | 'ConfirmForgotPassword',
    user: User,
  ): Promise<void> {
    await this.call(context, 'PostConfirmation', `PostConfirmation_${source}`, user.username, {
      request: { userAttributes: eventAttributes(user), ...metadata(context) },
      response: {},
    });
  }

  async preAuthentication(
    context: TriggerContext,
    subject: Subject,
    validationData: StringMap | undefined,
  ): Promise<void> {
    await this.call(context, 'PreAuthentication', 'PreAuthentication_Authentication', nameOf(subject), {
      request: {
        userAttributes: attributesOf(subject),
        validationData: validationData ?? null,
        ...notFound(context, subject),
      },
      response: {},
    });
  }

  async postAuthentication(context: TriggerContext, user: User, newDeviceUsed: boolean): Promise<void> {
    await this.call(context, 'PostAuthentication', 'PostAuthentication_Authentication', user.username, {
      request: { userAttributes: eventAttributes(user), newDeviceUsed, ...metadata(context) },
      response: {},
    });
  }

  async defineAuthChallenge(
    context: TriggerContext,
    subject: Subject,
    session: readonly ChallengeResult[],
  ): Promise<ChallengeDecision> {
    const source = 'DefineAuthChallenge_Authentication';
    const response = await this.call(context, 'DefineAuthChallenge', source, nameOf(subject), {
      request: {
        userAttributes: attributesOf(subject),
        session: sessionOf(session),
        ...metadata(context),
        ...notFound(context, subject),
      },
      response: { challengeName: null, issueTokens: null, failAuthentication: null },
    });
    return this.read('DefineAuthChallenge', response, readDecision);
  }

  async createAuthChallenge(
    context: TriggerContext,
    subject: Subject,
    session: readonly ChallengeResult[],
    challengeName: string,
  ): Promise<ChallengeCreated> {
    const source = 'CreateAuthChallenge_Authentication';
    const response = await this.call(context, 'CreateAuthChallenge', source, nameOf(subject), {
      request: {
        userAttributes: attributesOf(subject),
        challengeName,
        session: sessionOf(session),
        ...metadata(context),
        ...notFound(context, subject),
      },
      response: {
        publicChallengeParameters: null,
        privateChallengeParameters: null,
        challengeMetadata: null,
      },
    });
    return this.read('CreateAuthChallenge', response, readChallenge);
  }

  async verifyAuthChallenge(
    context: TriggerContext,
    subject: Subject,
    privateChallengeParameters: StringMap,
    challengeAnswer: string,
  ): Promise<boolean> {
    const source = 'VerifyAuthChallengeResponse_Authentication';
    const response = await this.call(context, 'VerifyAuthChallengeResponse', source, nameOf(subject), {
      request: {
        userAttributes: attributesOf(subject),
        privateChallengeParameters,
        challengeAnswer,
        ...metadata(context),
        ...notFound(context, subject),
      },
      response: { answerCorrect: null },
    });
    return this.read('VerifyAuthChallengeResponse', response, readAnswerCorrect);
  }

  /** The raw response: what it may change depends on the version of the event. */
  preTokenGeneration(
    context: TriggerContext,
    source: string,
    user: User,
    groupConfiguration: Readonly<Record<string, unknown>>,
    scopes: readonly string[],
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const version = tokenVersion(context.pool);
    const response = version === '1' ? 'claimsOverrideDetails' : 'claimsAndScopeOverrideDetails';
    const event = {
      request: {
        userAttributes: eventAttributes(user),
        groupConfiguration,
        ...(version === '1' ? {} : { scopes }),
        ...metadata(context),
      },
      response: { [response]: null },
    };
    return this.call(
      context,
      'PreTokenGeneration',
      `TokenGeneration_${source}`,
      user.username,
      event,
      version,
    );
  }

  /** For a token in a client's own name, in the third version of the event. */
  machineTokenGeneration(
    context: TriggerContext,
    scopes: readonly string[],
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const content = {
      request: { userAttributes: {}, groupConfiguration: null, scopes, ...metadata(context) },
      response: { claimsAndScopeOverrideDetails: null },
    };
    const source = 'TokenGeneration_ClientCredentials';
    return this.call(context, 'PreTokenGeneration', source, 'ClientCredentials', content, '3');
  }

  async userMigration(
    context: TriggerContext,
    source: 'Authentication' | 'ForgotPassword',
    typedName: string,
    given: { password?: string; validationData?: StringMap },
  ): Promise<Migration | undefined> {
    const response = await this.call(context, 'UserMigration', `UserMigration_${source}`, typedName, {
      request: {
        ...(given.password === undefined ? {} : { password: given.password }),
        validationData: given.validationData ?? null,
        ...metadata(context),
      },
      response: {
        userAttributes: null,
        forceAliasCreation: null,
        enableSMSMFA: null,
        finalUserStatus: null,
        messageAction: null,
        desiredDeliveryMediums: null,
      },
    });
    return response && this.read('UserMigration', response, readMigration);
  }

  async customMessage(
    context: TriggerContext,
    source: string,
    user: User,
    usernameParameter: string | null,
  ): Promise<CustomMessage> {
    const response = await this.call(context, 'CustomMessage', `CustomMessage_${source}`, user.username, {
      request: {
        userAttributes: eventAttributes(user),
        codeParameter: '{####}',
        linkParameter: '{##Click Here##}',
        usernameParameter,
        ...metadata(context),
      },
      response: { smsMessage: null, emailMessage: null, emailSubject: null },
    });
    return this.read('CustomMessage', response, (given) =>
      readMessage(given, context.pool, usernameParameter),
    );
  }

  private async call(
    context: TriggerContext,
    name: TriggerName,
    triggerSource: string,
    userName: string,
    content: Pick<TriggerEvent, 'request' | 'response'>,
    version = '1',
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const arn = this.arnOf(context.pool, name);
    if (!arn) return undefined;
    const event: TriggerEvent = {
      version,
      triggerSource,
      region: this.cloud.region,
      userPoolId: context.pool.id,
      userName,
      callerContext: { awsSdkVersion: context.sdkVersion, clientId: context.client?.id ?? noClient },
      ...content,
    };
    return invokeTrigger(this.cloud.functions, context.pool, name, arn, event);
  }

  /** AWS's texts do not say which function answered badly, or how; the log does, without values. */
  private read<R, T>(name: TriggerName, response: R, reader: (response: R) => T): T {
    try {
      return reader(response);
    } catch (error) {
      const members = Object.entries(response ?? {}).map(([key, value]) => `${key}: ${typeof value}`);
      this.cloud.log.warn(`cognito-idp: ${name} gave an unusable response`, { members });
      throw error;
    }
  }

  private arnOf(pool: Pool, name: TriggerName): string | undefined {
    const config = pool.settings.LambdaConfig;
    if (name === 'PreTokenGeneration' && config?.PreTokenGenerationConfig) {
      return config.PreTokenGenerationConfig.LambdaArn;
    }
    if (name === 'InboundFederation') return config?.InboundFederation?.LambdaArn;
    return config?.[name] as string | undefined;
  }
}

/** `version` of the token generation event: `1` without, `2` and `3` with a configuration that says so. */
export function tokenVersion(pool: Pool): '1' | '2' | '3' {
  const version = pool.settings.LambdaConfig?.PreTokenGenerationConfig?.LambdaVersion;
  if (version === 'V3_0') return '3';
  return version === 'V2_0' ? '2' : '1';
}

/** Attributes as triggers see them: strings, with the status beside them. */
function eventAttributes(user: User): StringMap {
  return { sub: user.sub, 'cognito:user_status': user.status, ...identitiesText(user), ...user.attributes };
}

const identitiesText = (user: User): StringMap =>
  user.identities?.length ? { identities: JSON.stringify(identitiesOf(user)) } : {};

const nameOf = (subject: Subject): string => (subject.known ? subject.user.username : subject.typedName);
const attributesOf = (subject: Subject): StringMap => (subject.known ? eventAttributes(subject.user) : {});
const metadata = ({ clientMetadata }: TriggerContext) => (clientMetadata ? { clientMetadata } : {});
const sessionOf = (session: readonly ChallengeResult[]) =>
  session.map((round) => ({ ...round, challengeMetadata: round.challengeMetadata ?? null }));

/** The member is there only where the client hides who exists. */
const notFound = ({ client }: TriggerContext, subject: Subject) =>
  client?.settings.PreventUserExistenceErrors === 'ENABLED' ? { userNotFound: !subject.known } : {};
