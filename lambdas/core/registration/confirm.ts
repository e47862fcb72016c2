import { CiamError } from '../errors.ts';
import type { PendingRegistration } from './ports.ts';
import { handleHash, type RegistrationPorts } from './register.ts';
import type { Request } from './requester.ts';

type ConfirmationPorts = Pick<RegistrationPorts, 'directory' | 'pending' | 'pseudonyms'>;

/** One line for wrong, expired, used, too often, unknown address, foreign registration. */
export const codeRejected = (): CiamError =>
  new CiamError('CODE_REJECTED', 'This code is not valid, or no longer. Ask for a new one.', {
    fields: [{ pointer: '/code', detail: 'is not valid' }],
  });

/**
 * Proves the address with the mailed code. Profile, consents and event are written by the PostConfirmation trigger.
 * @throws CiamError `CODE_REJECTED`; the directory is not asked when the handle is not the one of this registration
 */
export async function confirmRegistration(
  ports: ConfirmationPorts,
  request: Request,
  proof: { handle: string; code: string; context: string },
): Promise<void> {
  const pending = await ownRegistration(ports, request, proof.handle);
  if (!pending) throw codeRejected();
  if (!(await ports.directory.confirmSignUp(request.identifier, proof.code, proof.context)))
    throw codeRejected();
}

/** Sends the code again, to those who registered; everybody else gets the same answer. */
export async function resendCode(ports: ConfirmationPorts, request: Request, handle: string): Promise<void> {
  const pending = await ownRegistration(ports, request, handle);
  if (pending) await ports.directory.resendConfirmation(request.identifier, pending.locale);
}

async function ownRegistration(
  { pending, pseudonyms }: ConfirmationPorts,
  { pseudonym }: Request,
  handle: string,
): Promise<PendingRegistration | undefined> {
  // Both at once, so that the time is the same with and without a registration under way.
  const [found, hash] = await Promise.all([pending.find(pseudonym), handleHash(pseudonyms, handle)]);
  return found?.sub && found.handle === hash ? found : undefined;
}
