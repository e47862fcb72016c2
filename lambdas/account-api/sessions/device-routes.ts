import type { RouteHandler, RouteRequest } from '../../api/types.ts';
import { CiamError } from '../../core/errors.ts';
import { deviceHeader } from '../../core/request-headers.ts';
import { deviceCookie } from '../../core/session/device.ts';
import { ownerOf } from '../owner.ts';
import { friendlyName } from '../security/names.ts';
import type { OwnSessionServices } from './services.ts';

/** Reads: 0.5 RRU per 4 kB. */
export const getDevices =
  (services: OwnSessionServices): RouteHandler<'GET /v1/me/devices'> =>
  async (request) => {
    const [rows, current] = await Promise.all([
      services.rows.devices(request.caller.sub),
      currentDevice(services, request),
    ]);
    const devices = rows
      .map((row) => ({ ...row, current: row.id === current }))
      .toSorted((left, right) => right.lastSeenAt.localeCompare(left.lastSeenAt));
    return { status: 200, body: { devices } };
  };

export const patchDevice =
  (services: OwnSessionServices): RouteHandler<'PATCH /v1/me/devices/{id}'> =>
  async (request) => {
    const { params, body, caller } = request;
    const owner = await ownerOf(request, services);
    const event = owner.event('device.named', { deviceId: params.id });
    const isNamed = await services.rows.rename(
      caller.sub,
      { kind: 'device', id: params.id },
      friendlyName(body.name),
      event,
    );
    if (!isNamed) throw unknownDevice();
    return { status: 204 };
  };

/** What the next sign-in is judged by comes first (1 WRU, with the event), then the list. */
export const deleteDevice =
  (services: OwnSessionServices): RouteHandler<'DELETE /v1/me/devices/{id}'> =>
  async (request) => {
    const { params, caller, arrivedAt } = request;
    const devices = await services.rows.devices(caller.sub);
    if (!devices.some(({ id }) => id === params.id)) throw unknownDevice();
    const owner = await ownerOf(request, services);
    const event = owner.event('device.forgotten', { deviceId: params.id });
    // The history keeps the latest few: one that it has dropped already is forgotten by its event alone.
    if (!(await services.knownDevices.forget(caller.sub, params.id, event))) await services.outbox.put(event);
    await services.rows.forget(caller.sub, params.id, new Date(arrivedAt).toISOString());
    return { status: 204 };
  };

const unknownDevice = (): CiamError => new CiamError('DEVICE_UNKNOWN', 'There is no such device.');

async function currentDevice(
  { pseudonyms }: OwnSessionServices,
  { cookies, headers }: Pick<RouteRequest, 'cookies' | 'headers'>,
): Promise<string | undefined> {
  const token = cookies[deviceCookie] ?? headers[deviceHeader];
  return token === undefined ? undefined : pseudonyms.of('device', token);
}
