import type { RouteHandler } from '../../api/types.ts';
import { endSession } from './refresh.ts';
import type { SessionServices } from './services.ts';

/**
 * Ends the session of a refresh token: 1 WRU and one RevokeToken. A token that is none of ours ends nothing and gets
 * the same answer (RFC 7009 §2.2). The subject comes from the sealed token alone; an access token beside it is
 * accepted for clients that send both and proves nothing.
 */
export const postSignOut =
  (services: SessionServices): RouteHandler<'POST /v1/sessions/sign-out'> =>
  async (request) => {
    const handle = await services.refreshTokens.open(request.body.refreshToken);
    if (handle) await endSession(services, handle, []);
    return { status: 204 };
  };
