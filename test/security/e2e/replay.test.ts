import { createHmac, randomBytes } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { FunctionRuntime } from '../../../local/functions/runtime.ts';
import type { SignInAnswer } from '../../../scripts/journey/api.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { riskTable } from '../../support/risk-table.ts';
import { roundOf, SdkDoor } from '../../support/sdk-door.ts';

// security.md: "Replay, cross-flow use", "Forged context", "Session fixation"
let cloud: RunningCloud;
let ada: Customer;
let eve: Customer;
beforeAll(async () => {
  cloud = await openCloud({
    testSourceIp: true,
    parameters: { CodeAccountLimit: '100', CodeMailsPerAccountPerHour: '100' },
  });
  ada = await new Customer(cloud.outputs).register();
  eve = await new Customer(cloud.outputs).register();
});
afterAll(() => cloud?.stop());

/** The same person on another device: own token, or none yet. */
const elsewhere = (customer: Customer): Customer =>
  Object.assign(Object.create(Customer.prototype) as Customer, {
    ...customer,
    api: new Customer(cloud.outputs).api,
  });

describe('over the Identity API', () => {
  it('a used code, with the handle it was used with, is worth nothing', async () => {
    const device = elsewhere(ada);
    const { flow, code } = await device.challenged();
    expect((await device.answer(flow, code)).body).toMatchObject({ state: 'signed-in' });
    expect(await device.answer(flow, code)).toMatchObject({ status: 401, body: { code: 'FLOW_REJECTED' } });
  });

  it("flow A's code in flow B is wrong, and right where it belongs", async () => {
    const [a, b] = [elsewhere(ada), elsewhere(ada)];
    const [first, second] = [await a.challenged(), await b.challenged()];
    expect((await b.answer(second.flow, first.code)).body).toMatchObject({ state: 'challenge' });
    expect((await a.answer(first.flow, first.code)).body).toMatchObject({ state: 'signed-in' });
  });

  it('the old code after a resend is wrong, the new one right', async () => {
    const device = elsewhere(ada);
    const { flow, code } = await device.challenged();
    const resent = await device.api.send<SignInAnswer>('POST', '/v1/sessions/challenge', {
      flow,
      resend: true,
    });
    if (resent.body.state !== 'challenge') throw new Error('expected a challenge');
    const newer = await device.mailbox.nextCode(device.email);
    const old = await device.answer(resent.body.flow, code);
    if (old.body.state !== 'challenge') throw new Error('the old code was taken');
    expect((await device.answer(old.body.flow, newer)).body).toMatchObject({ state: 'signed-in' });
  });

  it("another person's code is wrong", async () => {
    const [own, foreign] = [elsewhere(ada), elsewhere(eve)];
    const [mine, theirs] = [await own.challenged(), await foreign.challenged()];
    expect((await own.answer(mine.flow, theirs.code)).body).toMatchObject({ state: 'challenge' });
  });

  it('a sealed flow is refused on another device, changed, cut and of another kind', async () => {
    const [device, thief] = [elsewhere(ada), elsewhere(eve)];
    const { flow, code } = await device.challenged();
    await thief.signIn(); // has a device token of its own now
    const { refreshToken } = await elsewhere(ada).signIn();
    const parts = flow.split('.');
    const forged = [
      [thief, flow],
      [device, `${flow.slice(0, -3)}AAA`],
      [device, parts.slice(0, 4).join('.')],
      [device, parts.with(0, Buffer.from('{"alg":"none"}').toString('base64url')).join('.')],
      [device, refreshToken],
    ] as const;
    for (const [by, handle] of forged) {
      expect(await by.answer(handle, code)).toMatchObject({ status: 401, body: { code: 'FLOW_REJECTED' } });
    }
    expect(await device.api.send('POST', '/v1/sessions/refresh', { refreshToken: flow })).toMatchObject({
      status: 401,
      body: { code: 'SESSION_REJECTED' },
    });
    expect((await device.answer(flow, code)).body).toMatchObject({ state: 'signed-in' });
  });

  it("a planted device token does not make the victim's sign-in the attacker's", async () => {
    const planted = randomBytes(32).toString('base64url');
    const victim = elsewhere(ada);
    victim.api.deviceToken = planted;
    expect((await victim.startSignIn()).body.state).toBe('challenge');
    await victim.mailbox.nextCode(victim.email);
    const attacker = elsewhere(ada);
    attacker.api.deviceToken = planted;
    expect((await attacker.startSignIn()).body.state).toBe('challenge');
  });
});

describe('over the SDK door', () => {
  it("is no help with another client's session, another flow's code or another person's name", async () => {
    const door = new SdkDoor(cloud.outputs);
    const device = elsewhere(ada);
    const { code: otherDoors } = await device.challenged();
    const context = await door.context(ada.email);
    const round = roundOf(await door.begin(ada.email, ada.password, context));
    const code = await ada.mailbox.nextCode(ada.email);
    const again = roundOf(await door.answer(round, otherDoors, { vestibule_context: context }));
    const foreignClient = await door.call('RespondToAuthChallenge', {
      ChallengeName: 'CUSTOM_CHALLENGE',
      ClientId: cloud.outputs.clients.server.id,
      Session: again.session,
      ChallengeResponses: { USERNAME: again.username, ANSWER: code },
    });
    expect(foreignClient.body).not.toHaveProperty('AuthenticationResult');
    const theirs = await door.begin(eve.email, eve.password, await door.context(eve.email));
    const asEve = await door.answer({ ...roundOf(theirs), username: again.username }, code);
    expect(asEve.body).not.toHaveProperty('AuthenticationResult');
  });
});

describe('a context', () => {
  /** A device of this person that is known, as a token for `/v1/contexts`. */
  async function knownDevice(): Promise<string> {
    const device = elsewhere(ada);
    await device.signIn();
    return device.api.deviceToken ?? '';
  }

  it('of a known device opens the door once, also for two at the same time', async () => {
    const door = new SdkDoor(cloud.outputs);
    const token = await knownDevice();
    for (let run = 0; run < 3; run += 1) {
      const context = await door.context(ada.email, { 'x-vestibule-device': token });
      const metadata = { vestibule_context: context };
      const first = await door.password(ada.email, ada.password, metadata);
      expect(first.body).toHaveProperty('AuthenticationResult');
      const second = await door.password(ada.email, ada.password, metadata);
      expect(roundOf(second).step).toBe('begin');
      const begun = await door.answer(roundOf(second), JSON.stringify({ context }), metadata);
      expect(begun.body).not.toHaveProperty('AuthenticationResult');
    }
  });

  it('in two sign-ins at once is one flow and one event', async () => {
    const door = new SdkDoor(cloud.outputs);
    const context = await door.context(ada.email, { 'x-vestibule-device': await knownDevice() });
    const metadata = { vestibule_context: context };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => door.password(ada.email, ada.password, metadata)),
    );
    const tokens = answers.filter(({ body }) => body.AuthenticationResult).length;
    expect(tokens).toBeGreaterThanOrEqual(1);
    expect(tokens).toBeLessThanOrEqual(3); // Cognito's own repetitions of a trigger look the same
  });

  const claimsIn = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = (header: object, claims: object, key: string | Uint8Array) => {
    const text = `${part(header)}.${part(claims)}`;
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };

  it.each([
    { what: 'is missing', of: async () => undefined },
    { what: 'is none', of: async () => 'none' },
    {
      what: 'is unsigned',
      of: async (own: string) =>
        `${part({ alg: 'none', typ: 'vestibule-context+jwt' })}.${own.split('.')[1]}.`,
    },
    {
      what: 'is signed with another key',
      of: async (own: string) => {
        const header = JSON.parse(Buffer.from(own.split('.')[0] ?? '', 'base64url').toString()) as object;
        return signed(header, claimsIn(own), randomBytes(32));
      },
    },
    {
      what: 'has another device in it',
      of: async (own: string) => {
        const [head, , mac] = own.split('.');
        return `${head}.${part({ ...claimsIn(own), dev: 'A'.repeat(22) })}.${mac}`;
      },
    },
    { what: 'is made for somebody else', of: async (_: string, other: string) => other },
    {
      what: 'is made for a registration',
      of: async () => {
        const { body } = await ada.api.send('POST', '/v1/contexts', {
          identifier: ada.email,
          use: 'registration',
        });
        return String(body.context);
      },
    },
    {
      what: 'is signed with the raw secret',
      of: async (own: string) => {
        const { outputs } = cloud;
        const client = new SecretsManagerClient({
          region: outputs.region,
          endpoint: outputs.endpoints.aws,
          credentials: outputs.credentials,
        });
        const signIn = (cloud.cloud.functions as FunctionRuntime).find('sign-in');
        const SecretId = signIn?.specification.environment.SIGNING_SECRET;
        const secret = await client.send(new GetSecretValueCommand({ SecretId }));
        const { key } = JSON.parse(secret.SecretString ?? '{}') as { key: string };
        const header = JSON.parse(Buffer.from(own.split('.')[0] ?? '', 'base64url').toString()) as object;
        return signed(header, claimsIn(own), key);
      },
    },
  ])('that $what is never "known"', async ({ of }) => {
    const door = new SdkDoor(cloud.outputs);
    const device = { 'x-vestibule-device': await knownDevice() };
    const own = await door.context(ada.email, device);
    const forged = await of(own, await door.context(eve.email, device));
    const metadata: Record<string, string> = forged === undefined ? {} : { vestibule_context: forged };
    const begin = roundOf(await door.password(ada.email, ada.password, metadata));
    // Named on the call as well, something forged ends the sign-in; in the answer alone it is no context.
    const answer = await door.answer(begin, JSON.stringify({ context: forged, method: 'email-code' }));
    expect(roundOf(answer)).toMatchObject({ step: 'email-code', flow: begin.flow });
    const flow = await riskTable(cloud).flow(begin.flow);
    const record = JSON.parse(String(flow?.record)) as { context: Record<string, unknown> };
    expect(record.context).toMatchObject({ request: { context: 'unknown' }, device: 'unknown' });

    const code = await ada.mailbox.nextCode(ada.email);
    if (forged === undefined) return;
    const named = await door.answer(roundOf(answer), code, metadata);
    expect(named.body).not.toHaveProperty('AuthenticationResult');
  });

  it('that is too old is never "known"', async () => {
    const door = new SdkDoor(cloud.outputs);
    const context = await door.context(ada.email, { 'x-vestibule-device': await knownDevice() });
    cloud.clock.advance(301_000);
    const answer = await door.begin(ada.email, ada.password, context);
    expect(answer.body).not.toHaveProperty('AuthenticationResult');
  });
});
