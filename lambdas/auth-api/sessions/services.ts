import type { BrowserSessions } from '../../adapters/browser-sessions.ts';
import { type CognitoSignIn, type IssuedTokens, signInError } from '../../adapters/cognito-sign-in.ts';
import type { ContextTokens } from '../../adapters/context-tokens.ts';
import type { Flows } from '../../adapters/flows.ts';
import type { PasskeyChallenges } from '../../adapters/passkey-challenges.ts';
import type { RiskCounters } from '../../adapters/risk-counters.ts';
import type { Sealed } from '../../adapters/sealed.ts';
import type { ReadSessionCutoff } from '../../adapters/session-cutoffs.ts';
import type { SessionStates } from '../../adapters/session-states.ts';
import type { SessionTokens } from '../../adapters/session-tokens.ts';
import type { Request } from '../../core/registration/requester.ts';
import type { RequestContext } from '../../core/risk/context.ts';
import type { ChallengeMethod, Method } from '../../core/risk/decision.ts';
import type { AssuranceLevel } from '../../core/session/assurance.ts';
import { sessionKeyOf } from '../../core/session/key.ts';
import type { SessionLifetimes } from '../../core/session/lifetimes.ts';
import type { AuditOutbox, Clock, Pseudonyms, Random } from '../../ports.ts';
import type { ProviderSignIn } from './provider.ts';
import type { StepUpHandle } from './step-up.ts';

/** What the routes of signing in work with. */
export interface SessionServices {
  readonly cognito: CognitoSignIn;
  /** Sessions that began with a provider on the portal's pages: their tokens are those of its own client. */
  readonly providerSessions?: Pick<CognitoSignIn, 'refresh' | 'revoke'>;
  readonly providers?: ProviderSignIn;
  /**
   * Whether a password may take the place of one that an administrator gave: our rules, before Cognito's answer spends the
   * session.
   * @throws CiamError `PASSWORD_REFUSED`
   */
  readonly requireGoodPassword: (password: string) => Promise<void>;
  readonly contexts: Pick<ContextTokens, 'mint'>;
  readonly sessions: Pick<SessionTokens, 'mint'>;
  readonly flows: Sealed<FlowHandle>;
  readonly refreshTokens: Sealed<RefreshHandle>;
  readonly stepUps: Sealed<StepUpHandle>;
  /** What our triggers recorded about a flow. */
  readonly flowRecords: Pick<Flows, 'find'>;
  readonly passkeyChallenges: Pick<PasskeyChallenges, 'mint'>;
  /** Domain of our passkeys. */
  readonly relyingPartyId: string;
  readonly counters: Pick<RiskCounters, 'count'>;
  readonly states: Pick<SessionStates, 'find' | 'end' | 'raise' | 'lapse'>;
  readonly cutoff: ReadSessionCutoff;
  readonly browsers: BrowserSessions;
  readonly lifetimes: SessionLifetimes;
  /** Origins whose pages may hold a session in a cookie; exact. */
  readonly origins: readonly string[];
  readonly outbox: AuditOutbox;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly random: Random;
  /** App client whose tokens these are. */
  readonly clientId: string;
}

/** A sign-in between two calls; the client keeps it sealed. */
export interface FlowHandle {
  /** Cognito's session: single use, and so is the handle. */
  readonly session: string;
  readonly username: string;
  readonly context: string;
  /** Flow id, as the challenge parameters named it; empty before there is one. */
  readonly flow: string;
  /** What the next answer is, where it is not one to our challenge. */
  readonly next?: 'new-password';
  /** What the client asked for, to go on with after a new password. */
  readonly method?: ChallengeMethod;
  /** Pseudonym of the device that began: an answer from another one is refused. */
  readonly device: string;
  /** Minted for this sign-in and not yet confirmed to have arrived. */
  readonly deviceToken?: string;
  /** Takes the place of the device's token when the challenge is passed. */
  readonly nextDeviceToken?: string;
  /** Where the session is to live: tokens go to the client, or a cookie does. */
  readonly mode?: 'cookie';
}

/** A refresh token of Cognito with what its session has proven, so that a refresh needs no look-up. */
export interface RefreshHandle {
  readonly token: string;
  readonly sub: string;
  readonly originJti: string;
  /** Epoch seconds of the sign-in. */
  readonly startedAt: number;
  /** Epoch seconds of the last refresh, or of the sign-in. */
  readonly seenAt: number;
  readonly assurance?: SessionAssurance;
  /** App client, where it is not the Identity API's own. */
  readonly client?: string;
}

/** What a session had proven when its tokens were made. */
export interface SessionAssurance {
  readonly flow: string;
  readonly level: AssuranceLevel;
  readonly methods: readonly Method[];
}

/** Cognito's longest authentication session; Cognito itself ends a shorter one. */
export const flowHandleSeconds = 900;
/** Cognito's longest refresh validity; the pool's own end counts. */
export const refreshHandleSeconds = 3_650 * 86_400;

export const signInContext = (
  { contexts, random }: Pick<SessionServices, 'contexts' | 'random'>,
  { pseudonym, requester }: Request,
  use: Pick<RequestContext, 'audience' | 'door' | 'level' | 'session' | 'nextDevice'>,
): Promise<string> =>
  contexts.mint({
    ...use,
    ...requester,
    id: random.id(),
    identifier: pseudonym,
  });

interface TokenClaims {
  readonly sub: string;
  readonly origin_jti?: string;
  readonly auth_time?: number;
  readonly client_id?: string;
  readonly scope?: string;
  readonly 'vestibule:flow'?: string;
  readonly 'vestibule:aal'?: AssuranceLevel;
  readonly 'vestibule:methods'?: readonly Method[];
}

/** Read without verification: the token came straight from Cognito over this very connection. */
export function claimsOf({ accessToken }: Pick<IssuedTokens, 'accessToken'>): TokenClaims {
  const [, payload = ''] = accessToken.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as TokenClaims;
}

/** What the tokens say about the session that they belong to. */
export function sessionOf(tokens: IssuedTokens): Omit<RefreshHandle, 'token' | 'seenAt'> {
  const claims = claimsOf(tokens);
  const { 'vestibule:flow': flow, 'vestibule:methods': methods, 'vestibule:aal': level = 1 } = claims;
  return {
    sub: claims.sub,
    originJti: claims.origin_jti ?? '',
    startedAt: claims.auth_time ?? 0,
    ...(flow && methods && { assurance: { flow, level, methods } }),
  };
}

/** Seals Cognito's refresh token together with the assurance that the tokens beside it name. */
export const sealRefreshToken = (
  { refreshTokens, clock, providers }: Pick<SessionServices, 'refreshTokens' | 'clock' | 'providers'>,
  tokens: IssuedTokens,
  token: string,
): Promise<string> => {
  const client = claimsOf(tokens).client_id;
  return refreshTokens.seal({
    token,
    ...sessionOf(tokens),
    seenAt: Math.floor(clock.now() / 1000),
    ...(client !== undefined && client === providers?.clientId && { client }),
  });
};

/** Cognito, as the client that the session's tokens are of. @throws CiamError `SESSION_REJECTED` for one that is gone */
export function cognitoOf(
  { cognito, providerSessions }: Pick<SessionServices, 'cognito' | 'providerSessions'>,
  { client }: Pick<RefreshHandle, 'client'>,
): Pick<CognitoSignIn, 'refresh' | 'revoke'> {
  if (client === undefined) return cognito;
  if (!providerSessions) throw signInError('SESSION_REJECTED');
  return providerSessions;
}

export const keyOfHandle = ({ assurance, originJti }: RefreshHandle): string =>
  sessionKeyOf({ flow: assurance?.flow, originJti });
