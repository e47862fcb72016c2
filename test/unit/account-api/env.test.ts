import { describe, expect, it } from 'vitest';
import { readAccountEnv } from '../../../lambdas/account-api/env.ts';

const complete = {
  PROFILES_TABLE: 'profiles',
  CONSENTS_TABLE: 'consents',
  AUDIT_TABLE: 'audit',
  AUDIT_TTL_DAYS: '30',
  PSEUDONYM_SECRET: 'pseudonym',
};

describe('readAccountEnv', () => {
  it('reads what the stack sets', () => {
    expect(readAccountEnv(complete)).toEqual({ ...complete, AUDIT_TTL_DAYS: 30 });
  });

  it.each(Object.keys(complete).filter((key) => key !== 'AUDIT_TTL_DAYS'))(
    'does not start without %s',
    (key) => {
      expect(() => readAccountEnv({ ...complete, [key]: undefined })).toThrow(key);
    },
  );

  it.each(['29', '91', 'x'])('does not start with a retention of %s days', (AUDIT_TTL_DAYS) => {
    expect(() => readAccountEnv({ ...complete, AUDIT_TTL_DAYS })).toThrow('AUDIT_TTL_DAYS');
  });
});
