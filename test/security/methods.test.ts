import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignInServices } from '../../lambdas/sign-in/services.ts';
import { CognitoDriver, contextFor, testUser, withContext } from '../support/sign-in/driver.ts';
import { TestFactors } from '../support/sign-in/factors.ts';
import { testSignIn } from '../support/sign-in/services.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// security.md: "Code or lockout race", "Code guessing over many sessions", "Replay, cross-flow use", "Fail-open",
// "Magic link: forwarding, scanner, CSRF", "Retried triggers" for every method beside the mailed code
let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

const counted = async (sub: string, kind: string): Promise<number> => {
  const Key = marshall({ subject: `ACCOUNT#${sub}`, kind });
  const { Item } = await tables.client.send(
    new GetItemCommand({ TableName: 'risk', Key, ConsistentRead: true }),
  );
  return Item ? (unmarshall(Item).count as number) : 0;
};

function open(over: Partial<SignInServices> = {}, env: Record<string, string> = {}, user = testUser()) {
  const opened = testSignIn(tables.client, env, over);
  const factors = new TestFactors(tables.client, user.sub);
  const challenged = async (method?: string, deliveries = 1, services = opened.services) => {
    const driver = new CognitoDriver(services, user, { deliveries });
    const context = withContext(await contextFor(services, user, { device: services.random.id() }));
    await driver.password(context);
    return { driver, context, begun: await driver.answer(JSON.stringify({ method }), context) };
  };
  return { ...opened, user, factors, challenged };
}

describe('100 parallel answers of which one is right', () => {
  it('to an authenticator app: one evaluated, one success at the most, counted exactly, 10 times over', async () => {
    for (let run = 0; run < 10; run += 1) {
      const { factors, challenged, user, clock } = open();
      const right = (await factors.totp())(clock.now());
      const { driver } = await challenged();
      const wrong = Array.from({ length: 99 }, (_, index) => `${900_000 + index}`);
      const answers = wrong
        .map((code) => (code === right ? '899999' : code))
        .toSpliced((run * 37) % 100, 0, right);
      const results = await Promise.allSettled(answers.map((answer) => driver.verifyOnly(answer)));
      const successes = results.filter((result) => result.status === 'fulfilled' && result.value).length;
      expect(successes).toBeLessThanOrEqual(1);
      expect(await counted(user.sub, 'CODE#totp')).toBe(successes === 1 ? 0 : 1);
    }
  }, 120_000);

  it('the same code in many sign-ins at once is spent by one', async () => {
    const { factors, challenged, clock } = open({}, { CODE_ACCOUNT_LIMIT: '100' });
    const right = (await factors.totp())(clock.now());
    const flows = await Promise.all(Array.from({ length: 12 }, () => challenged()));
    const results = await Promise.allSettled(flows.map(({ driver }) => driver.verifyOnly(right)));
    expect(results.filter((result) => result.status === 'fulfilled' && result.value)).toHaveLength(1);
  });

  it('the same recovery code in many sign-ins at once is spent by one', async () => {
    const { factors, challenged } = open({}, { CODE_ACCOUNT_LIMIT: '100' });
    await factors.totp();
    const [code = ''] = await factors.recoveryCodes();
    const flows = await Promise.all(Array.from({ length: 6 }, () => challenged('recovery-code')));
    const results = await Promise.allSettled(flows.map(({ driver }) => driver.verifyOnly(code)));
    expect(results.filter((result) => result.status === 'fulfilled' && result.value)).toHaveLength(1);
  });
});

describe('guessing over restarted flows', () => {
  it('of an authenticator app ends at the limit of the account; then the method is not offered', async () => {
    const { factors, challenged, user } = open({}, { CODE_ACCOUNT_LIMIT: '5' });
    await factors.totp();
    await factors.recoveryCodes();
    for (let restart = 0; restart < 3; restart += 1) {
      const { driver, context, begun } = await challenged('totp');
      if (begun.state !== 'challenge' || begun.parameters.step !== 'totp') break;
      for (let guess = 0; guess < 3; guess += 1) await driver.answer(`00000${guess}`, context);
    }
    expect(await counted(user.sub, 'CODE#totp')).toBe(5);
    const { begun } = await challenged('totp');
    expect(begun).toMatchObject({ parameters: { step: 'recovery-code', methods: '["recovery-code"]' } });
  });

  it('without a password does not use up what the owner has after it', async () => {
    const { services, user, challenged } = open({}, { CODE_ACCOUNT_LIMIT: '3' });
    for (let restart = 0; restart < 3; restart += 1) {
      const driver = new CognitoDriver(services, user);
      const context = await contextFor(services, user, { device: `stranger-${restart}` });
      await driver.start();
      await driver.answer(JSON.stringify({ context, method: 'magic-link' }), withContext(context));
      for (let guess = 0; guess < 3; guess += 1) {
        await driver.answer(JSON.stringify({ link: `${guess}`.repeat(44) }), withContext(context));
      }
    }
    const { begun } = await challenged('email-code');
    expect(begun).toMatchObject({ parameters: { step: 'email-code' } });
  });
});

describe('an answer', () => {
  it('repeated by Cognito gets its result again, and is spent once', async () => {
    const { factors, challenged, clock } = open();
    const right = (await factors.totp())(clock.now());
    const { driver, context } = await challenged(undefined, 3);
    expect(await driver.answer(right, context)).toMatchObject({ state: 'tokens' });
  });

  it('of another person’s passkey proves nothing', async () => {
    const mine = open();
    const theirs = await open().factors.passkey();
    await mine.factors.passkey();
    const { driver, context, begun } = await mine.challenged();
    const options = JSON.parse(begun.state === 'challenge' ? (begun.parameters.options ?? '{}') : '{}');
    const answer = JSON.stringify({ credential: theirs.get(options) });
    expect(await driver.answer(answer, context)).toMatchObject({ state: 'challenge' });
  });
});

const failing = (error: Error) => async () => Promise.reject(error);
const named = (name: string) => Object.assign(new Error('u1@example.com is broken'), { name, $metadata: {} });

describe.each([
  { state: 'throttled', error: named('ProvisionedThroughputExceededException') },
  { state: 'slow', error: named('TimeoutError') },
  { state: 'broken', error: new TypeError('x is not a function') },
])('with a $state dependency there are no tokens', ({ error }) => {
  it.each([
    ['factors', 'list', 'totp'],
    ['factors', 'spendTotpStep', 'totp'],
    ['factorSecrets', 'open', 'totp'],
    ['factors', 'spendRecoveryCode', 'recovery-code'],
    ['factors', 'usePasskey', 'passkey'],
    ['passkeys', 'verify', 'passkey'],
    ['sms', 'send', 'sms-code'],
    ['methodPolicy', '', 'totp'],
    ['flows', 'claimSwitch', 'switch'],
  ] as const)('%s %s', async (port, method, by) => {
    const { factors, challenged, services, clock } = open();
    const code = (await factors.totp())(clock.now());
    await factors.phone();
    const [recovery = ''] = await factors.recoveryCodes();
    const authenticator = await factors.passkey();
    const bad = (
      method === ''
        ? { ...services, [port]: failing(error) }
        : { ...services, [port]: { ...services[port], [method]: failing(error) } }
    ) as SignInServices;
    const run = async () => {
      const { driver, context, begun } = await challenged(by === 'switch' ? 'totp' : by, 1, bad);
      const options = begun.state === 'challenge' ? JSON.parse(begun.parameters.options ?? 'null') : null;
      const answers: Record<string, string> = {
        totp: code,
        'recovery-code': recovery,
        switch: '{"method":"passkey"}',
        passkey: options && JSON.stringify({ credential: authenticator.get(options) }),
      };
      return driver.answer(answers[by] ?? '00000000', context);
    };
    await expect(run()).rejects.toThrow('UNAVAILABLE');
  });
});
