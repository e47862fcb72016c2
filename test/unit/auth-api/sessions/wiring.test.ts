import { describe, expect, it } from 'vitest';
import { leanCognitoClient } from '../../../../lambdas/adapters/cognito/client.ts';
import { rotatingKeys, type SecretReader } from '../../../../lambdas/adapters/secrets.ts';
import { systemClock } from '../../../../lambdas/adapters/system.ts';
import { readAuthEnv } from '../../../../lambdas/auth-api/env.ts';
import { sessionServices } from '../../../../lambdas/auth-api/sessions/wiring.ts';
import { testDynamo } from '../../../support/dynamo-client.ts';
import { testPseudonyms } from '../../../support/sign-in/services.ts';

const env = readAuthEnv({
  USER_POOL_ID: 'eu-west-1_Test',
  WEB_CLIENT_ID: 'web',
  SERVER_CLIENT_ID: 'server',
  SERVER_CLIENT_SECRET: 'server-client',
  PROFILES_TABLE: 'profiles',
  RISK_TABLE: 'risk',
  AUDIT_TABLE: 'audit',
  SIGNING_SECRET: 'signing',
  SEALING_SECRET: 'sealing',
  PSEUDONYM_SECRET: 'pseudonym',
  RELYING_PARTY_ID: 'shop.example',
});

const cognito = leanCognitoClient({
  region: 'eu-west-1',
  endpoint: 'http://127.0.0.1:9',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** Secrets Manager as readers see it: a rotation moves the stages by one, and the version before the last is gone. */
function secretsManager() {
  let rotations = 0;
  const read: SecretReader = async (secretId, stage) => {
    const last = secretId === 'signing' ? rotations : 0;
    const number = { AWSCURRENT: last, AWSPREVIOUS: last - 1, AWSPENDING: -1 }[stage];
    return number < 0
      ? undefined
      : { versionId: `${secretId}-${number}`, key: `${secretId}-${number}`.padEnd(32, '.') };
  };
  return { read, rotate: () => (rotations += 1) };
}

describe('the services of a new environment', () => {
  const handle = { token: 'cognito', sub: 'sub-1', originJti: 'origin-1', startedAt: 1, seenAt: 1 };

  it('open refresh tokens that were sealed before any number of rotations of the signing secret', async () => {
    const { read, rotate } = secretsManager();
    const environment = () =>
      sessionServices(env, {
        cognito,
        dynamo: testDynamo('http://127.0.0.1:9'),
        secrets: read,
        keys: rotatingKeys('signing', read, systemClock),
        pseudonyms: testPseudonyms,
        requireGoodPassword: async () => {},
        origins: [],
      });
    const token = await environment().refreshTokens.seal(handle);
    for (let rotation = 0; rotation < 3; rotation += 1) rotate();
    expect(await environment().refreshTokens.open(token)).toEqual(handle);
  });

  it('do not take a refresh token that a key of the signing secret has sealed', async () => {
    const { read } = secretsManager();
    const shared = {
      cognito,
      dynamo: testDynamo('http://127.0.0.1:9'),
      secrets: read,
      keys: rotatingKeys('signing', read, systemClock),
      pseudonyms: testPseudonyms,
      requireGoodPassword: async () => {},
      origins: [],
    };
    const forged = sessionServices({ ...env, SEALING_SECRET: 'signing' }, shared);
    const token = await forged.refreshTokens.seal(handle);
    expect(await sessionServices(env, shared).refreshTokens.open(token)).toBeUndefined();
  });
});
