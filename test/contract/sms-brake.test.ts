import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoAuditOutbox } from '../../lambdas/adapters/audit-outbox.ts';
import { brakedSms } from '../../lambdas/adapters/sms-brake.ts';
import { systemRandom } from '../../lambdas/adapters/system.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { Pseudonym, Sub } from '../../lambdas/core/ids.ts';
import type { BrakePolicy } from '../../lambdas/core/messages/sms-brake.ts';
import type { SmsMessage, SmsSender } from '../../lambdas/ports.ts';
import { onEachEngine } from '../support/engines.ts';
import { type TestClock, testClock, testPseudonyms } from '../support/sign-in/services.ts';

const policy: BrakePolicy = {
  countries: ['DE', 'FR'],
  perAccountPerDay: 3,
  perAddressPerHour: 5,
  perPrefixPerHour: 6,
  perCountryPerHour: 40,
  perDay: 60,
  conversionPercent: 0,
  conversionAfter: 5,
};
let names = 0;
const next = (): number => {
  names += 1;
  return names;
};
const fresh = (what: string) => `${what}-${next()}`;
/** One of the 10,000 numbers of a block. */
const numberIn = (block: string) => `${block}${String(next() % 10_000).padStart(4, '0')}`;
let day = 0;

onEachEngine((under) => {
  let clock: TestClock;
  let delivered: string[];
  let carrier: () => Promise<void>;
  let brake: (own?: Partial<BrakePolicy>) => SmsSender;
  beforeAll(() => {
    const { client } = under.tables;
    const now = { now: () => clock.now() };
    brake = (own = {}) =>
      brakedSms(
        async ({ to }) => {
          await carrier();
          delivered.push(to);
        },
        {
          client,
          table: 'risk',
          policy: { ...policy, ...own },
          clock: now,
          random: systemRandom,
          pseudonyms: testPseudonyms,
          outbox: dynamoAuditOutbox(client, { name: 'audit', ttlDays: 90 }),
        },
      );
  });
  beforeEach(() => {
    // A day of its own for every test: the budget of the installation is one for all.
    day += 1;
    clock = testClock(Date.UTC(2026, 0, 1, 10) + day * 86_400_000);
    delivered = [];
    carrier = async () => {};
  });

  const aText = (changes: Partial<SmsMessage> = {}): SmsMessage => ({
    to: `+4915${String(next()).padStart(5, '0')}0001`,
    country: 'DE',
    text: 'Your code is 12345678.',
    kind: 'sign-in-code',
    sub: fresh('sub') as Sub,
    address: fresh('address') as Pseudonym,
    ...changes,
  });
  const events = async (): Promise<AuditEvent[]> => {
    const rows = await Promise.all(
      ['risk', 'audit'].map((TableName) => under.tables.client.send(new ScanCommand({ TableName }))),
    );
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    return rows
      .flatMap(({ Items = [] }) => Items.map((item) => unmarshall(item).event as string | undefined))
      .flatMap((event) => (event ? [JSON.parse(event) as AuditEvent] : []))
      .filter(({ at }) => at.startsWith(today));
  };

  describe('a text', () => {
    it('is delivered, with an event that names neither number nor text', async () => {
      const text = aText();
      expect(await brake().send(text)).toBe('sent');
      expect(delivered).toEqual([text.to]);
      const [event] = await events();
      expect(event).toMatchObject({
        type: 'message.sent',
        outcome: 'success',
        subject: { sub: text.sub },
        data: { channel: 'sms', country: 'DE', kind: 'sign-in-code' },
      });
      expect(JSON.stringify(event)).not.toContain(text.to.slice(4));
    });

    it('to a country that is not served is refused', async () => {
      expect(await brake().send(aText({ to: '+8821234567890', country: 'XX' }))).toBe('refused');
      expect(delivered).toEqual([]);
      expect(await events()).toMatchObject([
        { type: 'message.refused', outcome: 'refused', reasons: ['SMS_COUNTRY_NOT_SERVED'] },
      ]);
    });

    it('that the carrier does not take is refused, counted, and an event', async () => {
      carrier = () => Promise.reject(Object.assign(new Error('+49151 no'), { name: 'ConflictException' }));
      expect(await brake().send(aText())).toBe('refused');
      const failure = (await events()).find(({ outcome }) => outcome === 'failure');
      expect(failure?.reasons).toEqual(['SMS_NOT_TAKEN', 'ConflictException']);
      expect(JSON.stringify(failure)).not.toContain('+49151');
    });
  });

  describe('a budget', () => {
    it.each([
      { what: 'of a person', reason: 'SMS_BUDGET_ACCOUNT', limit: 3, same: () => ({ sub: 'one' as Sub }) },
      { what: 'of a number', reason: 'SMS_BUDGET_NUMBER', limit: 3, same: () => ({ to: '+4916000010001' }) },
      {
        what: 'of an address',
        reason: 'SMS_BUDGET_ADDRESS',
        limit: 5,
        same: () => ({ address: 'a' as Pseudonym }),
      },
      {
        what: 'of a number range',
        reason: 'SMS_BUDGET_PREFIX',
        limit: 6,
        same: () => ({ to: numberIn('+491700001') }),
      },
    ])('$what ends after $limit texts', async ({ reason, limit, same }) => {
      const results = [];
      for (let i = 0; i < limit + 2; i += 1) results.push(await brake().send(aText(same())));
      expect(results.filter((result) => result === 'sent')).toHaveLength(limit);
      const reasons = new Set((await events()).flatMap((event) => event.reasons));
      expect([...reasons]).toEqual([reason]);
    });

    it('is open again in the next window', async () => {
      const own = { sub: 'two' as Sub };
      for (let i = 0; i < 4; i += 1) await brake().send(aText(own));
      clock.advance(86_400_000);
      expect(await brake().send(aText(own))).toBe('sent');
      day += 1;
    });

    it('is exact under parallel requests', async () => {
      const many = under.racers(20);
      const own = { sub: fresh('racer') as Sub };
      const results = await Promise.allSettled(Array.from({ length: many }, () => brake().send(aText(own))));
      const sent = results.filter((result) => result.status === 'fulfilled' && result.value === 'sent');
      expect(sent.length).toBeLessThanOrEqual(3);
      expect(delivered).toHaveLength(sent.length);
    });
  });

  describe('the conversion breaker', () => {
    const inRange = () => aText({ to: numberIn('+491711111') });

    it('shuts a range whose codes do not come back, and no other', async () => {
      const judged = brake({ conversionPercent: 50, perPrefixPerHour: 100 });
      for (let i = 0; i < 5; i += 1) expect(await judged.send(inRange())).toBe('sent');
      expect(await judged.send(inRange())).toBe('refused');
      const shut = (await events()).find(({ outcome }) => outcome === 'refused');
      expect(shut?.reasons).toEqual(['SMS_CONVERSION_PREFIX']);
      expect(await brake({ conversionPercent: 0 }).send(aText())).toBe('sent');
    });

    it('leaves a range open whose codes come back', async () => {
      const judged = brake({ conversionPercent: 50, perPrefixPerHour: 100 });
      for (let i = 0; i < 12; i += 1) {
        const text = inRange();
        expect(await judged.send(text)).toBe('sent');
        await judged.answered(text);
      }
    });
  });

  it('a pumping trace never spends more than the budgets, and people elsewhere still get their codes', async () => {
    const pump = fc.record({
      sub: fc.integer({ min: 0, max: 9 }),
      address: fc.integer({ min: 0, max: 4 }),
      block: fc.integer({ min: 0, max: 1 }),
      number: fc.integer({ min: 0, max: 9_999 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(pump, { minLength: 10, maxLength: 25 }), async (calls) => {
        day += 1;
        clock = testClock(Date.UTC(2027, 0, 1, 10) + day * 86_400_000);
        delivered = [];
        for (const { sub, address, block, number } of calls) {
          const to = `+33700${block}${String(number).padStart(4, '0')}`;
          await brake().send(
            aText({ to, country: 'FR', sub: `p${sub}` as Sub, address: `p${address}` as Pseudonym }),
          );
        }
        const perBlock = [0, 1].map(
          (block) => delivered.filter((to) => to.startsWith(`+33700${block}`)).length,
        );
        expect(Math.max(...perBlock)).toBeLessThanOrEqual(policy.perPrefixPerHour);
        expect(await brake().send(aText())).toBe('sent');
      }),
      { numRuns: under.engine === 'dynoxide' ? 10 : 1 },
    );
  });
});
