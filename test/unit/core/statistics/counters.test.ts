import { describe, expect, it } from 'vitest';
import { type AuditEvent, auditEventTypes } from '../../../../lambdas/core/audit/event.ts';
import { countedTypes, countersOf } from '../../../../lambdas/core/statistics/counters.ts';
import {
  boundedVocabulary,
  maxCountries,
  maxPurposes,
} from '../../../../lambdas/core/statistics/families.ts';
import { unitPrices } from '../../../../lambdas/core/statistics/prices.ts';
import { countedEvents } from '../../../../lambdas/tables.ts';
import { anEvent } from '../../../support/audit.ts';
import { vocabulary } from '../../../support/statistics.ts';

const raised = (event: Partial<AuditEvent>): string[] =>
  countersOf(anEvent(event), vocabulary).map(({ family, counter }) => `${family} ${counter}`);

it('counts exactly the events that the bus lets through', () => {
  expect([...countedTypes].sort()).toEqual([...countedEvents].sort());
});

it.each(auditEventTypes.filter((type) => !countedTypes.includes(type)))('does not count %s', (type) => {
  expect(raised({ type, network: undefined })).toEqual([]);
});

describe('registrations', () => {
  it('are a funnel from the request to the first sign-in', () => {
    expect(raised({ type: 'registration.requested' })).toContain('registrations requested');
    expect(raised({ type: 'registration.confirmed' })).toEqual(['registrations confirmed']);
    expect(raised({ data: { first: true, newDevice: true } })).toContain('registrations first-sign-in');
    expect(raised({ data: { newDevice: true } })).not.toContain('registrations first-sign-in');
  });

  it('that are refused say why, in words of the list', () => {
    const reasons = ['MAIL_DOMAIN', 'NEVER_HEARD_OF'];
    expect(raised({ type: 'registration.refused', outcome: 'refused', reasons })).toEqual([
      'registrations refused',
      'registrations refused:MAIL_DOMAIN',
      'registrations refused:other',
    ]);
  });
});

describe('sign-ins', () => {
  it('count by result, method, door and level, and what passed a challenge', () => {
    const data = { newDevice: true, methods: ['password', 'email-code'], level: 1 };
    expect(raised({ door: 'api', data })).toEqual([
      'signIns succeeded',
      'signIns method:password',
      'signIns method:email-code',
      'signIns door:api',
      'signIns level:1',
      'signIns new-device',
      'challenges passed:email-code',
      'messages mail:new-device',
      'spend mail',
    ]);
  });

  it('that are refused are denials with every reason once', () => {
    const reasons = ['DEVICE_NEW', 'DEVICE_NEW', 'PROOF_OLD'];
    expect(raised({ type: 'sign-in.refused', outcome: 'refused', door: 'sdk', reasons })).toEqual([
      'denials all',
      'denials reason:DEVICE_NEW',
      'denials reason:PROOF_OLD',
      'signIns refused',
      'signIns refused-door:sdk',
    ]);
  });

  it('are not mixed up with a step-up inside a session', () => {
    const data = { stepUp: true };
    expect(raised({ type: 'sign-in.refused', outcome: 'refused', reasons: [], data })).toContain(
      'signIns step-up-refused',
    );
    expect(raised({ type: 'sign-in.challenged', data })).not.toContain('signIns challenged');
  });

  it('that are challenged say what was offered', () => {
    const data = { score: 40, methods: ['passkey', 'email-code'] };
    expect(raised({ type: 'sign-in.challenged', reasons: ['DEVICE_NEW'], data })).toEqual([
      'challenges asked',
      'challenges reason:DEVICE_NEW',
      'challenges offered:passkey',
      'challenges offered:email-code',
      'signIns challenged',
    ]);
  });
});

describe('messages', () => {
  it('by text count by kind and country, with an estimated price', () => {
    const sent = (country: string) =>
      countersOf(
        anEvent({ type: 'message.sent', data: { channel: 'sms', country, kind: 'sign-in-code' } }),
        vocabulary,
      );
    expect(sent('US')).toEqual([
      { family: 'messages', counter: 'sms:sign-in-code', by: 1 },
      { family: 'messages', counter: 'sms-country:US', by: 1 },
      { family: 'spend', counter: 'sms:US', by: unitPrices.texts.US },
    ]);
    expect(sent('KP').at(-1)).toEqual({
      family: 'spend',
      counter: 'sms:other',
      by: unitPrices.textElsewhere,
    });
  });

  it('that the carrier did not take are not a refusal of the budget', () => {
    const refused = (outcome: 'refused' | 'failure', reason: string) =>
      raised({ type: 'message.refused', outcome, reasons: [reason] });
    expect(refused('refused', 'SMS_BUDGET_ACCOUNT')).toEqual([
      'messages sms-refused',
      'messages sms-refused:SMS_BUDGET_ACCOUNT',
    ]);
    expect(refused('failure', 'SMS_NOT_TAKEN')).toEqual(['messages sms-failed']);
  });

  it.each([
    { event: { type: 'registration.requested' }, kinds: ['registration-code'] },
    { event: { type: 'registration.requested', data: { provider: 'google' } }, kinds: [] },
    { event: { type: 'sign-in.code-sent', data: { method: 'email-code' } }, kinds: ['sign-in-code'] },
    { event: { type: 'sign-in.code-sent', data: { method: 'magic-link' } }, kinds: ['sign-in-link'] },
    { event: { type: 'sign-in.code-sent', data: { method: 'sms-code' } }, kinds: [] },
    {
      event: { type: 'sign-in.code-sent', reasons: ['ACCOUNT_UNKNOWN'], data: { method: 'email-code' } },
      kinds: [],
    },
    { event: { type: 'session.ended', data: { notice: true } }, kinds: ['sessions-ended'] },
    { event: { type: 'session.ended' }, kinds: [] },
    { event: { type: 'address.change-requested' }, kinds: ['address-code', 'account-notice'] },
    { event: { type: 'recovery.code-requested', outcome: 'refused' }, kinds: [] },
  ] as const)('by mail follow $event.type: $kinds', ({ event, kinds }) => {
    const mails = raised(event as Partial<AuditEvent>).filter((name) => name.startsWith('messages mail:'));
    expect(mails).toEqual(kinds.map((kind) => `messages mail:${kind}`));
  });
});

describe('sessions', () => {
  it.each([
    [{ actor: 'self', reasons: [] }, 'self'],
    [{ actor: 'self', reasons: [], data: { scope: 'others' } }, 'others'],
    [{ actor: 'system', reasons: ['IDLE'] }, 'IDLE'],
    [{ actor: 'operator', reasons: [], data: { reason: 'abuse' } }, 'operator'],
  ] as const)('%j ended for the reason %s', (event, reason) => {
    expect(raised({ type: 'session.ended', ...event } as Partial<AuditEvent>)).toContain(
      `sessions reason:${reason}`,
    );
  });
});

it('counts what operators do, and on what grounds', () => {
  const locked = raised({ type: 'account.locked', actor: 'operator', data: { reason: 'abuse' } });
  expect(locked).toEqual(['operators act:account.locked', 'operators reason:abuse']);
});

it('counts consents by purposes of the configuration', () => {
  const granted = (purpose: string) => raised({ type: 'consent.granted', data: { purpose } });
  expect(granted('newsletter')).toEqual(['consents granted:newsletter']);
  expect(granted('removed last year')).toEqual(['consents granted:other']);
});

it('bounds what the configuration can add to an item', () => {
  const many = Array.from({ length: 300 }, (_, index) => `${index}`);
  const { purposes, countries } = boundedVocabulary({ purposes: many, countries: many });
  expect([purposes.length, countries.length]).toEqual([maxPurposes, maxCountries]);
});
