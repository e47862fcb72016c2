import type { AuditEvent, AuditEventType } from '../audit/event.ts';
import type { ServiceConfiguration } from '../configuration.ts';
import type { CiamError } from '../errors.ts';
import type { Sub } from '../ids.ts';

/** One request of a signed-in person about their own data. */
export interface OwnerRequest {
  /** From the verified token, never from input. */
  readonly sub: Sub;
  /** Epoch milliseconds. */
  readonly now: number;
  /** An event about this person in this request, with an id of its own. */
  event(type: AuditEventType, data: NonNullable<AuditEvent['data']>): AuditEvent;
}

/** The structural rules that every answer depends on. */
export type AccountRules = Pick<ServiceConfiguration, 'languages' | 'profile' | 'purposes'>;

/** How often a write that lost a race is decided anew before the person is told to try again. */
const raceAttempts = 5;

/**
 * Reads, decides and writes until the write holds.
 * @param attempt - answers `undefined` when its write lost a race; it then starts again from what is stored now
 */
export async function untilWritten<T>(
  attempt: () => Promise<T | undefined>,
  conflict: () => CiamError,
): Promise<T> {
  for (let count = 0; count < raceAttempts; count += 1) {
    const outcome = await attempt();
    if (outcome !== undefined) return outcome;
  }
  throw conflict();
}
