import { describe, expect, it } from 'vitest';
import type { ExpiryPorts } from '../../../lambdas/core/registration/expire.ts';
import { housekeeping } from '../../../lambdas/housekeeping/run.ts';

const day = 86_400_000;
const failure = (name: string) => Object.assign(new Error('ada@harbour.example'), { name });

describe('the function', () => {
  const portsWith = (remove: () => Promise<void>): ExpiryPorts => ({
    accounts: {
      page: async () => ({ accounts: [{ userName: 'u', sub: 's' as never, createdAt: 0 }] }),
      remove,
    },
    hasLiveCode: async () => false,
    cursor: { read: async () => undefined, save: async () => {} },
    outbox: { put: async () => {} },
    clock: { now: () => 30 * day },
    eventId: () => 'id',
    expiryFailed: () => {},
  });
  const policy = { retentionHours: 48, maxRemovals: 10, maxSeconds: 10 };

  it('says in one line what it did, and names nobody', async () => {
    const lines: object[] = [];
    await housekeeping(
      portsWith(async () => {}),
      policy,
      (line) => lines.push(line),
    );
    expect(lines).toEqual([
      { event: 'unconfirmed-expired', seen: 1, removed: 1, spared: 0, failed: 0, complete: true },
    ]);
  });

  it('fails when anything could not be done, so that its alarm is raised', async () => {
    const failing = portsWith(() => Promise.reject(failure('InternalErrorException')));
    await expect(housekeeping(failing, policy, () => {})).rejects.toThrow(
      /^1 unconfirmed accounts could not be removed$/,
    );
  });
});
