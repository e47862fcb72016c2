import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CognitoDriver, codeIn, testUser } from '../support/sign-in/driver.ts';
import { testSignIn } from '../support/sign-in/services.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// security.md: "Code or lockout race", "Code guessing over many sessions", "Replay, cross-flow use"
let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

const counted = async (sub: string): Promise<number> => {
  const key = marshall({ subject: `ACCOUNT#${sub}`, kind: 'CODE#email-code' });
  const { Item } = await tables.client.send(
    new GetItemCommand({ TableName: 'risk', Key: key, ConsistentRead: true }),
  );
  return Item ? (unmarshall(Item).count as number) : 0;
};

async function challenged(env: Record<string, string> = {}, user = testUser()) {
  const opened = testSignIn(tables.client, env);
  const driver = new CognitoDriver(opened.services, user);
  const begun = await driver.password();
  await driver.answer('{}');
  const flow = begun.state === 'challenge' ? (begun.parameters.flow ?? '') : '';
  return { ...opened, driver, user, flow, code: codeIn(opened.mails.at(-1)?.text) };
}

const wrongCodes = (count: number, right: string) =>
  Array.from({ length: count }, (_, index) => `${10_000_000 + index}`).map((code) =>
    code === right ? '99999999' : code,
  );

describe('100 parallel answers of which one is right', () => {
  it('evaluate one per round, succeed at most once and are counted exactly, 50 times over', async () => {
    for (let run = 0; run < 50; run += 1) {
      const { driver, user, code, services, flow } = await challenged();
      const answers = wrongCodes(99, code);
      answers.splice((run * 37) % 100, 0, code);
      const results = await Promise.allSettled(answers.map((answer) => driver.verifyOnly(answer)));
      const successes = results.filter((result) => result.status === 'fulfilled' && result.value).length;
      const stored = await services.flows.find(flow, { consistent: true });
      expect(successes).toBeLessThanOrEqual(1);
      expect(stored?.attempts).toBe(1);
      expect(stored?.state).toBe(successes === 1 ? 'proven' : 'challenged');
      expect(await counted(user.sub)).toBe(successes === 1 ? 0 : 1);
    }
  }, 300_000);
});

describe('guessing over restarted flows', () => {
  it('ends at the limit of the account, not of the flow', async () => {
    const user = testUser();
    for (let restart = 0; restart < 4; restart += 1) {
      const { driver, services, code } = await challenged({ CODE_ACCOUNT_LIMIT: '5' }, user);
      if (code === '') break;
      for (const guess of wrongCodes(3, code)) await driver.answer(guess);
      expect(services.codes.accountLimit).toBe(5);
    }
    expect(await counted(user.sub)).toBe(5);
    const blocked = await challenged({ CODE_ACCOUNT_LIMIT: '5' }, user);
    expect(blocked.code).toBe(''); // what cannot be guessed is still offered: a link
  });

  it('is free again an hour later', async () => {
    const user = testUser();
    const first = await challenged({ CODE_ACCOUNT_LIMIT: '3' }, user);
    for (const guess of wrongCodes(3, first.code)) await first.driver.answer(guess);
    const opened = testSignIn(tables.client, { CODE_ACCOUNT_LIMIT: '3' });
    opened.clock.advance(3_601_000);
    const driver = new CognitoDriver(opened.services, user);
    await driver.password();
    await driver.answer('{}');
    expect(await driver.answer(codeIn(opened.mails[0]?.text))).toMatchObject({ state: 'tokens' });
  });

  it('counts in parallel flows of one account too', async () => {
    const user = testUser();
    const flows = [];
    for (let index = 0; index < 8; index += 1)
      flows.push(await challenged({ CODE_ACCOUNT_LIMIT: '4' }, user));
    await Promise.allSettled(flows.map(({ driver }) => driver.verifyOnly('00000000')));
    expect(await counted(user.sub)).toBeLessThanOrEqual(4);
  });
});

describe('a code', () => {
  it('is good once: the same answer to another round or flow is not', async () => {
    const user = testUser();
    const first = await challenged({}, user);
    expect(await first.driver.answer(first.code)).toMatchObject({ state: 'tokens' });
    const second = await challenged({}, user);
    expect(await second.driver.verifyOnly(first.code)).toBe(first.code === second.code);
  });

  it('of flow A is nothing in flow B, nor of another user or client', async () => {
    const user = testUser();
    const [a, b] = [await challenged({}, user), await challenged({}, user)];
    expect(await b.driver.verifyOnly(a.code)).toBe(a.code === b.code);
    const stranger = new CognitoDriver(a.services, testUser());
    const otherClient = new CognitoDriver(a.services, user, { client: 'other' });
    for (const thief of [stranger, otherClient]) {
      Object.assign(thief, { pending: Reflect.get(a.driver, 'pending') });
      expect(await thief.verifyOnly(a.code)).toBe(false);
    }
    expect(await a.driver.answer(a.code)).toMatchObject({ state: 'tokens' });
  });

  it('repeated by Cognito gets its result again, another answer to that round does not', async () => {
    const { driver, code } = await challenged();
    expect(await driver.verifyOnly(code)).toBe(true);
    expect(await driver.verifyOnly(code)).toBe(true);
    expect(await driver.verifyOnly('00000000')).toBe(false);
  });
});
