import { randomUUID } from 'node:crypto';
import type { Engine } from './engine.ts';
import type { Device, Pool, User } from './model.ts';

export interface NewDeviceMetadata {
  readonly DeviceKey: string;
  readonly DeviceGroupKey: string;
}

export const tracksDevices = ({ settings }: Pool): boolean => settings.DeviceConfiguration !== undefined;

export function newDevice(engine: Engine): NewDeviceMetadata {
  const key = `${engine.cloud.region}_${randomUUID()}`;
  return { DeviceKey: key, DeviceGroupKey: groupKeyOf(engine, key) };
}

/** Follows from the key, so that a device has one before anything is stored about it. */
export const groupKeyOf = (engine: Engine, deviceKey: string): string =>
  `-${engine.secrets.derive('device-group', deviceKey).toString('hex').slice(0, 8)}`;

/** @returns `undefined` unless the pool tracks devices and the user had this one remembered */
export function rememberedDevice(pool: Pool, user: User, deviceKey: string | undefined): Device | undefined {
  const device = deviceKey && tracksDevices(pool) ? user.devices?.[deviceKey] : undefined;
  return device?.remembered ? device : undefined;
}
