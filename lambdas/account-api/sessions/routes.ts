import { deleteDevice, getDevices, patchDevice } from './device-routes.ts';
import type { OwnSessionServices } from './services.ts';
import { deleteOtherSessions, deleteSession, getSessions, patchSession } from './session-routes.ts';

/** The routes of one's own sessions and devices. */
export const ownSessionRoutes = (services: OwnSessionServices) => ({
  'GET /v1/me/sessions': getSessions(services),
  'PATCH /v1/me/sessions/{id}': patchSession(services),
  'DELETE /v1/me/sessions/{id}': deleteSession(services),
  'DELETE /v1/me/sessions': deleteOtherSessions(services),
  'GET /v1/me/devices': getDevices(services),
  'PATCH /v1/me/devices/{id}': patchDevice(services),
  'DELETE /v1/me/devices/{id}': deleteDevice(services),
});
