import { describe, expect, it } from 'vitest';
import { readAccountEnv } from '../../../lambdas/account-api/env.ts';

const complete = {
  PROFILES_TABLE: 'profiles',
  CONSENTS_TABLE: 'consents',
  AUDIT_TABLE: 'audit',
  AUDIT_TTL_DAYS: '30',
  PSEUDONYM_SECRET: 'pseudonym',
  SEALING_SECRET: 'sealing',
  RISK_TABLE: 'risk',
  USER_POOL_ID: 'pool',
  RELYING_PARTY_ID: 'localhost',
  PASSKEY_ORIGINS: 'http://localhost:3000,http://localhost:4400',
  CODE_LIFETIME_SECONDS: '300',
  UNIFORM_ANSWER_MS: '600',
};

describe('readAccountEnv', () => {
  it('reads what the stack sets', () => {
    expect(readAccountEnv(complete)).toMatchObject({
      ...complete,
      AUDIT_TTL_DAYS: 30,
      CODE_LIFETIME_SECONDS: 300,
      UNIFORM_ANSWER_MS: 600,
    });
  });

  it.each(Object.keys(complete).filter((key) => !/_(DAYS|SECONDS|MS)$/.test(key)))(
    'does not start without %s',
    (key) => {
      expect(() => readAccountEnv({ ...complete, [key]: undefined })).toThrow(key);
    },
  );

  it.each(['29', '91', 'x'])('does not start with a retention of %s days', (AUDIT_TTL_DAYS) => {
    expect(() => readAccountEnv({ ...complete, AUDIT_TTL_DAYS })).toThrow('AUDIT_TTL_DAYS');
  });
});
