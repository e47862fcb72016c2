import { type IssuedTokens, type SignInStep, signInError } from '../../adapters/cognito-sign-in.ts';
import type { RouteAnswer } from '../../api/types.ts';
import { deviceCookieOf } from '../requester.ts';
import { keepInCookie } from './browser.ts';
import { endSession } from './end-session.ts';
import { claimsOf, type FlowHandle, type SessionServices, sealRefreshToken } from './services.ts';
import { challengeOf } from './shown-challenge.ts';

export type SignInBody = RouteAnswer<'POST /v1/sessions'>['body'];
type FlowParts = Pick<
  FlowHandle,
  'context' | 'device' | 'deviceToken' | 'nextDeviceToken' | 'mode' | 'method'
> & {
  /** Cookie of a session that the browser has; it ends where another one begins. */
  readonly formerCookie?: string | undefined;
};

export interface SignInAnswer {
  readonly status: 200;
  readonly cookies: readonly string[];
  readonly body: SignInBody;
}

/** A session or the next round, as the client sees it. */
export async function signInAnswer(
  services: SessionServices,
  step: SignInStep,
  { formerCookie, ...parts }: FlowParts,
): Promise<SignInAnswer> {
  const minted = parts.deviceToken;
  // In a browser it is for the HttpOnly cookie alone: what the body says, a script can read.
  const told = (token: string | undefined) =>
    token && parts.mode !== 'cookie' ? { deviceToken: token } : {};
  if (step.kind === 'new-password') {
    const { session, username } = step;
    const flow = await services.flows.seal({ ...parts, session, username, flow: '', next: 'new-password' });
    return {
      status: 200,
      cookies: minted ? [deviceCookieOf(minted)] : [],
      body: { state: 'new-password-required', flow, ...told(minted) },
    };
  }
  if (step.kind === 'challenge') {
    const challenge = challengeOf(step.parameters);
    const { session, username } = step;
    const flow = await services.flows.seal({ ...parts, session, username, flow: challenge.flow });
    return {
      status: 200,
      cookies: minted ? [deviceCookieOf(minted)] : [],
      body: { state: 'challenge', flow, challenge: challenge.shown, ...told(minted) },
    };
  }
  const { refreshToken } = step.tokens;
  if (!refreshToken) throw signInError('UNAVAILABLE', new Error('Cognito: expected a refresh token'));
  const deviceToken = minted ?? (wasChallenged(step.tokens) ? parts.nextDeviceToken : undefined);
  const deviceCookies = deviceToken ? [deviceCookieOf(deviceToken)] : [];
  if (parts.mode === 'cookie') {
    if (formerCookie) await endFormer(services, formerCookie);
    const { cookies, body } = await keepInCookie(services, step.tokens, refreshToken);
    return {
      status: 200,
      cookies: [...cookies, ...deviceCookies],
      body: { state: 'signed-in', ...body },
    };
  }
  const { accessToken, idToken, expiresInSeconds } = step.tokens;
  return {
    status: 200,
    cookies: deviceCookies,
    body: {
      state: 'signed-in',
      accessToken,
      idToken,
      refreshToken: await sealRefreshToken(services, step.tokens, refreshToken),
      expiresInSeconds,
      tokenType: 'Bearer',
      ...told(deviceToken),
    },
  };
}

/** Something beyond the password was proven, so the device's next token is the known one now. */
const wasChallenged = (tokens: IssuedTokens): boolean =>
  (claimsOf(tokens)['vestibule:methods'] ?? []).some((method) => method !== 'password');

/** Whatever the browser's cookie stood for is dead after a sign-in; a cookie that is none of ours ends nothing. */
export async function endFormer(services: SessionServices, cookie: string): Promise<void> {
  const former = await services.browsers.find(cookie);
  if (!former) return;
  const sealed = await services.browsers.refreshToken(cookie);
  const handle = sealed === undefined ? undefined : await services.refreshTokens.open(sealed);
  if (handle) await endSession(services, handle, ['NEW_SIGN_IN']);
  await services.browsers.remove(cookie);
}
