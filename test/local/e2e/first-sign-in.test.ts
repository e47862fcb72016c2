import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { IdentityApi, type SignInAnswer } from '../../../scripts/journey/api.ts';
import { readForm, requiredConsents } from '../../../scripts/journey/registration.ts';
import { signInWithSdk } from '../../../scripts/journey/sdk-door.ts';
import { BrowserPage } from '../../support/browser-page.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { SdkDoor } from '../../support/sdk-door.ts';

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterAll(() => cloud?.stop());

const page = () => new BrowserPage(cloud.outputs, BrowserPage.originOf());
type Calls = Pick<BrowserPage, 'expect'> | Pick<IdentityApi, 'expect'>;

/** The triggers of a sign-in, and nothing that works behind the answer. */
const signIn = /TriggersSignIn/;

/** Sends the form. @returns what types the mailed code */
async function registers(device: Calls, { api, email, password, mailbox }: Customer) {
  const consents = requiredConsents(await readForm(api));
  const form = { email, password, locale: 'en', consents };
  const { body } = await device.expect<{ registration: string; deviceToken?: string }>(
    202,
    'POST',
    '/v1/registrations',
    form,
  );
  const { registration, deviceToken } = body;
  return {
    deviceToken,
    confirm: async (on: Calls) => {
      const code = await mailbox.nextCode(email);
      return on.expect<{ deviceToken?: string }>(200, 'POST', '/v1/registrations/confirm', {
        email,
        registration,
        code,
      });
    },
  };
}
const sentTo = async ({ mailbox, email }: Customer) => (await mailbox.list(email)).length;

describe('who registers and types the code in one browser', () => {
  it('signs in there without a second code, and elsewhere with one', async () => {
    const [person, own, other] = [new Customer(cloud.outputs), page(), page()];
    const { confirm } = await registers(own, person);
    const { headers, body } = await confirm(own);
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-vestibule-device=[\w-]{43};/)]);
    expect(body).toEqual({ state: 'confirmed' });
    expect((await own.startSignIn(person)).body.state).toBe('signed-in');
    expect((await own.startSignIn(person)).body.state).toBe('signed-in');
    expect(await sentTo(person)).toBe(1);
    expect((await other.startSignIn(person)).body.state).toBe('challenge');
  });

  it('costs two writes at the confirmation, and two reads and a write at the first sign-in', async () => {
    const measured = async (work: () => Promise<unknown>, own: RegExp) => {
      cloud.meter.reset();
      await work();
      const of = (kind: string) =>
        Object.entries(cloud.meter.read())
          .filter(([name]) => name.startsWith(`dynamodb:${kind}:function:`) && own.test(name))
          .reduce((sum, [, count]) => sum + count, 0);
      return { read: of('rru'), write: of('wru') };
    };
    const confirmation = async (elsewhere: boolean) => {
      const [person, own] = [new Customer(cloud.outputs), page()];
      const { confirm } = await registers(own, person);
      const costs = await measured(() => confirm(elsewhere ? page() : own), /Registration/);
      return { person, own, costs };
    };
    const [unknown, known] = [await confirmation(true), await confirmation(false)];
    expect(unknown.costs.write).toBeGreaterThan(0);
    expect(known.costs).toEqual({ read: unknown.costs.read, write: unknown.costs.write + 2 });
    const visit = async () => {
      const { body } = await known.own.startSignIn(known.person);
      expect(body.state).toBe('signed-in');
    };
    const [first, second] = [await measured(visit, signIn), await measured(visit, signIn)];
    // A touch that is refused, and two consistent reads, by which the event can say "first".
    expect(first).toEqual({ read: second.read + 2, write: second.write + 1 });
    expect(second).toEqual({ read: 1.5, write: 2 });
  });

  it('is an app too, which sends its device token and keeps the next one', async () => {
    const person = new Customer(cloud.outputs);
    const app = new IdentityApi(cloud.outputs.endpoints.identityApi);
    const { confirm, deviceToken } = await registers(app, person);
    app.deviceToken = deviceToken ?? '';
    const next = (await confirm(app)).body.deviceToken;
    const start = async (token: string | undefined) => {
      const { email: identifier, password } = person;
      const headers: Record<string, string> = token === undefined ? {} : { 'x-vestibule-device': token };
      const api = new IdentityApi(cloud.outputs.endpoints.identityApi, headers);
      const { body } = await api.send<SignInAnswer>('POST', '/v1/sessions', { identifier, password });
      return body.state;
    };
    expect(await start(deviceToken)).toBe('challenge');
    expect(await start(next)).toBe('signed-in');
  });

  it('is known to the SDK door as well', async () => {
    const person = new Customer(cloud.outputs);
    const app = new IdentityApi(cloud.outputs.endpoints.identityApi);
    const { confirm, deviceToken } = await registers(app, person);
    app.deviceToken = deviceToken ?? '';
    const next = (await confirm(app)).body.deviceToken ?? '';
    const context = await new SdkDoor(cloud.outputs).context(person.email, { 'x-vestibule-device': next });
    const code = () => Promise.reject(new Error('a known device was challenged'));
    const { steps } = await signInWithSdk(cloud.outputs, {
      username: person.email,
      password: person.password,
      context,
      code,
    });
    expect(steps).toEqual([]);
  });
});

describe('who types the code elsewhere', () => {
  it('is known nowhere: not there, and not where the form was sent', async () => {
    const [person, attacker, victim] = [new Customer(cloud.outputs), page(), page()];
    await victim.expect(200, 'GET', '/v1/registration-form?locale=en');
    const { confirm } = await registers(attacker, person);
    const { headers } = await confirm(victim);
    expect(headers.getSetCookie()).toEqual([]);
    expect((await attacker.startSignIn(person)).body.state).toBe('challenge');
    expect((await victim.startSignIn(person)).body.state).toBe('challenge');
  });
});

describe('a sign-up through an SDK', () => {
  const signUp = async (withContext: boolean) => {
    const [person, door] = [new Customer(cloud.outputs), new SdkDoor(cloud.outputs)];
    const { email: Username, password: Password, api } = person;
    const device = randomBytes(32).toString('base64url');
    const mint = async () => {
      const body = { identifier: Username, use: 'registration' };
      const headers = { 'x-vestibule-device': device };
      const answer = await api.expect<{ context: string }>(201, 'POST', '/v1/contexts', body, headers);
      return { vestibule_context: answer.body.context };
    };
    const ClientId = door.clientId;
    const UserAttributes = [{ Name: 'email', Value: Username }];
    const ClientMetadata = await mint();
    const signedUp = { ClientId, Username, Password, UserAttributes, ClientMetadata };
    expect((await door.call('SignUp', signedUp)).status).toBe(200);
    const ConfirmationCode = await person.mailbox.nextCode(Username);
    const confirmed = { ClientId, Username, ConfirmationCode };
    const metadata = withContext ? { ClientMetadata: await mint() } : {};
    expect((await door.call('ConfirmSignUp', { ...confirmed, ...metadata })).status).toBe(200);
    const { steps } = await signInWithSdk(cloud.outputs, {
      username: Username,
      password: Password,
      context: await door.context(Username, { 'x-vestibule-device': device }),
      code: () => person.mailbox.nextCode(Username),
    });
    return steps;
  };

  it('needs no second code when the confirmation shows a context of the same device', async () => {
    expect(await signUp(true)).toEqual([]);
  });

  it('needs one as before when it shows none', async () => {
    expect(await signUp(false)).toEqual(['begin', 'email-code']);
  });
});

describe('triggers that are delivered three times', () => {
  it('make the same device known, once', async () => {
    for (const operation of ['registration', 'sign-in'])
      cloud.faults.add({
        service: 'lambda',
        operation,
        effect: { kind: 'duplicate', deliveries: 3 },
        times: 100,
      });
    const [person, own] = [new Customer(cloud.outputs), page()];
    const { confirm } = await registers(own, person);
    await confirm(own);
    expect((await own.startSignIn(person)).body.state).toBe('signed-in');
    expect(await sentTo(person)).toBe(1);
  });
});
