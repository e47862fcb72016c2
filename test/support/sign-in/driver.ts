import type { RequestContext } from '../../../lambdas/core/risk/context.ts';
import type { SignInServices } from '../../../lambdas/sign-in/services.ts';
import { signInTrigger } from '../../../lambdas/sign-in/triggers.ts';
import { testPseudonyms } from './services.ts';

export interface TestUser {
  readonly sub: string;
  readonly email: string;
  readonly exists: boolean;
  /** @default true */
  readonly emailVerified?: boolean;
  /** @default 'CONFIRMED' */
  readonly status?: string;
}

type Entry = { challengeName: string; challengeResult: boolean; challengeMetadata?: string | null };
type Metadata = Record<string, string>;
export type Outcome =
  | { readonly state: 'tokens'; readonly claims: Record<string, unknown>; readonly answer: TokenAnswer }
  | { readonly state: 'failed' }
  | { readonly state: 'challenge'; readonly parameters: Metadata };
export interface TokenAnswer {
  readonly claimsAndScopeOverrideDetails: {
    readonly accessTokenGeneration: {
      readonly claimsToAddOrOverride: Record<string, unknown>;
      readonly scopesToAdd: readonly string[];
    };
    readonly groupOverrideDetails: Record<string, unknown>;
  };
}

/**
 * Plays Cognito's part of CUSTOM_AUTH for the triggers: the session array, private parameters, and who sees which
 * metadata. `deliveries` repeats every trigger and goes on with the last answer.
 */
export class CognitoDriver {
  private readonly call: (event: object) => Promise<{ response: Record<string, unknown> }>;
  private session: Entry[] = [];
  private pending: { privateParameters: Metadata; metadata: string } | undefined;
  readonly errors: Record<string, unknown>[] = [];
  private readonly user: TestUser;
  private readonly options: { deliveries?: number; client?: string; groups?: string[] };

  constructor(services: SignInServices, user: TestUser, options: CognitoDriver['options'] = {}) {
    this.user = user;
    this.options = options;
    const handler = signInTrigger(services, (entry) => this.errors.push(entry));
    this.call = async (event) => {
      let last = await handler(structuredClone(event));
      for (let delivery = 1; delivery < (options.deliveries ?? 1); delivery += 1) {
        last = await handler(structuredClone(event));
      }
      return last as { response: Record<string, unknown> };
    };
  }

  private event(triggerSource: string, request: Record<string, unknown>) {
    const { sub, email, exists, status = 'CONFIRMED', emailVerified = true } = this.user;
    return {
      version: '1',
      region: 'eu-west-1',
      userPoolId: 'eu-west-1_Test',
      userName: exists ? sub : email,
      callerContext: { awsSdkVersion: 'test', clientId: this.options.client ?? '1h57kf5cpq17m0eml12EXAMPLE' },
      triggerSource,
      request: {
        userAttributes: exists
          ? { sub, email, email_verified: `${emailVerified}`, 'cognito:user_status': status }
          : {},
        userNotFound: !exists,
        ...request,
      },
      response: {},
    };
  }

  /** InitiateAuth with SRP_A and the right password in PASSWORD_VERIFIER. */
  async password(metadata: Metadata = {}): Promise<Outcome> {
    this.session = [{ challengeName: 'SRP_A', challengeResult: true, challengeMetadata: null }];
    const first = await this.call(
      this.event('DefineAuthChallenge_Authentication', { session: this.session }),
    );
    if (first.response.challengeName !== 'PASSWORD_VERIFIER') return { state: 'failed' };
    this.session.push({ challengeName: 'PASSWORD_VERIFIER', challengeResult: true, challengeMetadata: null });
    return this.define(metadata);
  }

  /** InitiateAuth without SRP_A: Define is asked at once, and sees no metadata. */
  async start(): Promise<Outcome> {
    this.session = [];
    return this.define({});
  }

  /** The session array of somebody whose password was right, before anything was asked of Define. */
  async passwordOnly(): Promise<{ session: Entry[] }> {
    const passed = (challengeName: string) => ({
      challengeName,
      challengeResult: true,
      challengeMetadata: null,
    });
    return { session: [passed('SRP_A'), passed('PASSWORD_VERIFIER')] };
  }

  async answer(challengeAnswer: string, clientMetadata: Metadata = {}): Promise<Outcome> {
    const { privateParameters, metadata } = this.pending ?? { privateParameters: {}, metadata: '' };
    const { response } = await this.call(
      this.event('VerifyAuthChallengeResponse_Authentication', {
        privateChallengeParameters: privateParameters,
        challengeAnswer,
        clientMetadata,
      }),
    );
    this.session.push({
      challengeName: 'CUSTOM_CHALLENGE',
      challengeResult: response.answerCorrect === true,
      challengeMetadata: metadata,
    });
    return this.define(clientMetadata);
  }

  /** One Verify with the parameters of the pending challenge, outside of the session: for races and repetitions. */
  async verifyOnly(challengeAnswer: string): Promise<boolean> {
    const { response } = await this.call(
      this.event('VerifyAuthChallengeResponse_Authentication', {
        privateChallengeParameters: this.pending?.privateParameters,
        challengeAnswer,
        clientMetadata: {},
      }),
    );
    return response.answerCorrect === true;
  }

  /** One Define with a session array of the test's choice. */
  async defineWith(session: Entry[], clientMetadata: Metadata = {}): Promise<Record<string, unknown>> {
    return (await this.call(this.event('DefineAuthChallenge_Authentication', { session, clientMetadata })))
      .response;
  }

  async tokens(
    triggerSource: string,
    clientMetadata: Metadata = {},
    scopes: readonly string[] = ['aws.cognito.signin.user.admin'],
  ): Promise<TokenAnswer> {
    const groups = this.options.groups ?? [];
    const groupConfiguration = {
      groupsToOverride: groups,
      iamRolesToOverride: ['role'],
      preferredRole: 'role',
    };
    const request = { groupConfiguration, clientMetadata, scopes };
    return (await this.call(this.event(triggerSource, request))).response as unknown as TokenAnswer;
  }

  async postAuthentication(clientMetadata: Metadata): Promise<void> {
    await this.call(this.event('PostAuthentication_Authentication', { clientMetadata }));
  }

  private async define(clientMetadata: Metadata): Promise<Outcome> {
    const define = await this.defineWith(this.session, clientMetadata);
    if (define.failAuthentication) return { state: 'failed' };
    if (define.issueTokens) return this.issue(clientMetadata);
    const { response } = await this.call(
      this.event('CreateAuthChallenge_Authentication', {
        challengeName: define.challengeName,
        session: this.session,
        clientMetadata,
      }),
    );
    this.pending = {
      privateParameters: response.privateChallengeParameters as Metadata,
      metadata: String(response.challengeMetadata),
    };
    return { state: 'challenge', parameters: response.publicChallengeParameters as Metadata };
  }

  private async issue(clientMetadata: Metadata): Promise<Outcome> {
    await this.postAuthentication(clientMetadata);
    const answer = await this.tokens('TokenGeneration_Authentication', clientMetadata);
    const { claimsToAddOrOverride: claims } = answer.claimsAndScopeOverrideDetails.accessTokenGeneration;
    return { state: 'tokens', claims, answer };
  }
}

let users = 0;
export const testUser = (over: Partial<TestUser> = {}): TestUser => {
  users += 1;
  return {
    sub: `00000000-0000-4000-8000-${`${users}`.padStart(12, '0')}`,
    email: `u${users}@example.com`,
    exists: true,
    ...over,
  };
};

export interface Place {
  readonly device?: string;
  readonly network?: string;
  readonly id?: string;
  /** Token that takes the place of the device's once a challenge was passed. */
  readonly nextDevice?: string;
  readonly level?: 2;
  readonly audience?: 'sign-in' | 'step-up';
  readonly session?: string;
  /** Whom it names: what was typed, or who it is. @default 'email' */
  readonly by?: 'email' | 'sub';
}

/** A context as the Identity API would mint it for this user. */
export async function contextFor(
  services: SignInServices,
  user: Pick<TestUser, 'email' | 'sub'>,
  place: Place = {},
): Promise<string> {
  const {
    device = 'laptop',
    network = 'home',
    id = services.random.id(),
    audience = 'sign-in',
    nextDevice,
  } = place;
  const context: Omit<RequestContext, 'issuedAt' | 'expiresAt'> = {
    audience,
    id,
    identifier: await testPseudonyms.of('identifier', place.by === 'sub' ? user.sub : user.email),
    ...(place.level && { level: place.level }),
    ...(place.session && { session: place.session }),
    network: await testPseudonyms.of('network', network),
    address: await testPseudonyms.of('address', network),
    device: await testPseudonyms.of('device', device),
    // Minted for this sign-in, unless a test says that it was brought.
    nextDevice: await testPseudonyms.of('device', nextDevice ?? device),
    label: 'Firefox on Windows',
    door: 'sdk',
  };
  return services.contexts.mint(context);
}

export const codeIn = (text: string | undefined): string => /\b\d{8}\b/.exec(text ?? '')?.[0] ?? '';
export const withContext = (context: string) => ({ vestibule_context: context });
