import { CiamError } from '../errors.ts';
import { rejectedCode } from './confirm.ts';
import { type PasswordRules, passwordRefused } from './password.ts';
import type { RegistrationPorts } from './register.ts';
import { addressEvent, type Request } from './requester.ts';

type RecoveryPorts = Pick<
  RegistrationPorts,
  'directory' | 'limits' | 'passwords' | 'outbox' | 'clock' | 'random'
>;

/**
 * Has a code mailed, if there is an account. The event is about the address, for the same reason as the answer.
 * @throws CiamError `TOO_MANY_ATTEMPTS` by the address of the caller only
 */
export async function requestPasswordReset(
  { directory, limits, outbox, clock, random }: RecoveryPorts,
  request: Request,
  options: { locale: string; perAddressPerHour: number },
): Promise<void> {
  const now = clock.now();
  const wait = await limits.take(request.requester.address, 'RECOVERIES', options.perAddressPerHour);
  const event = {
    id: random.ulid(now),
    now,
    type: 'password.reset-requested',
    outcome: wait === undefined ? 'success' : 'refused',
    reasons: wait === undefined ? [] : ['ADDRESS_LIMIT'],
  } as const;
  await outbox.put(addressEvent(request, event));
  if (wait !== undefined) {
    throw new CiamError('TOO_MANY_ATTEMPTS', 'Too many requests from this address. Please wait.', {
      retryAfterSeconds: wait,
    });
  }
  await directory.requestPasswordReset(request.identifier, options.locale, request.requester.brand);
}

/**
 * A refused code is an event about the address; what was done with a right one is told by the trigger.
 * @throws CiamError `PASSWORD_REFUSED` by our rules, before the code is looked at; `CODE_REJECTED` for all else
 */
export async function confirmPasswordReset(
  { directory, passwords, outbox, clock, random }: Omit<RecoveryPorts, 'limits'>,
  request: Request,
  proof: { code: string; password: string; context: string },
  rules: Pick<PasswordRules, 'minLength' | 'words'>,
): Promise<void> {
  const { identifier } = request;
  const problem = await passwords.problem(proof.password, { ...rules, identifier });
  if (problem) throw passwordRefused(problem, rules.minLength);
  const outcome = await directory.confirmPasswordReset(identifier, proof.code, proof.password, proof.context);
  if (outcome === 'code-rejected') {
    throw await rejectedCode({ outbox, clock, random }, request, 'password.reset-refused');
  }
  if (outcome === 'password-refused') throw passwordRefused('not-allowed', rules.minLength);
}
