import * as v from 'valibot';
import { AwsError } from '../../platform.ts';
import { groupKeyOf, tracksDevices } from '../devices.ts';
import { type Engine, timestamp } from '../engine.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import type { Device, PasswordVerifier, User } from '../model.ts';
import { pageOf } from '../pages.ts';
import { operation } from '../registry.ts';
import { accessToken, integer, oneOf, poolId, text, username } from '../schema.ts';
import { isUsableVerifier } from '../srp.ts';
import { signedIn } from '../tokens/access.ts';
import { findUser } from './find-user.ts';

const deviceKey = text(1, 55, /^[\w-]+_[0-9a-f-]+$/);
const own = { AccessToken: accessToken, DeviceKey: deviceKey };
const admin = { UserPoolId: poolId, Username: username };
const paging = { Limit: v.optional(integer(0, 60), 60), PaginationToken: v.optional(text(1, 131_072)) };
const status = v.optional(oneOf('remembered', 'not_remembered'), 'not_remembered');

/** Devices of a pool that tracks them. One exists from its confirmation on, with the secret that it chose. */
export const deviceOperations = [
  operation('ConfirmDevice', {
    access: 'token',
    input: v.object({
      ...own,
      DeviceSecretVerifierConfig: v.optional(
        v.object({ PasswordVerifier: text(0, 131_072), Salt: text(0, 131_072) }),
      ),
      DeviceName: v.optional(text(1, 1024)),
    }),
    handle: async (engine, input, apiCall) => {
      const { pool, user, deviceKey: issued } = signedIn(engine, apiCall, input.AccessToken);
      if (!tracksDevices(pool) || input.DeviceKey !== issued) {
        throw invalidParameter('Invalid device key given.');
      }
      const verifier = readVerifier(input.DeviceSecretVerifierConfig);
      const asks = pool.settings.DeviceConfiguration?.DeviceOnlyRememberedOnUserPrompt === true;
      const now = engine.cloud.clock.now();
      const device: Device = {
        groupKey: groupKeyOf(engine, input.DeviceKey),
        verifier,
        ...(input.DeviceName ? { name: input.DeviceName } : {}),
        remembered: !asks,
        lastIp: apiCall.sourceIp,
        createdAt: now,
        updatedAt: now,
        lastUsedAt: now,
      };
      await engine.directory.update(user, ({ devices = {} }) => {
        if (devices[input.DeviceKey]) {
          throw new AwsError('DeviceKeyExistsException', 'Device key already exists for the user.');
        }
        return { devices: { ...devices, [input.DeviceKey]: device } };
      });
      return { UserConfirmationNecessary: asks };
    },
  }),
  operation('UpdateDeviceStatus', {
    access: 'token',
    input: v.object({ ...own, DeviceRememberedStatus: status }),
    handle: (engine, input, call) =>
      remember(
        engine,
        signedIn(engine, call, input.AccessToken).user,
        input.DeviceKey,
        input.DeviceRememberedStatus,
      ),
  }),
  operation('AdminUpdateDeviceStatus', {
    access: 'iam',
    input: v.object({ ...admin, DeviceKey: deviceKey, DeviceRememberedStatus: status }),
    handle: (engine, input) =>
      remember(engine, findUser(engine, input), input.DeviceKey, input.DeviceRememberedStatus),
  }),
  operation('GetDevice', {
    access: 'token',
    input: v.object({ DeviceKey: deviceKey, AccessToken: accessToken }),
    handle: (engine, input, call) => show(signedIn(engine, call, input.AccessToken).user, input.DeviceKey),
  }),
  operation('AdminGetDevice', {
    access: 'iam',
    input: v.object({ ...admin, DeviceKey: deviceKey }),
    handle: (engine, input) => show(findUser(engine, input), input.DeviceKey),
  }),
  operation('ListDevices', {
    access: 'token',
    input: v.object({ AccessToken: accessToken, ...paging }),
    handle: (engine, input, call) => list(signedIn(engine, call, input.AccessToken).user, input),
  }),
  operation('AdminListDevices', {
    access: 'iam',
    input: v.object({ ...admin, ...paging }),
    handle: (engine, input) => list(findUser(engine, input), input),
  }),
  operation('ForgetDevice', {
    access: 'token',
    input: v.object({ DeviceKey: deviceKey, AccessToken: accessToken }),
    handle: (engine, input, call) =>
      forget(engine, signedIn(engine, call, input.AccessToken).user, input.DeviceKey),
  }),
  operation('AdminForgetDevice', {
    access: 'iam',
    input: v.object({ ...admin, DeviceKey: deviceKey }),
    handle: (engine, input) => forget(engine, findUser(engine, input), input.DeviceKey),
  }),
];

/** Both are base64 of the numbers' bytes. */
function readVerifier(given: { PasswordVerifier: string; Salt: string } | undefined): PasswordVerifier {
  const [salt, verifier] = [given?.Salt, given?.PasswordVerifier].map((value) =>
    Buffer.from(value ?? '', 'base64').toString('hex'),
  );
  if (!salt || !verifier || !isUsableVerifier(verifier))
    throw invalidParameter('Invalid device secret verifier given.');
  return { salt, verifier };
}

async function remember(
  engine: Engine,
  user: User,
  key: string,
  wanted: 'remembered' | 'not_remembered',
): Promise<object> {
  await engine.directory.update(user, (current) => {
    const device = {
      ...find(current, key),
      remembered: wanted === 'remembered',
      updatedAt: engine.cloud.clock.now(),
    };
    return { devices: { ...current.devices, [key]: device } };
  });
  return {};
}

/** Its tokens can be refreshed no more: a refresh names the device. */
async function forget(engine: Engine, user: User, key: string): Promise<object> {
  await engine.directory.update(user, (current) => {
    find(current, key);
    const { [key]: _forgotten, ...devices } = current.devices ?? {};
    return { devices };
  });
  return {};
}

const show = (user: User, key: string) => ({ Device: described([key, find(user, key)]) });

function list({ devices = {} }: User, input: { Limit: number; PaginationToken?: string | undefined }) {
  const { items, next } = pageOf(Object.entries(devices), input.Limit || 60, input.PaginationToken);
  return { Devices: items.map(described), ...(next ? { PaginationToken: next } : {}) };
}

function find({ devices }: User, key: string): Device {
  const device = devices?.[key];
  if (!device) throw resourceNotFound('Device does not exist.');
  return device;
}

const described = ([key, device]: [string, Device]) => ({
  DeviceKey: key,
  DeviceAttributes: [
    { Name: 'device_status', Value: 'valid' },
    { Name: 'device_name', Value: device.name ?? key },
    { Name: 'dev:device_remembered_status', Value: device.remembered ? 'remembered' : 'not_remembered' },
    { Name: 'last_ip_used', Value: device.lastIp },
  ],
  DeviceCreateDate: timestamp(device.createdAt),
  DeviceLastModifiedDate: timestamp(device.updatedAt),
  DeviceLastAuthenticatedDate: timestamp(device.lastUsedAt),
});
