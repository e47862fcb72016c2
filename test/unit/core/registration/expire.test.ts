import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../../lambdas/core/audit/event.ts';
import type { Sub } from '../../../../lambdas/core/ids.ts';
import {
  type ExpiryPolicy,
  type ExpiryPorts,
  expireUnconfirmed,
  isExpired,
  type UnconfirmedAccount,
} from '../../../../lambdas/core/registration/expire.ts';
import { NOW } from '../../../support/registration.ts';

const hour = 3_600_000;
const anAccount = (name: string, ageHours = 100): UnconfirmedAccount => ({
  userName: name,
  sub: `sub-${name}` as Sub,
  createdAt: NOW - ageHours * hour,
});
const policy: ExpiryPolicy = { retentionHours: 48, maxRemovals: 100, maxSeconds: 240 };

/** A pool in pages of two, that remembers in which order things happened. */
function aPool(accounts: UnconfirmedAccount[], over: Partial<ExpiryPorts> = {}) {
  const users = new Map(accounts.map((account) => [account.userName, account]));
  const log: string[] = [];
  const events = new Map<string, AuditEvent>();
  const faults: unknown[] = [];
  const state: { now: number; cursor: string | undefined } = { now: NOW, cursor: undefined };
  const ports: ExpiryPorts = {
    accounts: {
      page: async (cursor) => {
        log.push(`list ${cursor ?? ''}`.trim());
        const all = [...users.values()].sort((a, b) => a.userName.localeCompare(b.userName));
        const after = all.filter(({ userName }) => cursor === undefined || userName > cursor);
        const page = after.slice(0, 2);
        return { accounts: page, ...(after.length > 2 && { next: page.at(-1)?.userName }) };
      },
      remove: async ({ userName }) => {
        log.push(`remove ${userName}`);
        users.delete(userName);
      },
    },
    hasLiveCode: async () => false,
    cursor: {
      read: async () => state.cursor,
      save: async (cursor) => {
        state.cursor = cursor;
      },
    },
    outbox: {
      put: async (event) => {
        log.push(`event ${'sub' in event.subject ? event.subject.sub : ''}`);
        if (!events.has(event.id)) events.set(event.id, event);
      },
    },
    clock: { now: () => state.now },
    eventId: (at, ...about) => [at, ...about].join(' '),
    expiryFailed: (error) => {
      faults.push(error);
    },
    ...over,
  };
  return { ports, users, log, events, faults, state };
}

describe('an unconfirmed account', () => {
  it.each([
    { ageHours: 49, retentionHours: 48, expired: true },
    { ageHours: 48, retentionHours: 48, expired: false },
    { ageHours: 24.5, retentionHours: 24, expired: false },
    { ageHours: 25.1, retentionHours: 24, expired: true },
    { ageHours: 719, retentionHours: 720, expired: false },
    { ageHours: -5, retentionHours: 24, expired: false },
  ])('of $ageHours h is expired at $retentionHours h: $expired', ({ ageHours, retentionHours, expired }) =>
    expect(isExpired(anAccount('a', ageHours), NOW, retentionHours)).toBe(expired),
  );

  it('is never expired while the code of its sign-up can be good, whatever an operator sets', () =>
    fc.assert(
      fc.property(fc.double({ min: -1_000, max: 25, noNaN: true }), fc.nat(25), (age, retention) => {
        expect(isExpired(anAccount('a', age), NOW, retention)).toBe(false);
      }),
    ));
});

describe('a run', () => {
  it('removes what is old, each with its event before it, and leaves the rest', async () => {
    const { ports, users, log, events, state } = aPool([anAccount('a'), anAccount('b', 30), anAccount('c')]);
    expect(await expireUnconfirmed(ports, policy)).toEqual({
      seen: 3,
      removed: 2,
      spared: 0,
      failed: 0,
      complete: true,
    });
    expect([...users.keys()]).toEqual(['b']);
    expect(log).toEqual(['list', 'event sub-a', 'remove a', 'list b', 'event sub-c', 'remove c']);
    expect([...events.values()][0]).toMatchObject({
      type: 'registration.expired',
      actor: 'system',
      subject: { sub: 'sub-a' },
      data: { ageHours: 100 },
    });
    expect(state.cursor).toBeUndefined();
  });

  it('spares who had a code sent again, without an event', async () => {
    const { ports, users, events } = aPool([anAccount('a'), anAccount('b')], {
      hasLiveCode: async (sub) => sub === 'sub-a',
    });
    expect(await expireUnconfirmed(ports, policy)).toMatchObject({ removed: 1, spared: 1 });
    expect([...users.keys()]).toEqual(['a']);
    expect(events.size).toBe(1);
  });

  it('looks for a code last of all before it acts: whoever gets one until then survives', async () => {
    const live = new Set<Sub>();
    const { ports, users, log } = aPool([anAccount('a'), anAccount('b')], {
      hasLiveCode: async (sub) => live.has(sub),
    });
    const { remove } = ports.accounts;
    const racing: ExpiryPorts = {
      ...ports,
      accounts: {
        ...ports.accounts,
        remove: async (account) => {
          live.add('sub-b' as Sub); // asked for while "a" is being removed, long after the listing
          await remove(account);
        },
      },
    };
    await expireUnconfirmed(racing, policy);
    expect([...users.keys()]).toEqual(['b']);
    expect(log).not.toContain('event sub-b');
  });

  it('removes nobody without an event, and goes on with the others', async () => {
    const { ports, users, faults } = aPool([anAccount('a'), anAccount('b')]);
    const put = async (event: AuditEvent) => {
      if ('sub' in event.subject && event.subject.sub === 'sub-a') throw new Error('throttled');
    };
    const report = await expireUnconfirmed({ ...ports, outbox: { put } }, policy);
    expect(report).toMatchObject({ removed: 1, failed: 1, complete: true });
    expect([...users.keys()]).toEqual(['a']);
    expect(faults).toHaveLength(1);
  });

  it('keeps whoever cannot be judged', async () => {
    const { ports, users } = aPool([anAccount('a')], {
      hasLiveCode: () => Promise.reject(new Error('unreachable')),
    });
    expect(await expireUnconfirmed(ports, policy)).toMatchObject({ removed: 0, failed: 1 });
    expect(users.size).toBe(1);
  });

  it('writes the same event when it is repeated after a removal that failed', async () => {
    const { ports, users, events, state } = aPool([anAccount('a')]);
    const failing = { ...ports.accounts, remove: () => Promise.reject(new Error('throttled')) };
    await expireUnconfirmed({ ...ports, accounts: failing }, policy);
    expect(users.size).toBe(1);
    state.now += hour;
    expect(await expireUnconfirmed(ports, policy)).toMatchObject({ removed: 1 });
    expect(events.size).toBe(1);
  });

  it('stops at its bound and goes on where it stopped', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const { ports, users, log } = aPool([...names.map((name) => anAccount(name, 30)), anAccount('f')]);
    const slow = { ...policy, maxSeconds: 2 };
    const { now } = ports.clock;
    let looks = 0;
    const ticking = { ...ports, clock: { now: () => now() + looks++ * 150 } };
    expect(await expireUnconfirmed(ticking, slow)).toMatchObject({ complete: false, removed: 0 });
    const listed = log.length;
    expect(await expireUnconfirmed(ports, policy)).toMatchObject({ complete: true, removed: 1 });
    expect(log[listed]).not.toBe('list');
    expect(users.has('f')).toBe(false);
  });

  it('never removes more than it may', async () => {
    const { ports, users } = aPool(['a', 'b', 'c', 'd', 'e'].map((name) => anAccount(name)));
    const bounded = { ...policy, maxRemovals: 3 };
    expect(await expireUnconfirmed(ports, bounded)).toMatchObject({ removed: 3, complete: false });
    expect(users.size).toBe(2);
    expect(await expireUnconfirmed(ports, bounded)).toMatchObject({ removed: 2, complete: true });
  });

  it('fails when the pool cannot be listed', async () => {
    const { ports } = aPool([]);
    const broken = { ...ports.accounts, page: () => Promise.reject(new Error('throttled')) };
    await expect(expireUnconfirmed({ ...ports, accounts: broken }, policy)).rejects.toThrow('throttled');
  });
});
