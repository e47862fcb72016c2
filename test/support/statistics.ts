import fc from 'fast-check';
import { type AuditEvent, auditEventTypes } from '../../lambdas/core/audit/event.ts';
import type { Pseudonym } from '../../lambdas/core/ids.ts';
import { anEvent } from './audit.ts';

export const vocabulary = { purposes: ['newsletter', 'analytics'], countries: ['DE', 'US'] };

/** 22 characters, as pseudonyms have. */
export const aNetwork = (name: string | number): Pseudonym => `network-${name}`.padEnd(22, '_') as Pseudonym;

const base = Date.parse('2026-11-22T10:30:00.000Z');
const words = fc.constantFrom('DEVICE_NEW', 'PROOF_OLD', 'CODE_REJECTED', 'NEW_SIGN_IN', 'SOMETHING_ELSE');
const data = fc.record(
  {
    methods: fc.subarray(['password', 'passkey', 'totp', 'email-code', 'unheard-of']),
    proven: fc.subarray(['password', 'totp']),
    method: fc.constantFrom('email-code', 'magic-link', 'sms-code'),
    level: fc.constantFrom(0, 1, 2, 3),
    newDevice: fc.boolean(),
    first: fc.constant(true),
    stepUp: fc.constant(true),
    factor: fc.constantFrom('passkey', 'totp', 'phone', 'tooth'),
    purpose: fc.constantFrom('newsletter', 'analytics', 'unknown'),
    country: fc.constantFrom('DE', 'US', 'FR'),
    kind: fc.constantFrom('sign-in-code', 'notice'),
    reason: fc.constantFrom('review', 'abuse', 'whim'),
    notice: fc.boolean(),
    scope: fc.constant('others'),
  },
  { requiredKeys: [] },
);

/** Events of every type, a few hours and networks apart, each with an id of its own. */
export const someEvents = (maxLength = 60): fc.Arbitrary<AuditEvent[]> =>
  fc
    .array(
      fc.record({
        type: fc.constantFrom(...auditEventTypes),
        minutes: fc.integer({ min: -180, max: 180 }),
        actor: fc.constantFrom('self' as const, 'operator' as const, 'system' as const),
        outcome: fc.constantFrom('success' as const, 'refused' as const, 'failure' as const),
        reasons: fc.array(words, { maxLength: 3 }),
        door: fc.constantFrom('api' as const, 'sdk' as const, undefined),
        network: fc.constantFrom('a', 'b', 'c', undefined),
        data,
      }),
      { maxLength },
    )
    .map((drawn) =>
      drawn.map(({ minutes, network, ...event }) =>
        anEvent({
          ...event,
          at: new Date(base + minutes * 60_000).toISOString(),
          network: network && aNetwork(network),
        } as Partial<AuditEvent>),
      ),
    );
