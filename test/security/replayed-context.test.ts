import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterKeys } from '../../lambdas/adapters/risk-counters.ts';
import type { AccountKey } from '../../lambdas/core/challenge/flow.ts';
import type { SignInServices } from '../../lambdas/sign-in/services.ts';
import { CognitoDriver, codeIn, contextFor, testUser, withContext } from '../support/sign-in/driver.ts';
import { testPseudonyms, testSignIn } from '../support/sign-in/services.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// security.md: "Forged context", "Lockout as denial of service"
let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

/** A user whose device `laptop` in `home` is known. */
async function knownUser(env: Record<string, string> = {}) {
  const opened = testSignIn(tables.client, env);
  const user = testUser();
  const driver = new CognitoDriver(opened.services, user);
  const context = withContext(await contextFor(opened.services, user));
  await driver.password(context);
  await driver.answer('{}', context);
  expect(await driver.answer(codeIn(opened.mails.at(-1)?.text), context)).toMatchObject({ state: 'tokens' });
  opened.clock.advance(1_000);
  return { ...opened, user };
}

const readContextOf = async ({ contexts }: SignInServices, token: string) => {
  const reading = await contexts.read(token, 'sign-in');
  if (reading.status !== 'genuine') throw new Error('context: expected a genuine one');
  return reading.context;
};

describe('a context', () => {
  it('is spent by the sign-in that it belonged to', async () => {
    const { services, user } = await knownUser();
    const context = withContext(await contextFor(services, user));
    expect(await new CognitoDriver(services, user).password(context)).toMatchObject({ state: 'tokens' });
    expect(await new CognitoDriver(services, user).password(context)).toMatchObject({
      parameters: { step: 'begin' },
    });
  });

  it('is replayed in the answer to begin too', async () => {
    const { services, user, mails } = await knownUser();
    const context = await contextFor(services, user);
    await new CognitoDriver(services, user).password(withContext(context));
    const thief = new CognitoDriver(services, user);
    await thief.password();
    const asked = await thief.answer(JSON.stringify({ context }));
    expect(asked).toMatchObject({ parameters: { step: 'email-code' } });
    const flow = asked.state === 'challenge' ? (asked.parameters.flow ?? '') : '';
    expect((await services.flows.find(flow))?.record.context.request).toEqual({
      context: 'unknown',
      why: 'replayed',
    });
    expect(mails).toHaveLength(2);
  });

  it('used twice in begin opens one flow with it', async () => {
    const { services, user } = await knownUser();
    const context = JSON.stringify({ context: await contextFor(services, user) });
    const drivers = [new CognitoDriver(services, user), new CognitoDriver(services, user)];
    await Promise.all(drivers.map((driver) => driver.password()));
    const states = (await Promise.all(drivers.map((driver) => driver.answer(context)))).map(
      ({ state }) => state,
    );
    expect(states.toSorted()).toEqual(['challenge', 'tokens']);
  });

  it('of an abandoned sign-in is spent too, after the time in which Cognito repeats a trigger', async () => {
    const { services, user, clock } = await knownUser();
    const context = withContext(await contextFor(services, user));
    const session = ['SRP_A', 'PASSWORD_VERIFIER'].map((challengeName) => ({
      challengeName,
      challengeResult: true,
    }));
    const driver = new CognitoDriver(services, user);
    expect(await driver.defineWith(session, context)).toMatchObject({ issueTokens: true });
    clock.advance(16_000);
    expect(await driver.defineWith(session, context)).toMatchObject({ challengeName: 'CUSTOM_CHALLENGE' });
  });

  it.each([
    { given: "another user's", make: () => testUser(), client: 'web', seconds: 0 },
    { given: 'an expired one', make: undefined, client: 'web', seconds: 301 },
  ])('counts as unknown: $given', async ({ make, seconds }) => {
    const { services, user, clock } = await knownUser();
    const context = await contextFor(services, make?.() ?? user);
    clock.advance(seconds * 1_000);
    const outcome = await new CognitoDriver(services, user).password(withContext(context));
    expect(outcome).toMatchObject({ parameters: { step: 'begin' } });
  });

  it('other than the one of the flow fails the last call', async () => {
    const { services, user, mails } = await knownUser();
    const driver = new CognitoDriver(services, user);
    await driver.password(withContext(await contextFor(services, user, { device: 'phone' })));
    await driver.answer('{}');
    const other = withContext(await contextFor(services, user));
    expect(await driver.answer(codeIn(mails.at(-1)?.text), other)).toEqual({ state: 'failed' });
  });

  it('is the only name of a sign-in that it decides: an older flow named beside it hides nothing', async () => {
    const { services, user } = await knownUser();
    const older = await contextFor(services, user);
    expect(await new CognitoDriver(services, user).password(withContext(older))).toMatchObject({
      state: 'tokens',
    });
    const { id } = await readContextOf(services, older);
    const recorded = await services.histories.find(user.sub as AccountKey, { consistent: true });
    expect(recorded.lastFlow).toBe(id);
    const named = { ...withContext(await contextFor(services, user)), vestibule_flow: id };
    expect(await new CognitoDriver(services, user).password(named)).toMatchObject({
      state: 'challenge',
      parameters: { step: 'begin' },
    });
  });

  it('gives no tokens and teaches no device where Define did not run', async () => {
    const { services, user } = await knownUser();
    const driver = new CognitoDriver(services, user);
    const context = withContext(await contextFor(services, user, { device: 'phone' }));
    await driver.postAuthentication(context);
    await expect(driver.tokens('TokenGeneration_Authentication', context)).rejects.toThrow('UNAVAILABLE');
    const next = withContext(await contextFor(services, user, { device: 'phone' }));
    expect(await new CognitoDriver(services, user).password(next)).toMatchObject({ state: 'challenge' });
  });
});

describe('failures from elsewhere', () => {
  const fail = async (services: Awaited<ReturnType<typeof knownUser>>['services'], email: string) => {
    const identifier = await testPseudonyms.of('identifier', email);
    for (let count = 0; count < 40; count += 1) {
      await services.counters.count(counterKeys.identifierFailures(identifier));
    }
  };

  it('do not lock out, nor even challenge, the known device', async () => {
    const { services, user } = await knownUser();
    await fail(services, user.email);
    const context = withContext(await contextFor(services, user));
    expect(await new CognitoDriver(services, user).password(context)).toMatchObject({ state: 'tokens' });
  });

  it('leave the owner a way in from a new device', async () => {
    const { services, user, mails } = await knownUser();
    await fail(services, user.email);
    const driver = new CognitoDriver(services, user);
    const context = withContext(await contextFor(services, user, { device: 'phone', network: 'office' }));
    await driver.password(context);
    await driver.answer('{}', context);
    expect(await driver.answer(codeIn(mails.at(-1)?.text), context)).toMatchObject({ state: 'tokens' });
  });

  it('deny a new device at an address that fails for everybody', async () => {
    const { services, user } = await knownUser();
    await fail(services, user.email);
    const address = await testPseudonyms.of('address', 'botnet');
    for (let count = 0; count < 30; count += 1) {
      await services.counters.count(counterKeys.addressFailures(address));
    }
    const context = withContext(await contextFor(services, user, { device: 'bot', network: 'botnet' }));
    expect(await new CognitoDriver(services, user).password(context)).toEqual({ state: 'failed' });
  });
});
