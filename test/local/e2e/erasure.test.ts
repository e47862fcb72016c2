import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { FunctionRuntime } from '../../../local/functions/runtime.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { enrolTotp } from '../../support/enrolments.ts';
import { becomeOperator, subIn } from '../../support/operator.ts';
import { eventsOf } from '../../support/outbox.ts';

let running: RunningCloud;
let dynamo: DynamoDBClient;
beforeAll(async () => {
  const limits = ['WafSignInLimit', 'WafRegistrationLimit', 'WafRecoveryLimit'];
  running = await openCloud({
    testSourceIp: true,
    parameters: {
      ...Object.fromEntries(limits.map((limit) => [limit, '100000'])),
      RegistrationsPerAddressPerHour: '1000',
    },
  });
  const { region, endpoints, credentials } = running.outputs;
  dynamo = new DynamoDBClient({ region, endpoint: endpoints.aws, credentials });
});
afterAll(async () => {
  dynamo?.destroy();
  await running?.stop();
});

const tableNames = (): Record<'profiles' | 'consents' | 'risk' | 'audit', string> => {
  const erasure = (running.cloud.functions as FunctionRuntime).find('erasure');
  const { PROFILES_TABLE, CONSENTS_TABLE, RISK_TABLE, AUDIT_TABLE } =
    erasure?.specification.environment ?? {};
  return {
    profiles: String(PROFILES_TABLE),
    consents: String(CONSENTS_TABLE),
    risk: String(RISK_TABLE),
    audit: String(AUDIT_TABLE),
  };
};

/** Every item of a table; only a test may look at all of it. */
async function everything(table: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let from: Record<string, never> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await dynamo.send(
      new ScanCommand({ TableName: table, ...(from && { ExclusiveStartKey: from }) }),
    );
    found.push(...Items.map((item) => unmarshall(item)));
    from = LastEvaluatedKey as typeof from;
  } while (from);
  return found;
}

const about = (text: string) => (item: Record<string, unknown>) =>
  JSON.stringify(item, (_, value: unknown) => (value instanceof Set ? [...value] : value)).includes(text);

/** Lambda tries an event again after minutes on the cloud's clock: ten seconds pass between two looks. */
const isCompleted = (sub: string) =>
  expect
    .poll(
      async () => {
        const events = await eventsOf(running, sub);
        if (events.some(({ type }) => type === 'erasure.completed')) return true;
        running.clock.advance(10_000);
        return false;
      },
      { timeout: 60_000, interval: 500 },
    )
    .toBe(true);

const erase = ({ api }: Customer, body: unknown = { confirm: true }) =>
  api.send<{ code?: string; state?: string; stepUp?: object }>('POST', '/v1/me/erasure', body);

const profileStatus = async ({ api }: Customer) => (await api.send('GET', '/v1/me/profile')).status;

async function someone(): Promise<{ customer: Customer; sub: string }> {
  const customer = await (await new Customer(running.outputs).register()).signIn();
  return { customer, sub: subIn(customer.api.accessToken) };
}

/** Nothing of the person is in any table but what docs/privacy-and-consent.md says. */
async function expectNothingLeft(sub: string, email: string): Promise<void> {
  const names = tableNames();
  const profiles = (await everything(names.profiles)).filter(
    (item) => about(sub)(item) || about(email)(item),
  );
  expect(profiles.map(({ item, reason }) => ({ item, reason }))).toEqual([
    { item: 'lock', reason: 'erased' },
  ]);
  expect(Object.keys(profiles[0] ?? {}).sort()).toEqual(['at', 'by', 'id', 'item', 'reason', 'sub', 'ttl']);
  const risk = (await everything(names.risk)).filter((item) => about(sub)(item) || about(email)(item));
  // Flows expire within the hour; the cutoff and the cookies that it keeps out, with the longest session.
  const kept = ['FLOW', 'SUB', 'BROWSER', 'IDENTIFIER', 'ADDRESS', 'CONTEXT', 'SESSION'];
  const kinds = risk.map(({ subject }) => String(subject).split('#')[0] ?? '');
  expect(kinds.filter((kind) => !kept.includes(kind))).toEqual([]);
  for (const item of risk) expect(Number(item.ttl)).toBeGreaterThan(0);
  const consents = (await everything(names.consents)).filter(about(sub));
  for (const item of consents) expect(Number(item.ttl)).toBeGreaterThan(0);
  const audit = await everything(names.audit);
  expect(audit.filter(about(email))).toEqual([]);
}

describe('erasing an account', { timeout: 120_000 }, () => {
  it('closes every door at once, erases, and lets the address register anew', async () => {
    const { customer, sub } = await someone();
    await customer.api.expect(200, 'GET', '/v1/me/data');
    expect((await erase(customer)).body).toEqual({ state: 'erasing' });
    expect(await profileStatus(customer)).toBe(401);
    expect((await customer.startSignIn()).body.state).not.toBe('signed-in');
    const { refreshToken } = customer;
    expect((await customer.api.send('POST', '/v1/sessions/refresh', { refreshToken })).status).toBe(401);

    await isCompleted(sub);
    expect((await customer.startSignIn()).body.code).toBe('SIGN_IN_REJECTED');
    const completed = (await eventsOf(running, sub)).find(({ type }) => type === 'erasure.completed');
    expect(completed?.data).toMatchObject({
      farewell: 'sent',
      kept: ['consents', 'audit', 'session-cutoff'],
    });
    const mail = await customer.mailbox.next(customer.email, ({ subject }) => subject.includes('deleted'));
    expect(mail).toBeDefined();
    await expectNothingLeft(sub, customer.email);

    const again = await (await new Customer(running.outputs, customer.email).register()).signIn();
    expect(subIn(again.api.accessToken)).not.toBe(sub);
    expect(await profileStatus(again)).toBe(200);
  });

  it('takes factors, devices, names and cookies with it', async () => {
    const { customer, sub } = await someone();
    const app = await enrolTotp(customer, () => running.clock.now());
    const refused = await erase(customer);
    expect(refused.body).toMatchObject({ code: 'STEP_UP_REQUIRED', stepUp: { level: 2 } });
    const asked = await customer.api.expect<{ flow: string }>(200, 'POST', '/v1/me/step-up', {
      method: 'totp',
    });
    const answer = { flow: asked.body.flow, answer: app.code() };
    await customer.api.expect(200, 'POST', '/v1/me/step-up/answer', answer);
    await customer.api.expect(201, 'POST', '/v1/me/recovery-codes');
    const { body } = await customer.api.expect<{ devices: { id: string }[] }>(200, 'GET', '/v1/me/devices');
    for (const { id } of body.devices) {
      await customer.api.expect(204, 'PATCH', `/v1/me/devices/${id}`, { name: 'Kitchen' });
    }
    const before = (await everything(tableNames().profiles)).filter(about(sub));
    expect(before.map(({ item }) => String(item).split('#')[0])).toEqual(
      expect.arrayContaining(['profile', 'factor', 'factors', 'claim', 'session', 'device']),
    );
    expect((await erase(customer)).status).toBe(202);
    await isCompleted(sub);
    await expectNothingLeft(sub, customer.email);
  });

  it.each([
    {
      what: 'the function dies',
      fault: { service: 'lambda', operation: 'erasure', name: 'Error' },
      times: 2, // as often as Lambda tries an event again; then it is in the queue of failures
    },
    {
      what: 'the user pool fails',
      fault: { service: 'cognito-idp', operation: 'AdminDeleteUser', name: 'InternalErrorException' },
      times: 4,
    },
    {
      what: 'a deletion fails',
      fault: { service: 'dynamodb', operation: 'DeleteItem', name: 'InternalServerError' },
      times: 4,
    },
    {
      what: 'the mail service fails once',
      fault: { service: 'ses', operation: 'SendEmail', name: 'InternalServiceErrorException' },
      times: 4,
    },
    {
      what: 'the end is not taken',
      fault: { service: 'dynamodb', operation: 'Query', name: 'InternalServerError' },
      times: 4,
    },
  ])('goes on where it stopped when $what', async ({ fault: { service, operation, name }, times }) => {
    const { customer, sub } = await someone();
    expect((await erase(customer)).status).toBe(202);
    running.faults.add({ service, operation, effect: { kind: 'error', name, status: 500 }, times });
    await isCompleted(sub);
    running.faults.clear();
    await expectNothingLeft(sub, customer.email);
    expect((await eventsOf(running, sub)).filter(({ type }) => type === 'erasure.completed')).toHaveLength(1);
  });

  it('is shown to operators, who cannot undo it', async () => {
    const { customer, sub } = await someone();
    const { customer: operator } = await someone();
    await becomeOperator(running, operator);
    running.faults.add({
      service: 'lambda',
      operation: 'erasure',
      // No environment is free: Lambda keeps the request and tries again, however long what follows takes.
      effect: { kind: 'error', name: 'TooManyRequestsException' },
      times: 10_000,
    });
    expect((await erase(customer)).status).toBe(202);
    const look = { identifier: customer.email, reason: 'owner-asked' };
    const found = await operator.api.expect<{ enabled: boolean; lock?: { reason: string } }>(
      200,
      'POST',
      '/v1/admin/people/look-up',
      look,
    );
    expect(found.body).toMatchObject({ enabled: false, lock: { reason: 'erasure', by: sub } });
    const unlock = await operator.api.send<{ code: string }>('POST', `/v1/admin/people/${sub}/unlock`, {
      reason: 'owner-asked',
    });
    expect(unlock).toMatchObject({ status: 409, body: { code: 'ERASURE_UNDER_WAY' } });
    expect((await customer.startSignIn()).body.code).toBe('SIGN_IN_REJECTED');
    running.faults.clear();
    await isCompleted(sub);
    expect(
      (await operator.api.send<{ code: string }>('POST', '/v1/admin/people/look-up', look)).body.code,
    ).toBe('ACCOUNT_UNKNOWN');
  });

  it('leaves nothing behind of what else happens at that very moment, and no way in', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { customer, sub } = await someone();
      const { api, email, refreshToken } = customer;
      const { body } = await api.expect<{ devices: { id: string }[] }>(200, 'GET', '/v1/me/devices');
      const profile = await api.expect<{ version: number }>(200, 'GET', '/v1/me/profile');
      const tokens: string[] = [];
      const refresh = async () => {
        const answer = await api.send<{ accessToken?: string }>('POST', '/v1/sessions/refresh', {
          refreshToken,
        });
        if (answer.body.accessToken) tokens.push(answer.body.accessToken);
      };
      const change = (fields: object) =>
        api.send('PATCH', '/v1/me/profile', { fields }, { 'if-match': `"${profile.body.version}"` });
      const acts = [
        () => erase(customer),
        refresh,
        () => change({ displayName: 'Ada' }),
        () => api.send('POST', '/v1/me/recovery-codes'),
        () => api.send('POST', '/v1/me/totp'),
        () => api.send('PUT', '/v1/me/consents/newsletter', { decision: 'withdrawn' }),
        () => api.send('PATCH', `/v1/me/devices/${body.devices[0]?.id}`, { name: 'Kitchen' }),
        () => api.send('POST', '/v1/me/step-up', { method: 'email-code' }),
        () => api.send('POST', '/v1/password-resets', { identifier: email }),
        () => customer.startSignIn(),
        () => erase(customer),
      ];
      await Promise.all(acts.map((_, index) => acts[(index + round * 3) % acts.length]?.()));
      await isCompleted(sub);
      for (const accessToken of [api.accessToken, ...tokens]) {
        api.accessToken = accessToken;
        expect(await profileStatus(customer)).toBe(401);
      }
      await expect
        .poll(() => expectNothingLeft(sub, email).then(() => 'nothing'), { timeout: 20_000 })
        .toBe('nothing');
    }
  });

  it('touches nobody else', async () => {
    const [leaving, staying] = [await someone(), await someone()];
    // Rows of sessions and devices come behind the answer, at their own pace.
    const owned = async () =>
      (await everything(tableNames().profiles))
        .filter((item) => about(staying.sub)(item) && !/^(session|device)#/.test(String(item.item)))
        .toSorted((left, right) => String(left.item).localeCompare(String(right.item)));
    const kept = await owned();
    await erase(leaving.customer);
    await isCompleted(leaving.sub);
    expect(await owned()).toEqual(kept);
    expect(await profileStatus(staying.customer)).toBe(200);
  });

  it('asks for a word and for a fresh proof', async () => {
    const { customer } = await someone();
    for (const body of [{}, { confirm: false }, { confirm: true, sub: 'somebody' }]) {
      expect((await erase(customer, body)).body.code).toBe('REQUEST_INVALID');
    }
    running.clock.advance(9 * 60_000 + 30_000);
    await customer.api.expect(200, 'GET', '/v1/me/data');
    running.clock.advance(60_000);
    const token = await customer.api.expect<{ accessToken: string }>(200, 'POST', '/v1/sessions/refresh', {
      refreshToken: customer.refreshToken,
    });
    customer.api.accessToken = token.body.accessToken;
    expect((await erase(customer)).body.code).toBe('STEP_UP_REQUIRED');
    expect((await customer.api.send<{ code: string }>('GET', '/v1/me/data')).body.code).toBe(
      'STEP_UP_REQUIRED',
    );
    expect(await profileStatus(customer)).toBe(200);
  });
});
