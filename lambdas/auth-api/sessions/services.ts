import type { CognitoSignIn, IssuedTokens } from '../../adapters/cognito-sign-in.ts';
import type { ContextTokens } from '../../adapters/context-tokens.ts';
import type { EndedSessions } from '../../adapters/ended-sessions.ts';
import type { RiskCounters } from '../../adapters/risk-counters.ts';
import type { Sealed } from '../../adapters/sealed.ts';
import type { ReadSessionCutoff } from '../../adapters/session-cutoffs.ts';
import type { ReadSessionEnding } from '../../adapters/session-endings.ts';
import type { SessionTokens } from '../../adapters/session-tokens.ts';
import type { Request } from '../../core/registration/requester.ts';
import type { Method } from '../../core/risk/decision.ts';
import type { Clock, Pseudonyms, Random } from '../../ports.ts';

/** What the routes of signing in work with. */
export interface SessionServices {
  readonly cognito: CognitoSignIn;
  readonly contexts: Pick<ContextTokens, 'mint'>;
  readonly sessions: Pick<SessionTokens, 'mint'>;
  readonly flows: Sealed<FlowHandle>;
  readonly refreshTokens: Sealed<RefreshHandle>;
  readonly counters: Pick<RiskCounters, 'count'>;
  readonly ended: EndedSessions;
  readonly isEnded: ReadSessionEnding;
  readonly endedUntil: ReadSessionCutoff;
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
  /** Flow id, as the challenge parameters named it. */
  readonly flow: string;
  /** Pseudonym of the device that began: an answer from another one is refused. */
  readonly device: string;
  /** Minted for this sign-in and not yet confirmed to have arrived. */
  readonly deviceToken?: string;
}

/** A refresh token of Cognito with what its session has proven, so that a refresh needs no look-up. */
export interface RefreshHandle {
  readonly token: string;
  readonly sub: string;
  readonly originJti: string;
  /** Epoch seconds of the sign-in. */
  readonly startedAt: number;
  readonly assurance?: { readonly flow: string; readonly methods: readonly Method[] };
}

/** Cognito's longest authentication session; Cognito itself ends a shorter one. */
export const flowHandleSeconds = 900;
/** Cognito's longest refresh validity; the pool's own end counts. */
export const refreshHandleSeconds = 3_650 * 86_400;

export const signInContext = (
  { contexts, random }: Pick<SessionServices, 'contexts' | 'random'>,
  { pseudonym, requester }: Request,
  use: { audience: 'sign-in' | 'registration'; door: 'api' | 'sdk' },
): Promise<string> =>
  contexts.mint({
    ...use,
    id: random.id(),
    identifier: pseudonym,
    network: requester.network,
    address: requester.address,
    device: requester.device,
    label: requester.label,
  });

interface TokenClaims {
  readonly sub: string;
  readonly origin_jti?: string;
  readonly auth_time?: number;
  readonly 'vestibule:flow'?: string;
  readonly 'vestibule:methods'?: readonly Method[];
}

/** Read without verification: the token came straight from Cognito over this very connection. */
export function claimsOf({ accessToken }: Pick<IssuedTokens, 'accessToken'>): TokenClaims {
  const [, payload = ''] = accessToken.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as TokenClaims;
}

/** Seals Cognito's refresh token together with the assurance that the tokens beside it name. */
export async function sealRefreshToken(
  { refreshTokens }: Pick<SessionServices, 'refreshTokens'>,
  tokens: IssuedTokens,
  token: string,
): Promise<string> {
  const claims = claimsOf(tokens);
  const { 'vestibule:flow': flow, 'vestibule:methods': methods } = claims;
  return refreshTokens.seal({
    token,
    sub: claims.sub,
    originJti: claims.origin_jti ?? '',
    startedAt: claims.auth_time ?? 0,
    ...(flow && methods && { assurance: { flow, methods } }),
  });
}
