import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { FunctionRuntime } from '../../../local/functions/runtime.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { openOperator } from '../../support/operator.ts';

let cloud: RunningCloud;
let put: (item: object) => Promise<unknown>;
let owner: Customer;
let sub: string;
beforeAll(async () => {
  const limits = ['WafSignInLimit', 'WafRegistrationLimit', 'WafRecoveryLimit'];
  cloud = await openCloud({
    parameters: {
      ...Object.fromEntries(limits.map((limit) => [limit, '100000'])),
      RegistrationsPerAddressPerHour: '1000',
    },
  });
  put = intoProfiles(cloud);
});
afterAll(() => cloud?.stop());
beforeEach(async () => {
  owner = await (await new Customer(cloud.outputs).register()).signIn();
  sub = subIn(owner.api.accessToken ?? '');
});

const subIn = (jwt: string): string =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).sub;

/** A factor that is lost is one that nobody can use: it is written by hand. */
function intoProfiles({ cloud: local, outputs }: RunningCloud) {
  const specification = (local.functions as FunctionRuntime).find('auth-api')?.specification;
  const TableName = specification?.environment.PROFILES_TABLE;
  const client = new DynamoDBClient({
    region: outputs.region,
    endpoint: outputs.endpoints.aws,
    credentials: outputs.credentials,
  });
  return (item: object) => client.send(new PutItemCommand({ TableName, Item: marshall(item) }));
}

const delayMs = 72 * 3_600_000;
const enrol = () =>
  put({
    sub,
    item: 'factor#totp',
    kind: 'totp',
    name: 'Phone',
    sealedSecret: 'lost with the phone',
    lastStep: 0,
    enrolledAt: new Date().toISOString(),
  });
const call = (path: string, body: object) =>
  owner.api.send<{ code?: string; state?: string; readyAt?: string }>('POST', `/v1/recoveries${path}`, body);
async function proof(password = owner.password) {
  expect((await call('', { identifier: owner.email, locale: 'en' })).status).toBe(202);
  return { identifier: owner.email, code: await owner.mailbox.nextCode(owner.email), password };
}
const activity = async (person: Customer) => {
  const { body } = await person.api.expect<{ events: { type: string }[] }>(200, 'GET', '/v1/me/activity');
  return body.events.map(({ type }) => type);
};

describe('a recovery', () => {
  it('is not needed by somebody without a further factor', async () => {
    expect((await call('/confirm', await proof())).body).toEqual({ state: 'not-needed' });
  });

  it('waits, mails a link, is completed after its time, and ends every session', async () => {
    await enrol();
    const started = await call('/confirm', await proof());
    expect([started.status, started.body.state]).toEqual([200, 'waiting']);
    const delay = Date.parse(started.body.readyAt ?? '') - cloud.clock.now();
    expect(delay / 3_600_000).toBeCloseTo(72, 1);
    expect(await activity(owner)).toContain('recovery.requested');

    expect(await call('/complete', await proof())).toMatchObject({
      status: 409,
      body: { code: 'RECOVERY_WAITING' },
    });
    cloud.clock.advance(delayMs);
    const completed = await call('/complete', await proof());
    expect([completed.status, completed.body.state]).toEqual([200, 'completed']);
    const { refreshToken } = owner;
    const refreshed = await owner.api.send('POST', '/v1/sessions/refresh', { refreshToken });
    expect(refreshed).toMatchObject({ status: 401, body: { code: 'SESSION_REJECTED' } });
    const again = new Customer(cloud.outputs, owner.email);
    Object.assign(again, { password: owner.password });
    await again.signIn(); // mailbox and password are enough again
    expect(await activity(again)).toContain('recovery.completed');
  });

  it('is stopped by the link of its notice, which does nothing when it is opened', async () => {
    await enrol();
    await call('/confirm', await proof());
    const token = await cancelTokenOf(owner);
    expect((await owner.api.send('GET', '/v1/recoveries/cancel')).status).not.toBe(200);
    expect(
      (await call('/cancel', { token: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}` })).status,
    ).toBe(400);
    for (let times = 0; times < 2; times += 1) {
      expect(await call('/cancel', { token })).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    }
    cloud.clock.advance(delayMs);
    expect(await call('/complete', await proof())).toMatchObject({
      status: 400,
      body: { code: 'RECOVERY_REJECTED' },
    });
  });

  it('is stopped by a sign-in with a further factor', async () => {
    const { person, signInWithPasskey } = await openOperator(cloud, { isOperator: false });
    owner = person;
    expect((await call('/confirm', await proof())).body.state).toBe('waiting');
    await signInWithPasskey();
    await expect.poll(() => activity(person), { timeout: 30_000 }).toContain('recovery.cancelled');
    cloud.clock.advance(delayMs);
    expect((await call('/complete', await proof())).body.code).toBe('RECOVERY_REJECTED');
  });

  it('says the same to a wrong code, a wrong password and a stranger, and nothing before it is asked', async () => {
    await enrol();
    const right = await proof();
    const refused = [
      { ...right, code: right.code === '00000000' ? '11111111' : '00000000' },
      { ...right, password: 'another password of mine' },
      { ...right, identifier: `nobody.${owner.email}` },
    ];
    const answers = await Promise.all(refused.map((body) => call('/confirm', body)));
    const said = answers.map(({ status, body: { code, ...rest } }) => {
      const { requestId: _, instance: __, ...shown } = rest as Record<string, unknown>;
      return JSON.stringify({ status, code, shown });
    });
    expect(new Set(said).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 400, body: { code: 'RECOVERY_REJECTED' } });
  });
});

async function cancelTokenOf({ mailbox, email }: Customer): Promise<string> {
  let token: string | undefined;
  await expect
    .poll(
      async () => {
        const mails = await mailbox.list(email);
        token = mails.map(({ text }) => /\/recovery\/cancel#(\S+)/.exec(text ?? '')?.[1]).find(Boolean);
        return token;
      },
      { timeout: 20_000 },
    )
    .toBeDefined();
  return token ?? '';
}
