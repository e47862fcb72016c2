import type { RouteHandler } from '../../api/types.ts';
import { contextLifetimeSeconds } from '../../core/risk/context.ts';
import { deviceCookie } from '../../core/session/device.ts';
import { deviceAnswer, deviceOf, requestOf } from '../requester.ts';
import { type SessionServices, signInContext } from './services.ts';

/** Door of SDK clients. Looks at no account, so its answer says nothing about one. No reads, no writes. */
export const postContext =
  (services: SessionServices): RouteHandler<'POST /v1/contexts'> =>
  async (request) => {
    const device = deviceOf(request);
    const typed = { field: 'identifier', value: request.body.identifier } as const;
    const asked = await requestOf(services.pseudonyms, request, device, typed);
    const audience = request.body.use ?? 'sign-in';
    const { cookies, deviceToken } = deviceAnswer(device);
    // An app sets the header itself; a cookie may be somebody else's doing and is learned only where we mint it.
    const isOwn = device.isNew || request.cookies[deviceCookie] === undefined;
    const nextDevice = isOwn ? { nextDevice: asked.requester.device } : {};
    return {
      status: 201,
      cookies,
      body: {
        context: await signInContext(services, asked, { audience, door: 'sdk', ...nextDevice }),
        expiresInSeconds: contextLifetimeSeconds,
        ...(deviceToken && { deviceToken }),
      },
    };
  };
