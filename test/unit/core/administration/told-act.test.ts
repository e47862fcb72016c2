import { describe, expect, it } from 'vitest';
import type { OperatorRequest } from '../../../../lambdas/core/administration/operator-event.ts';
import { toldAct } from '../../../../lambdas/core/administration/told-act.ts';
import type { AuditEvent } from '../../../../lambdas/core/audit/event.ts';
import { CiamError } from '../../../../lambdas/core/errors.ts';
import type { Sub } from '../../../../lambdas/core/ids.ts';

const request: OperatorRequest = {
  now: Date.parse('2026-11-23T10:00:00Z'),
  operator: 'operator-1' as Sub,
  reason: 'review',
  client: 'web',
};
const meant = { act: 'account.locked', sub: 'person-1' as Sub } as const;
const random = { ulid: () => '01ARZ3NDEKTSV4RRFFQ69G5FAV' };
const refused = () => Promise.reject(new CiamError('ACCOUNT_UNKNOWN', 'There is no such account.'));

describe('an act that comes to nothing', () => {
  it('is told with what stopped it', async () => {
    const told: AuditEvent[] = [];
    const outbox = { put: async (event: AuditEvent) => void told.push(event) };
    await expect(toldAct({ outbox, random }, request, meant, refused)).rejects.toMatchObject({
      code: 'ACCOUNT_UNKNOWN',
    });
    expect(told).toMatchObject([{ outcome: 'refused', reasons: ['ACCOUNT_UNKNOWN'] }]);
  });

  it('keeps what stopped it where the audit is out of reach', async () => {
    const outbox = { put: () => Promise.reject(new CiamError('UNAVAILABLE', 'Try again later.')) };
    await expect(toldAct({ outbox, random }, request, meant, refused)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      cause: { code: 'ACCOUNT_UNKNOWN' },
    });
  });
});
