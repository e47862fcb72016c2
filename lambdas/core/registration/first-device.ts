import type { AuthenticationPolicy } from '../configuration.ts';
import type { Pseudonym } from '../ids.ts';
import type { RequestContext } from '../risk/context.ts';
import { mailCodeProvesDevices } from '../risk/method-policy.ts';
import type { PendingRegistration } from './ports.ts';

/** Where a mailbox was proven from. */
export interface FirstDevice {
  readonly device: Pseudonym;
  readonly network: Pseudonym;
}

/** Devices that accounts were asked for from over an SDK, by Cognito's name for the account. */
export interface SignUpDevices {
  note(userName: string, device: Pseudonym): Promise<void>;
  find(userName: string): Promise<Pseudonym | undefined>;
}

/** @returns whether a confirmation may make a device known at all */
export const learnsFirstDevice = ({ base, clients }: AuthenticationPolicy): boolean =>
  mailCodeProvesDevices([base, ...Object.values(clients)]);

/** The code says who reads the mailbox, the device that it is the one who chose the password. */
export const isRegisteringDevice = (registeredFrom: Pseudonym | undefined, device: Pseudonym): boolean =>
  registeredFrom !== undefined && registeredFrom === device;

/**
 * What a confirmation makes known: the token that takes the place of the registering device's, and the network that the
 * code came from. Never the token that was brought, which somebody may have planted: only the next one that the context
 * names. A registration of our API is confirmed by our API, as nobody else asks for its handle.
 * @param context - genuine, and of this very person
 * @param signedUpFrom - device of a sign-up through an SDK
 */
export function firstDevice(
  context: RequestContext | undefined,
  pending: PendingRegistration | undefined,
  signedUpFrom: Pseudonym | undefined,
): FirstDevice | undefined {
  if (!context?.device || !context.nextDevice) return undefined;
  if ((context.door === 'api') !== (pending !== undefined)) return undefined;
  const registeredFrom = pending ? pending.device : signedUpFrom;
  if (!isRegisteringDevice(registeredFrom, context.device)) return undefined;
  return { device: context.nextDevice, network: context.network };
}
