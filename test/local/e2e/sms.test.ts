import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud({ parameters: { SmsPerAccountPerDay: '3' } });
});
afterAll(() => cloud?.stop());

let lastNumber = 0;
/** One block of 10,000 numbers each, so that people do not share a budget. */
const aNumber = (): string => {
  lastNumber += 1;
  return `+491512${String(lastNumber).padStart(3, '0')}0001`;
};

async function withPhone(): Promise<{ person: Customer; number: string }> {
  const person = await (await new Customer(cloud.outputs).register()).signIn();
  const number = aNumber();
  await person.api.expect(202, 'POST', '/v1/me/phone', { number });
  const code = await person.mailbox.nextCode(number);
  await person.api.expect(201, 'POST', '/v1/me/phone/confirm', { code });
  return { person, number };
}

interface Challenged {
  readonly state: 'challenge';
  readonly flow: string;
  readonly challenge: {
    readonly method: string;
    readonly methods: readonly string[];
    readonly destination: string;
  };
}

const elsewhere = (person: Customer) =>
  new Customer(cloud.outputs).api.send<Challenged>('POST', '/v1/sessions', {
    identifier: person.email,
    password: person.password,
  });

describe('a phone', () => {
  it('is proven by a code, and its code is the further factor on a new device, at level 2', async () => {
    const { person, number } = await withPhone();
    const { api } = new Customer(cloud.outputs);
    const { body } = await api.expect<Challenged>(200, 'POST', '/v1/sessions', {
      identifier: person.email,
      password: person.password,
    });
    expect(body).toMatchObject({ state: 'challenge', challenge: { method: 'sms-code' } });
    expect(body.challenge.methods).not.toContain('email-code');
    expect(body.challenge.destination).not.toContain(number.slice(0, -2));
    const answer = await person.mailbox.nextCode(number);
    const signedIn = await api.expect<{ accessToken: string }>(200, 'POST', '/v1/sessions/challenge', {
      flow: body.flow,
      answer,
    });
    const [, claims = ''] = signedIn.body.accessToken.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      'vestibule:aal': 2,
      'vestibule:methods': ['password', 'sms-code'],
    });
  });

  it('gets no more texts than its budget, and the sign-in says so without a code', async () => {
    const { person, number } = await withPhone();
    await elsewhere(person);
    await elsewhere(person);
    const texts = () => person.mailbox.list(number);
    expect(await texts()).toHaveLength(3);
    await elsewhere(person);
    expect(await texts()).toHaveLength(3);
  });

  it('of a country that is not served is not enrolled', async () => {
    const person = await (await new Customer(cloud.outputs).register()).signIn();
    const refused = await person.api.send<{ code: string }>('POST', '/v1/me/phone', {
      number: '+33612345678',
    });
    expect(refused).toMatchObject({ status: 429, body: { code: 'MESSAGE_BUDGET_SPENT' } });
    expect(await person.mailbox.list('+33612345678')).toEqual([]);
  });
});
