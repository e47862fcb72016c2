import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

// security.md: "Lockout as denial of service"
let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud({ testSourceIp: true, parameters: { RiskAddressFailureLimit: '10' } });
});
afterAll(() => cloud?.stop());

const homeAddress = '192.0.2.10';
const minutes = 60_000;
/** Cognito's own lock: doubles from a second after five failures, and this is the longest. */
const longestCognitoLockMs = 15 * minutes;

const from = (address: string) => ({ 'x-vestibule-test-source-ip': address });

/** Somebody at home on a device that is known. */
const atHome = async (): Promise<Customer> => {
  const person = await new Customer(cloud.outputs, undefined, from(homeAddress)).register();
  return person.signIn();
};

/** Wrong passwords for one account, each from another network unless told. */
async function attack(person: Customer, count: number, address?: string): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const attacker = new Customer(cloud.outputs, person.email, from(address ?? `198.51.${100 + index}.7`));
    expect((await attacker.startSignIn()).status).toBe(401);
    cloud.clock.advance(longestCognitoLockMs / 60); // at the pace of an attacker who wants every guess to count
  }
}

describe("an attacker's failures from elsewhere", () => {
  it('do not lock out the known device, whose right password needs no further factor', async () => {
    const person = await atHome();
    await attack(person, 25);
    cloud.clock.advance(longestCognitoLockMs);
    expect((await person.startSignIn()).body).toMatchObject({ state: 'signed-in' });
  });

  it('end with nothing worse than a challenge for a new device of the owner', async () => {
    const person = await atHome();
    await attack(person, 25);
    cloud.clock.advance(longestCognitoLockMs);
    person.api.deviceToken = undefined;
    expect((await person.startSignIn()).body).toMatchObject({ state: 'challenge' });
  });

  it('count against the address they came from: there even the right password is refused on a new device', async () => {
    const [person, other] = [await atHome(), await atHome()];
    const address = '203.0.113.5';
    await attack(other, 12, address);
    await attack(person, 12, address);
    cloud.clock.advance(longestCognitoLockMs);
    const thief = new Customer(cloud.outputs, person.email, from(address));
    Object.assign(thief, { password: person.password });
    expect((await thief.startSignIn()).status).toBe(401);
    expect((await person.startSignIn()).body).toMatchObject({ state: 'signed-in' });
  });

  it('with the right password and wrong codes use up the codes of strangers only', async () => {
    const person = await atHome();
    let offered = 'email-code';
    for (let flows = 0; flows < 6 && offered === 'email-code'; flows += 1) {
      const thief = new Customer(cloud.outputs, person.email, from(`198.51.${flows}.9`));
      Object.assign(thief, { password: person.password });
      const { body } = await thief.startSignIn();
      if (body.state !== 'challenge') throw new Error(`expected a challenge, got ${JSON.stringify(body)}`);
      offered = body.challenge.method;
      let { flow } = body;
      for (let guess = 0; guess < 3; guess += 1) {
        const { body } = await thief.answer(flow, `${10_000_000 + guess}`);
        if (body.state === 'challenge') flow = body.flow;
      }
    }
    expect(offered).toBe('magic-link'); // the thief gets no more codes; a link cannot be guessed
    expect((await person.startSignIn()).body).toMatchObject({ state: 'signed-in' });
  });
});

describe("Cognito's own lock, which no trigger can lift", () => {
  it('refuses every device while it lasts, tells nobody, and ends by itself within 15 minutes', async () => {
    const person = await atHome();
    const attacker = new Customer(cloud.outputs, person.email, from('198.51.100.77'));
    const nobody = new Customer(cloud.outputs, undefined, from('198.51.100.78'));
    for (let guess = 0; guess < 10; guess += 1) {
      cloud.clock.advance(2 * minutes); // past the lock so far, so that each guess makes the next one longer
      const [known, unknown] = [await attacker.startSignIn(), await nobody.startSignIn()];
      expect(known.status).toBe(unknown.status);
      expect(known.body.code).toBe(unknown.body.code);
    }
    expect(await person.startSignIn()).toMatchObject({ status: 401, body: { code: 'SIGN_IN_REJECTED' } });
    cloud.clock.advance(longestCognitoLockMs);
    expect((await person.startSignIn()).body).toMatchObject({ state: 'signed-in' });
  });
});
