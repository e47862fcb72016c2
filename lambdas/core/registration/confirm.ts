import { CiamError } from '../errors.ts';
import { isRegisteringDevice } from './first-device.ts';
import type { PendingRegistration } from './ports.ts';
import { handleHash, type RegistrationPorts } from './register.ts';
import { addressEvent, type Request } from './requester.ts';

type EventPorts = Pick<RegistrationPorts, 'outbox' | 'clock' | 'random'>;
type ConfirmationPorts = Pick<RegistrationPorts, 'directory' | 'pending' | 'pseudonyms'> & EventPorts;

/** One line for wrong, expired, used, too often, unknown address, foreign registration. */
const codeRejected = (): CiamError =>
  new CiamError('CODE_REJECTED', 'This code is not valid, or no longer. Ask for a new one.', {
    fields: [{ pointer: '/code', detail: 'is not valid' }],
  });

/** The event first, about the address: the same for an account, a registration under way and nobody. */
export async function rejectedCode(
  { outbox, clock, random }: EventPorts,
  request: Request,
  type: 'registration.refused' | 'password.reset-refused',
): Promise<CiamError> {
  const now = clock.now();
  const refusal = { outcome: 'refused', reasons: ['CODE_REJECTED'] } as const;
  await outbox.put(addressEvent(request, { id: random.ulid(now), now, type, ...refusal }));
  return codeRejected();
}

/**
 * Proves the address with the mailed code. Profile, consents and event are written by the PostConfirmation trigger.
 * @returns whether the code came from the device that registered
 * @throws CiamError `CODE_REJECTED`; the directory is not asked when the handle is not the one of this registration
 */
export async function confirmRegistration(
  ports: ConfirmationPorts,
  request: Request,
  proof: { handle: string; code: string; context: string },
): Promise<{ readonly sameDevice: boolean }> {
  const pending = await ownRegistration(ports, request, proof.handle);
  const isProven =
    pending !== undefined &&
    (await ports.directory.confirmSignUp(request.identifier, proof.code, proof.context));
  if (!isProven) throw await rejectedCode(ports, request, 'registration.refused');
  return { sameDevice: isRegisteringDevice(pending.device, request.requester.device) };
}

/** Sends the code again, to those who registered; everybody else gets the same answer. */
export async function resendCode(
  ports: Omit<ConfirmationPorts, keyof EventPorts>,
  request: Request,
  handle: string,
): Promise<void> {
  const pending = await ownRegistration(ports, request, handle);
  if (pending) await ports.directory.resendConfirmation(request.identifier, pending.locale, pending.brand);
}

async function ownRegistration(
  { pending, pseudonyms }: Pick<ConfirmationPorts, 'pending' | 'pseudonyms'>,
  { pseudonym }: Request,
  handle: string,
): Promise<PendingRegistration | undefined> {
  // Both at once, so that the time is the same with and without a registration under way.
  const [found, hash] = await Promise.all([pending.find(pseudonym), handleHash(pseudonyms, handle)]);
  return found?.sub && found.handle === hash ? found : undefined;
}
