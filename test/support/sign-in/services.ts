import { dynamoAccountLocks } from '../../../lambdas/adapters/account-locks.ts';
import { dynamoAuditOutbox } from '../../../lambdas/adapters/audit-outbox.ts';
import { dynamoConsentStates } from '../../../lambdas/adapters/consent-states.ts';
import { contextTokens } from '../../../lambdas/adapters/context-tokens.ts';
import type { DynamoClient } from '../../../lambdas/adapters/dynamo.ts';
import { sealedFactorSecrets } from '../../../lambdas/adapters/factor-secrets.ts';
import { dynamoFactorUse } from '../../../lambdas/adapters/factors.ts';
import { dynamoFlows } from '../../../lambdas/adapters/flows.ts';
import { passkeyAssertions } from '../../../lambdas/adapters/passkey-assertions.ts';
import { passkeyChallenges } from '../../../lambdas/adapters/passkey-challenges.ts';
import { dynamoRiskCounters } from '../../../lambdas/adapters/risk-counters.ts';
import { keyedPseudonyms } from '../../../lambdas/adapters/secrets.ts';
import { sessionTokens } from '../../../lambdas/adapters/session-tokens.ts';
import { dynamoSignInHistories } from '../../../lambdas/adapters/sign-in-history.ts';
import { systemRandom } from '../../../lambdas/adapters/system.ts';
import type { Mail, SigningKeys, SmsMessage } from '../../../lambdas/ports.ts';
import { codePolicy, readSignInEnv, riskPolicy } from '../../../lambdas/sign-in/env.ts';
import type { SignInServices } from '../../../lambdas/sign-in/services.ts';
import { compileAuthentication } from '../../../lib/config/authentication.ts';

export interface TestClock {
  now(): number;
  advance(milliseconds: number): void;
}

export const testClock = (start = Date.parse('2026-11-22T10:00:00.000Z')): TestClock => {
  let now = start;
  return { now: () => now, advance: (milliseconds) => (now += milliseconds) };
};

export const testKey = { id: 'key-1', secret: Buffer.alloc(32, 7) };
export const testKeys: SigningKeys = {
  current: async () => testKey,
  find: async (id) => (id === testKey.id ? testKey : undefined),
};

export const testEnv = {
  RISK_TABLE: 'risk',
  CONSENTS_TABLE: 'consents',
  AUDIT_TABLE: 'audit',
  SIGNING_SECRET: 'signing',
  PSEUDONYM_SECRET: 'pseudonym',
  PROFILES_TABLE: 'profiles',
  SEALING_SECRET: 'sealing',
  CLIENTS_PARAMETER: '/vestibule/test/clients',
  RELYING_PARTY_ID: 'localhost',
  PASSKEY_ORIGINS: 'http://localhost:3000',
};

export const testPseudonyms = keyedPseudonyms('pseudonym', async () => ({
  versionId: 'v1',
  key: 'a key of at least thirty-two characters',
}));

export interface TestSignIn {
  readonly services: SignInServices;
  readonly clock: TestClock;
  readonly mails: Mail[];
  readonly texts: SmsMessage[];
}

export const testOrigin = 'http://localhost:3000';

/** The services of the triggers on a real engine, with a fixed clock and a mailbox in memory. */
export function testSignIn(
  client: DynamoClient,
  env: Readonly<Record<string, string>> = {},
  overrides: Partial<SignInServices> = {},
): TestSignIn {
  const clock = testClock();
  const mails: Mail[] = [];
  const texts: SmsMessage[] = [];
  const read = readSignInEnv({ ...testEnv, ...env });
  const services: SignInServices = {
    config: {
      brand: { name: 'Acme' },
      languages: ['en', 'de'],
      portalUrl: 'https://shop.example/portal',
      tiers: ['basic', 'plus', 'premium'],
      purposes: [
        {
          name: 'newsletter',
          basis: 'consent',
          requiredAtRegistration: false,
          versions: [{ version: '1', material: true, texts: { en: 'News' }, textHashes: { en: 'hash' } }],
        },
      ],
    },
    clock,
    random: systemRandom,
    risk: riskPolicy(read),
    codes: codePolicy(read),
    methodPolicy: async () => compileAuthentication().base,
    clientOf: async () => ({ name: 'web', door: 'sdk' }),
    isLocked: dynamoAccountLocks(client, 'profiles'),
    pseudonyms: testPseudonyms,
    contexts: contextTokens(testKeys, clock),
    sessions: sessionTokens(testKeys, clock),
    flows: dynamoFlows(client, 'risk', clock),
    histories: dynamoSignInHistories(client, 'risk', clock),
    counters: dynamoRiskCounters(client, 'risk', clock),
    factors: dynamoFactorUse(client, 'profiles'),
    factorSecrets: sealedFactorSecrets(testKeys),
    passkeys: passkeyAssertions({ id: 'localhost', origins: [testOrigin] }),
    passkeyChallenges: passkeyChallenges(testKeys, clock),
    consents: dynamoConsentStates(client, 'consents'),
    outbox: dynamoAuditOutbox(client, { name: 'audit', ttlDays: 90 }),
    mailer: { send: async (mail) => void mails.push(mail) },
    sms: {
      send: async (text) => {
        texts.push(text);
        return 'sent';
      },
      answered: async () => {},
    },
    ...overrides,
  };
  return { services, clock, mails, texts };
}
