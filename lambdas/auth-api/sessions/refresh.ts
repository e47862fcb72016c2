import { type IssuedTokens, RefreshTokenReused, signInError } from '../../adapters/cognito-sign-in.ts';
import { derivedEventId } from '../../adapters/event-ids.ts';
import type { RouteHandler } from '../../api/types.ts';
import type { AuditEvent } from '../../core/audit/event.ts';
import type { Sub } from '../../core/ids.ts';
import { sessionMetadataKey } from '../../core/risk/context.ts';
import { isSessionOver } from '../../core/session/cutoff.ts';
import { type RefreshHandle, type SessionServices, sealRefreshToken } from './services.ts';

/**
 * New tokens. What the session once proved travels sealed in the refresh token; two reads at once (0.5 RRU each) tell
 * whether it was ended, by itself or by a new password. The token trigger cannot tell: Cognito does not show it which
 * session it is, nor its age.
 */
export const postRefresh =
  (services: SessionServices): RouteHandler<'POST /v1/sessions/refresh'> =>
  async (request) => {
    const handle = await services.refreshTokens.open(request.body.refreshToken);
    if (!handle) throw signInError('SESSION_REJECTED');
    const [isEnded, endedUntil] = await Promise.all([
      services.isEnded(handle.originJti),
      services.endedUntil(handle.sub),
    ]);
    if (isEnded || isSessionOver(handle.startedAt, endedUntil)) {
      await endSession(services, handle, ['PASSWORD_RESET']); // changes nothing where it had ended before
      throw signInError('SESSION_REJECTED');
    }
    const tokens = await refresh(services, handle);
    return {
      status: 200,
      body: {
        accessToken: tokens.accessToken,
        idToken: tokens.idToken,
        refreshToken: await sealRefreshToken(services, tokens, tokens.refreshToken ?? handle.token),
        expiresInSeconds: tokens.expiresInSeconds,
        tokenType: 'Bearer',
      },
    };
  };

async function refresh(services: SessionServices, handle: RefreshHandle): Promise<IssuedTokens> {
  try {
    return await services.cognito.refresh(handle.token, await statement(services, handle));
  } catch (error) {
    if (!(error instanceof RefreshTokenReused)) throw error;
    await endSession(services, handle, ['REFRESH_TOKEN_REUSED']);
    throw signInError('SESSION_REJECTED', error);
  }
}

async function statement(
  { sessions, random, clientId }: SessionServices,
  { sub, assurance }: RefreshHandle,
): Promise<Record<string, string>> {
  if (!assurance) return {};
  const minted = await sessions.mint({ id: random.id(), sub, client: clientId, level: 1, ...assurance });
  return { [sessionMetadataKey]: minted };
}

/** Access tokens die with the next look of the authorizer, then the family of refresh tokens; both can be repeated. */
export async function endSession(
  { cognito, ended, clock, clientId }: SessionServices,
  { token, sub, originJti }: RefreshHandle,
  reasons: readonly string[],
): Promise<void> {
  const now = clock.now();
  const event: AuditEvent = {
    v: 1,
    id: derivedEventId(now, originJti, 'session.ended'),
    type: 'session.ended',
    at: new Date(now).toISOString(),
    subject: { sub: sub as Sub },
    actor: reasons.length > 0 ? 'system' : 'self',
    outcome: 'success',
    reasons,
    door: 'api',
    client: clientId,
  };
  if (originJti) await ended.end(originJti, event);
  await cognito.revoke(token);
}
