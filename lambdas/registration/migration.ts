import type { UserMigrationTriggerEvent } from 'aws-lambda';
import { CiamError } from '../core/errors.ts';
import { canonicalIdentifier } from '../core/identifier.ts';
import { type MigrationPorts, provePassword, recoverWaiting } from '../core/migration/first-sign-in.ts';
import type { WaitingPerson } from '../core/migration/record.ts';

type Response = UserMigrationTriggerEvent['response'];

/**
 * UserMigration: Cognito knows nobody of this name and asks. An answer without attributes means that we do not either;
 * everybody whom we do not vouch for gets that one.
 */
export async function migrationAnswer(
  ports: MigrationPorts | undefined,
  event: UserMigrationTriggerEvent,
): Promise<Response> {
  if (!ports) throw new CiamError('REGISTRATION_REFUSED', 'Migration is not enabled.');
  const attempt = { userName: event.userName, client: event.callerContext.clientId };
  if (event.triggerSource === 'UserMigration_ForgotPassword') {
    const person = await recoverWaiting(ports, attempt);
    return person ? withAccount(event, person, 'RESET_REQUIRED') : event.response;
  }
  const { password } = event.request;
  if (!password || password.length > maxPasswordLength) return event.response;
  const person = await provePassword(ports, attempt, password);
  return person ? withAccount(event, person, 'CONFIRMED') : event.response;
}

/** Cognito's own limit; what is longer could not be kept as a password. */
const maxPasswordLength = 256;

const withAccount = (
  { response }: UserMigrationTriggerEvent,
  { email, locale }: WaitingPerson,
  finalUserStatus: 'CONFIRMED' | 'RESET_REQUIRED',
): Response => ({
  ...response,
  // Only verified addresses were imported, and the legacy system vouched for the others.
  userAttributes: { email, email_verified: 'true', ...(locale && { locale }) },
  finalUserStatus,
  messageAction: 'SUPPRESS',
  desiredDeliveryMediums: ['EMAIL'],
  forceAliasCreation: false,
});

/**
 * An address whose owner waits is taken: an account made now would keep the old password from working, for the sake of
 * somebody who need not even own the mailbox. The owner is told by mail and gets in with the old password or a new one.
 * @throws CiamError `ADDRESS_TAKEN`
 */
export async function refuseWaitingAddress(ports: MigrationPorts | undefined, email: string): Promise<void> {
  const identifier = ports && canonicalIdentifier(email);
  if (!identifier) return;
  if (await ports.waiting.find(await ports.pseudonyms.of('identifier', identifier))) {
    throw new CiamError('ADDRESS_TAKEN', 'This address is taken.');
  }
}
