import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import { compileAuthentication } from '../../lib/config/authentication.ts';
import { CognitoDriver, codeIn, contextFor, testUser, withContext } from '../support/sign-in/driver.ts';
import { testSignIn } from '../support/sign-in/services.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// design.md §8: "No answer without its audit event"; security.md §2: "attempts to bypass"
let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

/** A challenged sign-in whose separately written events are kept, once per id as the store does. */
async function challenged(env: Record<string, string> = {}, user = testUser()) {
  const events = new Map<string, AuditEvent>();
  const outbox = { put: async (event: AuditEvent) => void events.set(event.id, event) };
  const opened = testSignIn(tables.client, env, { outbox });
  const driver = new CognitoDriver(opened.services, user, { deliveries: 2 });
  await driver.password();
  const asked = await driver.answer('{}');
  const flow = asked.state === 'challenge' ? asked.parameters.flow : undefined;
  return { ...opened, user, driver, flow, code: codeIn(opened.mails.at(-1)?.text), events };
}
const told = (events: ReadonlyMap<string, AuditEvent>) =>
  [...events.values()].map(({ type, reasons }) => [type, ...reasons]);

describe('an answer that is refused without being compared', () => {
  it('because the code is too old, is an event of its flow', async () => {
    const { driver, clock, code, events, flow, user } = await challenged();
    clock.advance(301_000);
    expect(await driver.answer(code)).toMatchObject({ state: 'challenge' });
    expect(told(events)).toEqual([['sign-in.code-rejected', 'CODE_EXPIRED']]);
    expect([...events.values()][0]).toMatchObject({ flow, subject: { sub: user.sub }, outcome: 'refused' });
  });

  it('because the account had too many, is an event', async () => {
    const { user } = await challenged();
    const env = { CODE_ACCOUNT_LIMIT: '3', CODE_ATTEMPTS: '5' };
    const { driver, events } = await challenged(env, user);
    for (const guess of ['00000000', '00000001', '00000002']) await driver.answer(guess);
    expect(told(events)).toEqual([]);
    await driver.answer('00000003');
    expect(told(events)).toEqual([['sign-in.code-rejected', 'CODE_LIMIT']]);
  });

  it('because another guess was first, is an event each', async () => {
    const { driver, events } = await challenged();
    await Promise.all(['00000000', '00000001', '00000002'].map((guess) => driver.verifyOnly(guess)));
    expect(told(events)).toEqual(Array(2).fill(['sign-in.code-rejected', 'CODE_NOT_COMPARED']));
  });
});

describe('a sign-in that ends without tokens', () => {
  it('after its last attempt is refused, once', async () => {
    const { driver, events, flow } = await challenged({ CODE_ATTEMPTS: '1' });
    expect(await driver.answer('00000000')).toEqual({ state: 'failed' });
    expect(told(events)).toEqual([['sign-in.refused', 'CHALLENGE_FAILED']]);
    expect([...events.values()][0]).toMatchObject({ flow });
  });

  it('because its last call named another sign-in, is refused with that reason', async () => {
    const { driver, services, user, code, events } = await challenged();
    const other = withContext(await contextFor(services, user));
    expect(await driver.answer(code, other)).toEqual({ state: 'failed' });
    expect(told(events)).toEqual([['sign-in.refused', 'FLOW_MISMATCH']]);
  });

  it('of someone without account leaves the same', async () => {
    const { driver, events } = await challenged({ CODE_ATTEMPTS: '1' }, testUser({ exists: false }));
    expect(await driver.answer('00000000')).toEqual({ state: 'failed' });
    expect(told(events)).toEqual([['sign-in.refused', 'CHALLENGE_FAILED']]);
  });

  it('because no further method is left, says so', async () => {
    const user = testUser();
    const env = { CODE_ACCOUNT_LIMIT: '3', CODE_ATTEMPTS: '5' };
    const { driver } = await challenged(env, user);
    for (const guess of ['00000000', '00000001', '00000002']) await driver.answer(guess);
    const { services } = testSignIn(tables.client, env);
    const decided: AuditEvent[] = [];
    const { open } = services.flows;
    const flows: typeof services.flows = {
      ...services.flows,
      open: async (start, event) => {
        if (event) decided.push(event);
        return open(start, event);
      },
    };
    // A link cannot be guessed, so it stays on offer unless the policy bans it.
    const { base } = compileAuthentication({ methods: { 'magic-link': 'banned' } });
    const next = new CognitoDriver({ ...services, flows, methodPolicy: async () => base }, user);
    await next.password();
    expect(await next.answer('{}')).toEqual({ state: 'failed' });
    expect(decided).toMatchObject([
      { type: 'sign-in.refused', reasons: expect.arrayContaining(['NO_METHOD_LEFT']) },
    ]);
  });
});
