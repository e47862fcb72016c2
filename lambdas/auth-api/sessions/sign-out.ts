import type { RouteHandler, RouteRequest } from '../../api/types.ts';
import { clearSessionCookie, cookieOf, requireIntended } from './browser.ts';
import { endSession } from './end-session.ts';
import type { SessionServices } from './services.ts';

/**
 * Ends the session of a refresh token, or of the browser's cookie: 1 WRU and one RevokeToken. A token that is none of ours
 * ends nothing and gets the same answer (RFC 7009 §2.2). The subject comes from the sealed token alone; an access token
 * beside it is accepted for clients that send both and proves nothing.
 */
export const postSignOut =
  (services: SessionServices): RouteHandler<'POST /v1/sessions/sign-out'> =>
  async (request) => {
    const { refreshToken } = request.body;
    if (refreshToken === undefined) return signOutBrowser(services, request);
    const handle = await services.refreshTokens.open(refreshToken);
    if (handle) await endSession(services, handle, []);
    return { status: 204 };
  };

async function signOutBrowser(services: SessionServices, request: Pick<RouteRequest, 'headers' | 'cookies'>) {
  const cookie = cookieOf(request);
  const session = cookie === undefined ? undefined : await services.browsers.find(cookie);
  if (cookie && session) {
    requireIntended(services, request, session);
    const sealed = await services.browsers.refreshToken(cookie);
    const handle = sealed === undefined ? undefined : await services.refreshTokens.open(sealed);
    if (handle) await endSession(services, handle, []);
    await services.browsers.remove(cookie);
  }
  return { status: 204 as const, cookies: cookie === undefined ? [] : [clearSessionCookie] };
}
