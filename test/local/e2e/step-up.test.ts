import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { SoftwareAuthenticator } from '../../support/authenticator.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { enrolPasskey, enrolTotp } from '../../support/enrolments.ts';

interface StepUp {
  readonly state: 'done' | 'challenge';
  readonly level: number;
  readonly methods: readonly string[];
  readonly flow: string;
  readonly challenge: {
    readonly method: string;
    readonly options: Parameters<SoftwareAuthenticator['get']>[0];
  };
}

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterAll(() => cloud?.stop());

const signedIn = async () => (await new Customer(cloud.outputs).register()).signIn();
const stepUp = async ({ api }: Customer, body: object) =>
  (await api.expect<StepUp>(200, 'POST', '/v1/me/step-up', body)).body;
const answer = ({ api }: Customer, body: object) =>
  api.send<StepUp & { code?: string }>('POST', '/v1/me/step-up/answer', body);
const remove = ({ api }: Customer, path: string) => api.send<{ code?: string }>('DELETE', path);
const stepUpRequired = { status: 401, body: { code: 'STEP_UP_REQUIRED' } };

describe('a session with the password and a code by mail', () => {
  it('is raised by the authenticator app, which can be removed then', async () => {
    const person = await signedIn();
    const app = await enrolTotp(person, cloud.clock.now);
    expect(await remove(person, '/v1/me/totp')).toMatchObject(stepUpRequired);
    const asked = await stepUp(person, { method: 'totp' });
    expect(asked).toMatchObject({ state: 'challenge', challenge: { method: 'totp' } });
    const code = app.code();
    const wrong = await answer(person, { flow: asked.flow, answer: code === '000000' ? '111111' : '000000' });
    const { body } = await answer(person, { flow: wrong.body.flow, answer: code });
    expect(body).toMatchObject({ state: 'done', level: 2 });
    expect(body.methods).toContain('totp');
    expect((await remove(person, '/v1/me/totp')).status).toBe(204);
    const { body: left } = await person.api.expect(200, 'GET', '/v1/me/factors');
    expect(left).not.toHaveProperty('totp');
  });

  it('is raised by a passkey, which can be removed then', async () => {
    const person = await signedIn();
    const { id, authenticator } = await enrolPasskey(person);
    const path = `/v1/me/passkeys/${id}`;
    expect(await remove(person, path)).toMatchObject(stepUpRequired);
    const asked = await stepUp(person, { method: 'passkey' });
    const credential = authenticator.get(asked.challenge.options);
    const { body } = await answer(person, { flow: asked.flow, credential });
    expect(body).toMatchObject({ state: 'done', level: 2 });
    expect(body.methods).toContain('passkey');
    expect((await remove(person, path)).status).toBe(204);
    const { body: left } = await person.api.expect(200, 'GET', '/v1/me/factors');
    expect(left).toMatchObject({ passkeys: [] });
  });

  it('is not raised by the password, nor for long', async () => {
    const person = await signedIn();
    const app = await enrolTotp(person, cloud.clock.now);
    expect(await stepUp(person, { password: person.password })).toMatchObject({ state: 'done', level: 1 });
    expect(await remove(person, '/v1/me/totp')).toMatchObject(stepUpRequired);
    const asked = await stepUp(person, { method: 'totp' });
    await answer(person, { flow: asked.flow, answer: app.code() });
    cloud.clock.advance(11 * 60_000);
    const { refreshToken } = person;
    const { body } = await person.api.expect<{ accessToken: string }>(200, 'POST', '/v1/sessions/refresh', {
      refreshToken,
    });
    person.api.accessToken = body.accessToken;
    expect(await remove(person, '/v1/me/totp')).toMatchObject(stepUpRequired);
  });

  it('is not raised by the step-up of another session', async () => {
    const person = await signedIn();
    const app = await enrolTotp(person, cloud.clock.now);
    const asked = await stepUp(person, { method: 'totp' });
    const [other, stranger] = [new Customer(cloud.outputs, person.email), await signedIn()];
    const { body } = await answer(stranger, { flow: asked.flow, answer: app.code() });
    expect(body.code).toBe('FLOW_REJECTED');
    other.api.deviceToken = person.api.deviceToken;
    Object.assign(other, { password: person.password });
    await other.signIn(); // the device is known: a second session, no further factor
    expect((await answer(other, { flow: asked.flow, answer: app.code() })).body.code).toBe('FLOW_REJECTED');
    expect((await answer(person, { flow: asked.flow, answer: app.code() })).body.state).toBe('done');
    expect(await remove(other, '/v1/me/totp')).toMatchObject(stepUpRequired);
  });
});
