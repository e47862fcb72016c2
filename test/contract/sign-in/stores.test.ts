import { PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoConsentStates } from '../../../lambdas/adapters/consent-states.ts';
import { dynamoConsents } from '../../../lambdas/adapters/consents.ts';
import {
  dynamoFlows,
  type Flows,
  maxDeliveries,
  redeliverySeconds,
} from '../../../lambdas/adapters/flows.ts';
import {
  counterKeys,
  dynamoRiskCounters,
  type RiskCounters,
  windowSeconds,
} from '../../../lambdas/adapters/risk-counters.ts';
import {
  dynamoSignInHistories,
  firstHistory,
  type SignInHistories,
} from '../../../lambdas/adapters/sign-in-history.ts';
import { flowLifetimeSeconds } from '../../../lambdas/core/challenge/flow.ts';
import type { Pseudonym } from '../../../lambdas/core/ids.ts';
import { emptyHistory } from '../../../lambdas/core/risk/history.ts';
import { aConsent, aSub } from '../../support/account.ts';
import { anEvent } from '../../support/audit.ts';
import { onEachEngine } from '../../support/engines.ts';
import { riskRow } from '../../support/risk-table.ts';
import { aClaim, aCode, aFlow, anAccount } from '../../support/sign-in/flows.ts';
import { type TestClock, testClock } from '../../support/sign-in/services.ts';

onEachEngine((under) => {
  let clock: TestClock;
  let flows: Flows;
  let histories: SignInHistories;
  let counters: RiskCounters;
  const table = 'risk';
  beforeAll(() => {
    const { client } = under.tables;
    const now = { now: () => clock.now() };
    flows = dynamoFlows(client, table, now);
    histories = dynamoSignInHistories(client, table, now);
    counters = dynamoRiskCounters(client, table, now);
  });
  beforeEach(() => {
    clock = testClock();
  });
  const many = <T>(count: number, one: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: under.racers(count) }, (_, index) => one(index)));
  const rowOf = (subject: string, kind: string) => riskRow(under.tables.client, table, subject, kind);
  const stored = async (id: string) => {
    const found = await flows.find(id, { consistent: true });
    if (!found) throw new Error(`flow ${id} is not there`);
    return found;
  };
  /** A challenged flow whose code was sent. */
  const challenged = async () => {
    const start = aFlow();
    await flows.open(start);
    await flows.begin(await stored(start.id), 'email-code');
    await flows.claimCode(await stored(start.id), aCode(clock.now()), anEvent());
    return stored(start.id);
  };

  describe('Flows', () => {
    it('open once, and come back as they were opened', async () => {
      const start = aFlow({ label: 'Firefox on Windows' });
      const opened = await many(20, () => flows.open(start, anEvent()));
      expect(opened.filter(Boolean)).toHaveLength(1);
      expect(await stored(start.id)).toMatchObject({ ...start, state: 'challenged', attempts: 0, round: 0 });
      expect(await flows.find('none')).toBeUndefined();
    });

    it('are gone at the end of their time, also while the row is still there', async () => {
      const start = aFlow();
      await flows.open(start);
      clock.advance(flowLifetimeSeconds * 1000 - 1);
      expect(await flows.find(start.id)).toBeDefined();
      clock.advance(1);
      expect(await flows.find(start.id)).toBeUndefined();
      expect(await flows.redeliver(start.id, start)).toBeUndefined();
    });

    it('spend a context with the flow that it joins, or not at all', async () => {
      const [first, second] = [aFlow(), aFlow()];
      expect(await flows.openWithContext({ ...first, context: 'ctx-1' })).toBe('opened');
      expect(await flows.openWithContext({ ...second, context: 'ctx-1' })).toBe('context-spent');
      expect(await flows.openWithContext({ ...first, context: 'ctx-2' })).toBe('flow-taken');
      expect((await flows.find('ctx-1'))?.id).toBe(first.id);
      expect([await flows.find(second.id), await flows.find('ctx-2')]).toEqual([undefined, undefined]);
    });

    it('spend a context for one of many flows at once', async () => {
      const opened = await many(10, () => flows.openWithContext({ ...aFlow(), context: 'raced' }));
      expect(opened.filter((each) => each === 'opened')).toHaveLength(1);
    });

    it('come again for a repeated trigger of the same account and client, a few times and soon', async () => {
      const start = aFlow();
      await flows.open(start);
      const again = (over: object = {}) => flows.redeliver(start.id, { ...start, ...over });
      expect(await again({ account: anAccount() })).toBeUndefined();
      expect(await again({ client: 'other' })).toBeUndefined();
      for (let delivery = 1; delivery < maxDeliveries; delivery += 1)
        expect((await again())?.id).toBe(start.id);
      expect(await again()).toBeUndefined();
      const late = aFlow();
      await flows.open(late);
      clock.advance(redeliverySeconds * 1000);
      expect(await flows.redeliver(late.id, late)).toBeUndefined();
    });

    it('take one code per number, give it back with its own hash only, and drop the event before', async () => {
      const flow = await challenged();
      const code = aCode(clock.now(), 1);
      const claims = await many(10, (index) =>
        flows.claimCode(flow, { ...code, hash: `hash-${index}` as Pseudonym }, anEvent()),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      const { code: standing } = await stored(flow.id);
      await flows.releaseCode(flow, { ...code, hash: 'foreign' as Pseudonym }, anEvent());
      expect((await stored(flow.id)).code).toEqual(standing);
      if (standing) await flows.releaseCode(flow, standing, anEvent());
      expect((await stored(flow.id)).code).toBeUndefined();
      await flows.claimResend(flow, 1, 2);
      expect(await rowOf(`FLOW#${flow.id}`, 'FLOW')).not.toHaveProperty('event');
    });

    it('count resends up to the limit, once per round', async () => {
      const flow = await challenged();
      expect([
        await flows.claimResend(flow, 1, 2),
        await flows.claimResend(flow, 1, 2),
        await flows.claimResend(flow, 2, 2),
        await flows.claimResend(flow, 3, 2),
      ]).toEqual([true, false, true, false]);
    });

    it('evaluate one answer per round, and count it against the account in the same step', async () => {
      const flow = await challenged();
      const outcomes = await many(12, (index) =>
        flows.claimAnswer(aClaim(flow, { answer: `answer-${index}` as Pseudonym })),
      );
      expect(outcomes.filter((each) => each === 'claimed')).toHaveLength(1);
      expect((await stored(flow.id)).attempts).toBe(1);
      expect(await counters.read(counterKeys.codeFailures(flow.account, 'email-code'))).toBe(1);
    });

    it.each([
      { why: 'of a code that was replaced', over: { code: aCode(0, 5) } },
      { why: 'of a round that is over', over: { round: 0 } },
      { why: 'beyond the attempts of the flow', over: { attempts: 0 } },
    ])('lose an answer $why, and count nothing', async ({ over }) => {
      const flow = await challenged();
      expect(await flows.claimAnswer(aClaim(flow, over))).toBe('lost');
      expect(await counters.read(counterKeys.codeFailures(flow.account, 'email-code'))).toBe(0);
    });

    it('stop at the limit of the account over all its flows, until the window has passed', async () => {
      const account = anAccount();
      const attempt = async () => {
        const start = aFlow({ account, createdAt: clock.now() });
        await flows.open({ ...start, method: 'email-code' });
        await flows.claimCode(await stored(start.id), aCode(clock.now()), anEvent());
        return flows.claimAnswer(aClaim(await stored(start.id), { accountLimit: 2 }));
      };
      expect([await attempt(), await attempt(), await attempt()]).toEqual(['claimed', 'claimed', 'limited']);
      clock.advance(windowSeconds * 1000);
      expect(await attempt()).toBe('claimed');
    });

    it('settle an answer once: right takes its count back and proves, wrong does neither', async () => {
      const flow = await challenged();
      const claim = aClaim(flow);
      await flows.claimAnswer(claim);
      const results = await many(8, () => flows.acceptAnswer(claim));
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await flows.rejectAnswer(claim, anEvent())).toBe(false);
      expect(await stored(flow.id)).toMatchObject({
        state: 'proven',
        result: 'right',
        proven: ['password', 'email-code'],
      });
      expect(await counters.read(counterKeys.codeFailures(flow.account, 'email-code'))).toBe(0);
      expect((await histories.find(flow.account, { consistent: true })).lastProofAt).toBe(clock.now());
    });

    it('do not accept what was rejected, nor another answer than the claimed one', async () => {
      const flow = await challenged();
      const claim = aClaim(flow);
      await flows.claimAnswer(claim);
      expect(await flows.acceptAnswer({ ...claim, answer: 'other' as Pseudonym })).toBe(false);
      expect(await flows.rejectAnswer(claim, anEvent())).toBe(true);
      expect(await flows.acceptAnswer(claim)).toBe(false);
      expect(await stored(flow.id)).toMatchObject({ state: 'challenged', result: 'wrong' });
    });
  });

  describe('SignInHistories', () => {
    const [device, network] = ['device' as Pseudonym, 'network' as Pseudonym];
    const seconds = () => Math.floor(clock.now() / 1000);
    const visited = (flow: string) => ({
      devices: { [device]: seconds() },
      networks: { [network]: seconds() },
      lastSignInAt: clock.now(),
      lastFlow: flow,
    });
    const read = (account: ReturnType<typeof anAccount>) => histories.find(account, { consistent: true });

    it('are empty for an account that was never seen, and 400 days after the last sign-in', async () => {
      const account = anAccount();
      expect(await read(account)).toEqual(emptyHistory);
      await histories.replace(account, emptyHistory, visited('flow-1'), anEvent());
      expect(await read(account)).toEqual(visited('flow-1'));
      clock.advance(400 * 86_400_000);
      expect(await read(account)).toEqual(emptyHistory);
      expect(await histories.replace(account, emptyHistory, visited('flow-2'), anEvent())).toBe(true);
    });

    it('let one of many sign-ins replace what all of them read', async () => {
      const account = anAccount();
      const first = await many(10, (index) =>
        histories.replace(account, emptyHistory, visited(`first-${index}`), anEvent()),
      );
      expect(first.filter(Boolean)).toHaveLength(1);
      const before = await read(account);
      clock.advance(1_000);
      const second = await many(10, (index) =>
        histories.replace(account, before, visited(`second-${index}`), anEvent()),
      );
      expect(second.filter(Boolean)).toHaveLength(1);
    });

    it('are touched by a known device in a known network, once per flow and with its event', async () => {
      const account = anAccount();
      const touch = (over: object = {}) =>
        histories.touch(account, {
          device,
          network,
          flow: 'flow-2',
          event: anEvent(),
          ...over,
        });
      expect(await touch()).toBe(false);
      await histories.replace(account, emptyHistory, visited('flow-1'), anEvent());
      clock.advance(5_000);
      const event = anEvent();
      expect([
        await touch({ device: 'new' }),
        await touch({ network: 'new' }),
        await touch({ event }),
        await touch(),
      ]).toEqual([false, false, true, false]);
      expect(await read(account)).toEqual(visited('flow-2'));
      const row = await rowOf(`ACCOUNT#${account}`, 'HISTORY');
      expect(row?.event).toBe(JSON.stringify(event));
    });
  });

  describe('the history that a registration begins', () => {
    it('knows device, network and proof, and leaves the first sign-in to the path that says so', async () => {
      const account = anAccount();
      const [device, network] = ['device' as Pseudonym, 'network' as Pseudonym];
      const write = () => {
        const item = firstHistory(table, account, { device, network }, clock.now());
        return under.tables.client.send(new TransactWriteItemsCommand({ TransactItems: [item] }));
      };
      await write();
      const read = await histories.find(account, { consistent: true });
      const seconds = Math.floor(clock.now() / 1000);
      expect(read).toEqual({
        devices: { [device]: seconds },
        networks: { [network]: seconds },
        lastProofAt: clock.now(),
      });
      await expect(write()).rejects.toThrow();
      expect(await histories.touch(account, { device, network, flow: 'flow-1', event: anEvent() })).toBe(
        false,
      );
      const next = { ...read, lastSignInAt: clock.now(), lastFlow: 'flow-1' };
      expect(await histories.replace(account, read, next, anEvent())).toBe(true);
      expect(await histories.touch(account, { device, network, flow: 'flow-2', event: anEvent() })).toBe(
        true,
      );
      expect((await histories.find(account, { consistent: true })).lastProofAt).toBe(clock.now());
    });
  });

  describe('RiskCounters', () => {
    it('count exactly, however many come at once, and begin again after the window', async () => {
      const key = counterKeys.addressFailures('address' as Pseudonym);
      const counts = await many(20, () => counters.count(key));
      expect(counts.toSorted((left, right) => left - right)).toEqual(counts.map((_, index) => index + 1));
      expect(await counters.read(key)).toBe(counts.length);
      clock.advance(windowSeconds * 1000);
      expect(await counters.read(key)).toBe(0);
      expect(await counters.count(key)).toBe(1);
    });

    it('keep kinds and subjects apart, and carry the event of the last count', async () => {
      const who = 'someone' as Pseudonym;
      const event = anEvent();
      await counters.count(counterKeys.identifierFailures(who), event);
      expect(await counters.read(counterKeys.addressFailures(who))).toBe(0);
      const row = await rowOf(`IDENTIFIER#${who}`, 'FAILURES');
      expect(row).toMatchObject({ count: 1, event: JSON.stringify(event) });
      expect(row?.ttl).toBeGreaterThan(clock.now() / 1000 + windowSeconds);
    });
  });

  describe('the standing consents for a token', () => {
    it('are those of the privacy page, without the ledger', async () => {
      const [sub, entry] = [aSub(), aConsent()];
      const audit = { name: 'audit', ttlDays: 90 };
      const names = { consents: 'consents', profiles: 'profiles', audit };
      const consents = dynamoConsents(under.tables.client, names);
      await consents.record({ sub, entry, standing: undefined, events: [] });
      const other = { sub, entry: 'LEDGER#00000000000000000000000000', purpose: 'ledger-only' };
      await under.tables.client.send(new PutItemCommand({ TableName: 'consents', Item: marshall(other) }));
      const states = await dynamoConsentStates(under.tables.client, 'consents')(sub);
      expect([...states.keys()]).toEqual([entry.purpose]);
      expect(states.get(entry.purpose)).toMatchObject({ decision: entry.decision, ledgerId: entry.id });
      expect(await dynamoConsentStates(under.tables.client, 'consents')(aSub())).toEqual(new Map());
    });
  });
});
