import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { dynamoAccountLocks } from '../../lambdas/adapters/account-locks.ts';
import { dynamoOperatorAccounts } from '../../lambdas/adapters/operator-accounts.ts';
import { dynamoRecoveries } from '../../lambdas/adapters/recoveries.ts';
import { dynamoSignInHistories } from '../../lambdas/adapters/sign-in-history.ts';
import { systemRandom } from '../../lambdas/adapters/system.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { AccountKey } from '../../lambdas/core/challenge/flow.ts';
import type { Pseudonym, Sub } from '../../lambdas/core/ids.ts';
import { emptyHistory } from '../../lambdas/core/risk/history.ts';
import { aroundCalls } from '../support/dynamo-client.ts';
import { onEachEngine } from '../support/engines.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const clock = { now: () => now };
const cutoff = (sub: Sub) => ({ sub, endedUntil: Math.floor(now / 1000) });
const event = (sub: Sub, type: AuditEvent['type']): AuditEvent => ({
  v: 1,
  id: systemRandom.ulid(now),
  type,
  at: new Date(now).toISOString(),
  subject: { sub },
  actor: 'operator',
  outcome: 'success',
  reasons: [],
});
const conflict = () =>
  Object.assign(new Error('raced'), {
    name: 'TransactionCanceledException',
    CancellationReasons: [
      { Code: 'None' },
      { Code: 'None' },
      { Code: 'None' },
      { Code: 'TransactionConflict' },
    ],
  });

onEachEngine((under) => {
  const accounts = (client = under.tables.client) => {
    const tables = { ...under.tables.names, audit: { name: under.tables.names.audit, ttlDays: 90 } };
    return dynamoOperatorAccounts(client, tables, dynamoRecoveries(client, tables));
  };
  const lock = { reason: 'FRAUD', by: 'operator', at: new Date(now).toISOString() } as never;
  const isLocked = (sub: Sub) => dynamoAccountLocks(under.tables.client, under.tables.names.profiles)(sub);

  it('a lock is seen by token generation, and makes every device of the account unknown', async () => {
    const sub = randomUUID() as Sub;
    const histories = dynamoSignInHistories(under.tables.client, under.tables.names.risk, clock);
    const seconds = Math.floor(now / 1000);
    const known = {
      ...emptyHistory,
      devices: { device: seconds },
      networks: { network: seconds },
      lastSignInAt: now,
      lastFlow: 'earlier',
    };
    await histories.replace(
      sub as string as AccountKey,
      emptyHistory,
      known as never,
      event(sub, 'sign-in.succeeded'),
    );
    expect(Object.keys((await histories.find(sub as string as AccountKey)).devices)).toEqual(['device']);
    expect(await isLocked(sub)).toBe(false);

    expect(await accounts().lock(sub, lock, cutoff(sub), event(sub, 'account.locked'))).toBe(true);
    expect(await isLocked(sub)).toBe(true);
    expect((await histories.find(sub as string as AccountKey)).devices).toEqual({});
    expect(
      await histories.touch(sub as string as AccountKey, {
        device: 'device' as Pseudonym,
        network: 'network' as Pseudonym,
        flow: 'flow',
        event: event(sub, 'sign-in.succeeded'),
      }),
    ).toBe(false);
  });

  it('a lock that sign-ins of the account race with is written all the same', async () => {
    const sub = randomUUID() as Sub;
    let conflicts = 3;
    const racing = aroundCalls(under.tables.client, async (_, send) => {
      conflicts -= 1;
      if (conflicts >= 0) throw conflict();
      return send();
    });
    expect(await accounts(racing).lock(sub, lock, cutoff(sub), event(sub, 'account.locked'))).toBe(true);
    expect(await isLocked(sub)).toBe(true);
    expect(await accounts().lock(sub, lock, cutoff(sub), event(sub, 'account.locked'))).toBe(false);
  });

  it('a lock that cannot be written is no lock that stands', async () => {
    const sub = randomUUID() as Sub;
    const racing = aroundCalls(under.tables.client, () => Promise.reject(conflict()));
    await expect(accounts(racing).lock(sub, lock, cutoff(sub), event(sub, 'account.locked'))).rejects.toThrow(
      'races',
    );
    expect(await isLocked(sub)).toBe(false);
  });
});
