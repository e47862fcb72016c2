import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignInServices } from '../../lambdas/sign-in/services.ts';
import { CognitoDriver, codeIn, contextFor, testUser, withContext } from '../support/sign-in/driver.ts';
import { testSignIn } from '../support/sign-in/services.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// security.md: "Fail-open": never tokens without the required factors, whatever is broken
let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

const failing = (error: Error) => async () => {
  throw error;
};
const named = (name: string) => Object.assign(new Error('u1@example.com is broken'), { name, $metadata: {} });

/** Every port method that a whole sign-in with a challenge uses. */
const dependencies: readonly (readonly [keyof SignInServices, string])[] = [
  ['pseudonyms', 'of'],
  ['contexts', 'read'],
  ['flows', 'open'],
  ['flows', 'find'],
  ['flows', 'begin'],
  ['flows', 'claimCode'],
  ['flows', 'claimAnswer'],
  ['flows', 'acceptAnswer'],
  ['histories', 'find'],
  ['histories', 'replace'],
  ['counters', 'read'],
  ['consents', ''],
  ['mailer', 'send'],
];

function broken(services: SignInServices, [port, method]: (typeof dependencies)[number], error: Error) {
  if (method === '') return { ...services, [port]: failing(error) };
  return { ...services, [port]: { ...services[port], [method]: failing(error) } } as SignInServices;
}

async function signIn(good: SignInServices, bad: SignInServices, code: () => string) {
  const user = testUser();
  const context = withContext(await contextFor(good, user));
  const driver = new CognitoDriver(bad, user);
  try {
    await driver.password(context);
    await driver.answer('{}', context);
    return { outcome: await driver.answer(code(), context), errors: driver.errors };
  } catch (error) {
    return { thrown: (error as Error).message, errors: driver.errors };
  }
}

describe.each([
  { state: 'throttled', error: named('ProvisionedThroughputExceededException') },
  { state: 'slow', error: named('TimeoutError') },
  { state: 'broken', error: new TypeError('x is not a function') },
])('with a $state dependency', ({ error }) => {
  it.each(dependencies)('%s %s: no tokens, one stable code, no address in the log', async (port, method) => {
    const { services, mails } = testSignIn(tables.client);
    const bad = broken(services, [port, method], error);
    const result = await signIn(services, bad, () => codeIn(mails.at(-1)?.text));
    expect(result).toMatchObject({ thrown: 'UNAVAILABLE', errors: [{ code: 'UNAVAILABLE' }] });
    expect(JSON.stringify(result.errors)).not.toContain('@example.com');
  });
});

describe('with garbled answers', () => {
  it.each([
    { given: 'a flow of somebody else', flow: { account: 'somebody else' } },
    { given: 'a flow of another client', flow: { client: 'other' } },
    { given: 'a flow of another id', flow: { id: 'x'.repeat(22) } },
    { given: 'a denied flow', flow: { state: 'denied' } },
    { given: 'an unknown state', flow: { state: 'whatever' } },
    { given: 'no state', flow: { state: undefined } },
  ])('$given issues nothing', async ({ flow }) => {
    const { services, mails } = testSignIn(tables.client);
    const garbled: SignInServices = {
      ...services,
      flows: {
        ...services.flows,
        find: async (...given) => {
          const found = await services.flows.find(...given);
          return found && ({ ...found, ...flow } as typeof found);
        },
      },
    };
    const result = await signIn(services, garbled, () => codeIn(mails.at(-1)?.text));
    expect(result.outcome?.state).not.toBe('tokens');
  });
});

describe('a mail that cannot be sent', () => {
  it('gives its claim back, so that a repeated trigger sends it', async () => {
    let tries = 0;
    const sent: string[] = [];
    const { services } = testSignIn(
      tables.client,
      {},
      {
        mailer: {
          send: async (mail) => {
            tries += 1;
            if (tries === 1) throw named('TimeoutError');
            sent.push(mail.text);
          },
        },
      },
    );
    const user = testUser();
    const driver = new CognitoDriver(services, user);
    await driver.password();
    await expect(driver.answer('{}')).rejects.toThrow('UNAVAILABLE');
    expect(await driver.answer('{}')).toMatchObject({ state: 'failed' });
    expect(sent).toEqual([]);
    const again = new CognitoDriver(services, user);
    await again.password();
    await again.answer('{}');
    expect(await again.answer(codeIn(sent[0]))).toMatchObject({ state: 'tokens' });
  });
});

describe('the session array', () => {
  const pass = (challengeName: string, challengeMetadata: string | null = null) => ({
    challengeName,
    challengeResult: true,
    challengeMetadata,
  });
  it.each([
    {
      given: 'a custom challenge without password',
      session: [pass('CUSTOM_CHALLENGE', `begin:${'f'.repeat(22)}`)],
    },
    { given: 'a password without SRP_A', session: [pass('PASSWORD_VERIFIER')] },
    {
      given: 'a wrong password',
      session: [pass('SRP_A'), { ...pass('PASSWORD_VERIFIER'), challengeResult: false }],
    },
    { given: 'a native factor', session: [pass('SRP_A'), pass('PASSWORD_VERIFIER'), pass('SMS_MFA')] },
    {
      given: 'a new password without the old one',
      session: [pass('SRP_A'), pass('NEW_PASSWORD_REQUIRED')],
    },
    {
      given: 'a code of an unknown flow',
      session: [
        pass('SRP_A'),
        pass('PASSWORD_VERIFIER'),
        pass('CUSTOM_CHALLENGE', `begin:${'f'.repeat(22)}`),
        pass('CUSTOM_CHALLENGE', `email-code:${'f'.repeat(22)}`),
      ],
    },
  ])('with $given fails', async ({ session }) => {
    const { services } = testSignIn(tables.client);
    const driver = new CognitoDriver(services, testUser());
    expect(await driver.defineWith(session)).toEqual({ issueTokens: false, failAuthentication: true });
  });
});
