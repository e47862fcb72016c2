import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { Sub } from '../../lambdas/core/ids.ts';

let counter = 0;
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A fresh, valid event; ids are ULID-shaped and rise with each call. */
export function anEvent(changes: Partial<AuditEvent> = {}): AuditEvent {
  counter += 1;
  const digits = Array.from(
    { length: 10 },
    (_, place) => alphabet[Math.floor(counter / 32 ** (9 - place)) % 32],
  );
  return {
    v: 1,
    id: `01JD8ZZZZZ000000${digits.join('')}`,
    type: 'sign-in.succeeded',
    at: '2026-11-22T12:00:00.000Z',
    subject: { sub: '11111111-1111-4111-8111-111111111111' as Sub },
    actor: 'self',
    outcome: 'success',
    reasons: [],
    ...changes,
  };
}
