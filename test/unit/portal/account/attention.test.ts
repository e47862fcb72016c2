import { describe, expect, it } from 'vitest';
import {
  type AccountFacts,
  type ActivityEvent,
  attentionOf,
  type Consent,
} from '../../../../portal/src/pages/account/attention.ts';

const now = Date.parse('2026-11-22T12:00:00.000Z');
const hours = (count: number): string => new Date(now - count * 3_600_000).toISOString();

const anEvent = (changes: Partial<ActivityEvent> = {}): ActivityEvent => ({
  id: `event-${changes.type}-${changes.at}`,
  type: 'sign-in.succeeded',
  at: hours(2),
  actor: 'self',
  outcome: 'success',
  reasons: [],
  data: {},
  ...changes,
});

const aConsent = (changes: Partial<Consent> = {}): Consent => ({
  purpose: 'newsletter',
  basis: 'consent',
  required: false,
  version: '2',
  language: 'en',
  text: 'Send me mails.',
  textHash: 'a'.repeat(64),
  ask: false,
  active: false,
  ...changes,
});

const standing = {
  decision: 'granted',
  version: '1',
  language: 'en',
  textHash: 'b'.repeat(64),
  at: hours(1000),
} as const;
const aPasskey = { id: 'p', name: 'Laptop', synced: true, enrolledAt: hours(10) };

const facts = (changes: Partial<AccountFacts> = {}): AccountFacts => ({
  consents: [],
  factors: {
    passkeys: [aPasskey],
    recoveryCodes: { left: 10, createdAt: hours(10) },
    canEnrol: ['passkey', 'totp', 'recovery-codes'],
  },
  events: [],
  sessions: [{ current: true, startedAt: hours(0) }],
  known: [],
  canUsePasskeys: true,
  now,
  ...changes,
});

const kinds = (changes: Partial<AccountFacts>) => attentionOf(facts(changes)).map(({ kind }) => kind);

describe('what needs attention', () => {
  it('is nothing where everything is in order', () => expect(kinds({})).toEqual([]));

  it('is the most urgent first', () => {
    const recovery = { readyAt: hours(-70), expiresAt: hours(-200) };
    const everything = kinds({
      events: [
        anEvent({ type: 'recovery.requested', data: recovery }),
        anEvent({ data: { newDevice: true } }),
      ],
      consents: [
        aConsent({ purpose: 'terms', basis: 'contract', ask: true, active: true }),
        aConsent({ ask: true, standing }),
      ],
      factors: { passkeys: [], canEnrol: ['passkey'] },
    });
    expect(everything).toEqual(['recovery', 'sign-in', 'terms', 'consent', 'first-factor']);
  });

  it.each([
    { given: 'a consent that was never asked for', consent: aConsent({ ask: true }) },
    {
      given: 'a no to the text of today',
      consent: aConsent({ standing: { ...standing, decision: 'withdrawn' } }),
    },
  ])('is not $given', ({ consent }) => expect(kinds({ consents: [consent] })).toEqual([]));

  it.each([
    { given: 'cancelled', events: [anEvent({ type: 'recovery.cancelled' })] },
    { given: 'completed', events: [anEvent({ type: 'recovery.completed' })] },
    { given: 'never begun', events: [] },
  ])('is no recovery that was $given', ({ events }) => {
    const data = { readyAt: hours(10), expiresAt: hours(-100) };
    const earlier = events.length > 0 ? [anEvent({ type: 'recovery.requested', data, at: hours(90) })] : [];
    expect(kinds({ events: [...events, ...earlier] })).toEqual([]);
  });

  it('is no recovery past its end', () => {
    const data = { readyAt: hours(300), expiresAt: hours(1) };
    expect(kinds({ events: [anEvent({ type: 'recovery.requested', data })] })).toEqual([]);
  });

  const unfamiliar = anEvent({ at: hours(5), data: { newDevice: true } });
  it('is a sign-in on a new device', () => expect(kinds({ events: [unfamiliar] })).toEqual(['sign-in']));
  it.each<{ given: string; changes: Partial<AccountFacts> }>([
    { given: 'this very session', changes: { sessions: [{ current: true, startedAt: unfamiliar.at }] } },
    { given: 'known to the person', changes: { known: [unfamiliar.id] } },
    { given: 'more than a week old', changes: { now: now + 7 * 86_400_000 } },
    {
      given: 'the first one of a new account',
      changes: { events: [unfamiliar, anEvent({ type: 'registration.confirmed', at: hours(6) })] },
    },
  ])('is not a sign-in that is $given', ({ changes }) =>
    expect(kinds({ events: [unfamiliar], ...changes })).toEqual([]),
  );

  it.each([
    { left: 3, expected: [] },
    { left: 2, expected: [{ kind: 'recovery-codes', left: 2 }] },
    { left: 0, expected: [{ kind: 'recovery-codes', left: 0 }] },
  ])('with $left recovery codes left is $expected', ({ left, expected }) => {
    const factors = { ...facts().factors, recoveryCodes: { left, createdAt: hours(10) } };
    expect(attentionOf(facts({ factors }))).toEqual(expected);
  });

  it('is the lack of recovery codes beside a factor, where there can be some', () => {
    expect(kinds({ factors: { passkeys: [aPasskey], canEnrol: ['recovery-codes'] } })).toEqual([
      'recovery-codes',
    ]);
    expect(kinds({ factors: { passkeys: [aPasskey], canEnrol: [] } })).toEqual([]);
  });
});
