import { type IssuedTokens, RefreshTokenReused, signInError } from '../../adapters/cognito-sign-in.ts';
import type { SessionAssurance as RaisedAssurance } from '../../adapters/session-states.ts';
import type { RouteHandler, RouteRequest } from '../../api/types.ts';
import { sessionMetadataKey } from '../../core/risk/context.ts';
import { isReplaced } from '../../core/session/browser-session.ts';
import { isSessionOver } from '../../core/session/cutoff.ts';
import { isSessionAlive, levelNow } from '../../core/session/lifetimes.ts';
import { cookieOf, keepInCookie, requireIntended } from './browser.ts';
import { type EndReason, endReused, endSession } from './end-session.ts';
import {
  cognitoOf,
  keyOfHandle,
  type RefreshHandle,
  type SessionAssurance,
  type SessionServices,
  sealRefreshToken,
} from './services.ts';

/**
 * New tokens, or a new cookie for a browser. What the session once proved travels sealed in the refresh token; two reads
 * at once (0.5 RRU each) tell whether it was ended or raised. The token trigger cannot tell: Cognito does not show it
 * which session it is, nor its age.
 */
export const postRefresh =
  (services: SessionServices): RouteHandler<'POST /v1/sessions/refresh'> =>
  async (request) => {
    const { refreshToken } = request.body;
    return refreshToken === undefined
      ? refreshCookie(services, request)
      : refreshTokens(services, refreshToken);
  };

async function refreshTokens(services: SessionServices, sealed: string) {
  const handle = await services.refreshTokens.open(sealed);
  if (!handle) throw signInError('SESSION_REJECTED');
  const tokens = await refresh(services, handle);
  return {
    status: 200 as const,
    body: {
      accessToken: tokens.accessToken,
      idToken: tokens.idToken,
      refreshToken: await sealRefreshToken(services, tokens, tokens.refreshToken ?? handle.token),
      expiresInSeconds: tokens.expiresInSeconds,
      tokenType: 'Bearer' as const,
    },
  };
}

/** The browser gets another identifier; the old one is good for a lost answer, and after that a sign of theft. */
async function refreshCookie(services: SessionServices, request: Pick<RouteRequest, 'headers' | 'cookies'>) {
  const { browsers, clock } = services;
  const cookie = cookieOf(request);
  const session = cookie === undefined ? undefined : await browsers.find(cookie);
  if (!cookie || !session) throw signInError('SESSION_REJECTED');
  requireIntended(services, request, session);
  const sealed = await browsers.refreshToken(cookie);
  const handle = sealed === undefined ? undefined : await services.refreshTokens.open(sealed);
  if (!handle) throw signInError('SESSION_REJECTED');
  const now = Math.floor(clock.now() / 1000);
  if (isReplaced(session, now)) {
    await endReused(services, handle);
    throw signInError('SESSION_REJECTED');
  }
  const seenAt = Math.max(handle.seenAt, session.seenAt); // every request of a browser counts as use
  const tokens = await refresh(services, { ...handle, seenAt });
  const { cookies, body } = await keepInCookie(services, tokens, tokens.refreshToken ?? handle.token, {
    csrf: session.csrf,
  });
  await browsers.replaced(cookie, now);
  return { status: 200 as const, cookies, body };
}

/** @throws CiamError `SESSION_REJECTED` for a session that is over; it is ended then, so that it stays over */
async function refresh(services: SessionServices, handle: RefreshHandle): Promise<IssuedTokens> {
  const [state, cutoff] = await Promise.all([
    services.states.find(keyOfHandle(handle)),
    services.cutoff(handle.sub),
  ]);
  const over = whyOver(services, handle, { isEnded: state?.isEnded === true, cutoff });
  if (over) {
    await endSession(services, handle, [over]); // changes nothing where it had ended before
    throw signInError('SESSION_REJECTED');
  }
  const assurance = await currentAssurance(services, handle, state?.assurance);
  try {
    return await cognitoOf(services, handle).refresh(
      handle.token,
      await statement(services, handle, assurance),
    );
  } catch (error) {
    if (!(error instanceof RefreshTokenReused)) throw error;
    await endReused(services, handle);
    throw signInError('SESSION_REJECTED', error);
  }
}

function whyOver(
  { clock, lifetimes }: Pick<SessionServices, 'clock' | 'lifetimes'>,
  handle: RefreshHandle,
  { isEnded, cutoff }: { isEnded: boolean; cutoff: Parameters<typeof isSessionOver>[1] },
): EndReason | undefined {
  const now = clock.now() / 1000;
  if (isEnded) return 'ENDED_BEFORE';
  if (isSessionOver({ startedAt: handle.startedAt, sessionKey: keyOfHandle(handle) }, cutoff))
    return 'PASSWORD_RESET';
  if (isSessionAlive(handle, lifetimes, now)) return undefined;
  return isSessionAlive({ ...handle, seenAt: now }, lifetimes, now) ? 'IDLE' : 'EXPIRED';
}

/**
 * What the session still has: as its tokens say, or as a step-up raised it, for as long as that lasts. A raised level that
 * went unused for too long is taken back, because the authorizer sees only the minutes of a token.
 */
async function currentAssurance(
  { states, lifetimes, clock }: Pick<SessionServices, 'states' | 'lifetimes' | 'clock'>,
  handle: RefreshHandle,
  raised: RaisedAssurance | undefined,
): Promise<SessionAssurance | undefined> {
  if (!handle.assurance) return undefined;
  const { flow, level, methods } = handle.assurance;
  const proof = raised ?? { level, methods, authenticatedAt: handle.startedAt };
  const times = { authenticatedAt: proof.authenticatedAt, seenAt: handle.seenAt };
  const left = levelNow(proof.level, times, lifetimes, clock.now() / 1000);
  if (raised?.level === 2 && left === 1) await states.lapse(keyOfHandle(handle));
  return { flow, level: left === 2 ? 2 : 1, methods: proof.methods };
}

async function statement(
  { sessions, random, clientId }: SessionServices,
  { sub }: RefreshHandle,
  assurance: SessionAssurance | undefined,
): Promise<Record<string, string>> {
  if (!assurance) return {};
  const minted = await sessions.mint({ id: random.id(), sub, client: clientId, ...assurance });
  return { [sessionMetadataKey]: minted };
}
