import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { totpCode, totpStep } from '../../lambdas/adapters/totp.ts';
import { codeIn, ownAccount } from '../support/own-account.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// What each change of factors, password and address costs, counted by the engine; docs/account-security.md says the same.

const units = { read: 0, write: 0 };
let tables: TestTables;
beforeAll(async () => {
  const opened = await openTables();
  tables = { ...opened, client: metered(opened.client as DynamoDBClient) as typeof opened.client };
});
afterAll(() => tables.close());

/** The client, asking each call for what it consumed. */
function metered(client: DynamoDBClient): DynamoDBClient {
  const counting = Object.create(client) as DynamoDBClient;
  counting.send = async (command: { input: object; constructor: { name: string } }) => {
    Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
    const output: unknown = await client.send(command as Parameters<DynamoDBClient['send']>[0]);
    const { ConsumedCapacity: all = [] } = output as {
      ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
    };
    const kind = /^(Get|Query)/.test(command.constructor.name) ? 'read' : 'write';
    units[kind] += [all].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    return output;
  };
  return counting;
}

it('every change stays within its budget', async () => {
  const person = ownAccount(tables);
  const { mails, messages } = person.api.security;
  const costs: Record<string, readonly number[]> = {};
  const measure = async <T extends { readonly status: number }>(
    name: string,
    run: () => Promise<T>,
  ): Promise<T> => {
    Object.assign(units, { read: 0, write: 0 });
    const answer = await run();
    expect({ name, isGood: answer.status < 300 }).toEqual({ name, isGood: true });
    costs[name] = [units.read, units.write];
    return answer;
  };
  await measure('list', () => person.call('GET /v1/me/factors'));
  const { body } = await measure('passkey options', () => person.call('POST /v1/me/passkeys/options'));
  const credential = person.authenticator.create(body.options as never);
  const passkey = await measure('passkey', () => person.call('POST /v1/me/passkeys', { credential }));
  const params = { id: passkey.body.id };
  await measure('name', () => person.call('PATCH /v1/me/passkeys/{id}', { name: 'Desk' }, { params }));
  const { secret } = (await measure('app', () => person.call('POST /v1/me/totp'))).body;
  const code = totpCode(secret, totpStep(person.api.clock.time));
  await measure('app confirmed', () => person.call('POST /v1/me/totp/confirm', { code }));
  const number = '+4915112345678';
  await measure('phone', () => person.call('POST /v1/me/phone', { number }));
  await measure('phone again', () => person.call('POST /v1/me/phone', { number }));
  const sms = codeIn(messages.at(-1)?.text);
  await measure('phone confirmed', () => person.call('POST /v1/me/phone/confirm', { code: sms }));
  await measure('recovery codes', () => person.call('POST /v1/me/recovery-codes'));
  await measure('password', () => person.call('POST /v1/me/password', { password: 'four words are plenty' }));
  await measure('address', () => person.call('POST /v1/me/email', { email: 'new@example.com' }));
  await person.call('POST /v1/me/email/confirm', { code: codeIn(mails.at(-1)?.text) });
  await person.call('POST /v1/me/email', { email: 'newer@example.com' });
  const mailed = codeIn(mails.at(-1)?.text);
  await measure('address confirmed', () => person.call('POST /v1/me/email/confirm', { code: mailed }));
  await measure('removal', () => person.call('DELETE /v1/me/totp'));
  // [read units, write units]
  expect(costs).toEqual({
    list: [1, 0],
    'passkey options': [2, 1],
    passkey: [1, 9], // the first factor
    name: [1, 4],
    app: [2, 1],
    'app confirmed': [1, 9],
    phone: [1, 2],
    'phone again': [1, 2],
    'phone confirmed': [1, 9],
    'recovery codes': [2, 6],
    password: [2, 6],
    address: [1, 3],
    'address confirmed': [3, 13],
    removal: [1, 6],
  });
});
