import { randomBytes, timingSafeEqual } from 'node:crypto';
import { signInError } from '../../adapters/cognito-sign-in.ts';
import { derivedEventId } from '../../adapters/event-ids.ts';
import { linkRequired, type ProviderDoor } from '../../adapters/provider-door.ts';
import type { Sealed } from '../../adapters/sealed.ts';
import { invalid } from '../../api/problem.ts';
import type { RouteHandler, RouteRequest } from '../../api/types.ts';
import { CiamError } from '../../core/errors.ts';
import type { FlowId, Sub } from '../../core/ids.ts';
import {
  linkCodeIn,
  type ProviderAttempt,
  providerAttemptSeconds,
  providerCookie,
} from '../../core/session/provider-attempt.ts';
import { deviceOf, requesterOf } from '../requester.ts';
import { cookieOf, keepInCookie, requireOwnOrigin } from './browser.ts';
import { type SessionServices, sessionOf } from './services.ts';
import { endFormer } from './sign-in-answer.ts';

/** Signing in with a provider on the portal's own pages; there where the installation has both. */
export interface ProviderSignIn {
  readonly clientId: string;
  /** Names of the configured providers. */
  readonly names: readonly string[];
  readonly door: ProviderDoor;
  readonly attempts: Sealed<ProviderAttempt>;
  /** True once per attempt. */
  readonly spend: (attempt: ProviderAttempt) => Promise<boolean>;
}

const secretBits = (): string => randomBytes(32).toString('base64url');

const cookieWith = (value: string, seconds: number): string =>
  `${providerCookie}=${value}; Max-Age=${seconds}; Path=/; Secure; HttpOnly; SameSite=Lax`;

const unavailable = () => new CiamError('METHOD_UNAVAILABLE', 'There is no such way to sign in here.');

/** Writes nothing: what the answer needs is sealed into a cookie, so that no other browser can bring it to its end. */
export const postProvider =
  (services: SessionServices): RouteHandler<'POST /v1/sessions/provider'> =>
  async (request) => {
    requireOwnOrigin(services, request);
    const { provider, fresh } = request.body;
    const { providers } = services;
    if (!providers?.names.includes(provider)) throw unavailable();
    const attempt: ProviderAttempt = {
      id: services.random.id(),
      state: secretBits(),
      verifier: secretBits(),
      nonce: secretBits(),
      provider,
      ...(fresh && { fresh }),
    };
    const url = await providers.door.authorizeUrl(attempt);
    return {
      status: 200,
      cookies: [cookieWith(await providers.attempts.seal(attempt), providerAttemptSeconds)],
      body: { url, expiresInSeconds: providerAttemptSeconds },
    };
  };

/**
 * Back from the provider. Only the browser that began can end it, and once: 1 WRU for that, 1 for the event, 5 for the
 * session. Everything that is wrong with the attempt or the code is told in one way.
 */
export const postProviderCompletion =
  (services: SessionServices): RouteHandler<'POST /v1/sessions/provider/complete'> =>
  async (request) => {
    requireOwnOrigin(services, request);
    const { state, code, refusal } = request.body;
    if ((code === undefined) === (refusal === undefined)) throw invalid('/code', 'a code, or a refusal');
    const { providers } = services;
    if (!providers) throw unavailable();
    const attempt = await ownAttempt(providers, request, state);
    if (!attempt || !(await providers.spend(attempt))) throw signInError('FLOW_REJECTED');
    if (code === undefined) throw refusalOf(refusal ?? '');
    const tokens = await providers.door.redeem(code, attempt);
    const former = cookieOf(request);
    if (former) await endFormer(services, former);
    const level = attempt.fresh ? 1 : 0;
    await recordBeginning(services, request, sessionOf(tokens), attempt);
    const { cookies, body } = await keepInCookie(services, tokens, tokens.refreshToken, { level });
    return {
      status: 200,
      cookies: [...cookies, cookieWith('', 0)],
      body: { state: 'signed-in', ...body },
    };
  };

async function ownAttempt(
  { attempts }: ProviderSignIn,
  { cookies }: Pick<RouteRequest, 'cookies'>,
  state: string,
): Promise<ProviderAttempt | undefined> {
  const sealed = cookies[providerCookie];
  const attempt = sealed === undefined ? undefined : await attempts.open(sealed);
  return attempt && isSame(attempt.state, state) ? attempt : undefined;
}

const isSame = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

/** A trigger of ours refused the sign-in, or the person did at the provider; Cognito's words go nowhere. */
function refusalOf(refusal: string): CiamError {
  const code = linkCodeIn(refusal);
  return code === undefined ? signInError('FLOW_REJECTED') : linkRequired(code);
}

/** Puts the session on its owner's list, where it can be ended; the sign-in itself is the pool's event. */
async function recordBeginning(
  { clock, outbox, pseudonyms, providers }: SessionServices,
  request: RouteRequest<'POST /v1/sessions/provider/complete'>,
  { sub, originJti }: { readonly sub: string; readonly originJti: string },
  { provider, fresh }: ProviderAttempt,
): Promise<void> {
  const now = clock.now();
  const { network, label } = await requesterOf(pseudonyms, request, deviceOf(request));
  await outbox.put({
    v: 1,
    id: derivedEventId(now, originJti, 'session.begun'),
    type: 'session.begun',
    at: new Date(now).toISOString(),
    subject: { sub: sub as Sub },
    actor: 'self',
    outcome: 'success',
    reasons: [],
    flow: originJti as FlowId,
    door: 'managed-login',
    client: providers?.clientId ?? '',
    network,
    device: label,
    data: { provider, level: fresh ? 1 : 0 },
  });
}
