import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { signInWithSdk } from '../../../scripts/journey/sdk-door.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

/** Functions that work behind the answer: what they use is no part of a sign-in's path. */
const behindTheAnswer = /AuditForwarder|Notifier|RecoveryGuard|SessionRegistry|Statistics/;

let cloud: RunningCloud;
let customer: Customer;
beforeAll(async () => {
  cloud = await openCloud();
  customer = await new Customer(cloud.outputs).register();
  await customer.signIn(); // from here on the device is known, and what is read once per environment is read
});
beforeEach(() => cloud.meter.reset());
afterAll(() => cloud?.stop());

/** Counted calls that belong to the sign-in, by name without the function. */
function used(kind: RegExp): number {
  return Object.entries(cloud.meter.read())
    .filter(([name]) => kind.test(name) && !behindTheAnswer.test(name))
    .reduce((sum, [, count]) => sum + count, 0);
}

const spent = () => ({
  read: used(/^dynamodb:rru:function:/),
  write: used(/^dynamodb:wru:function:/),
  signIn: used(/^lambda:sign-in$/),
  poolRequests: used(/^cognito-idp:(InitiateAuth|RespondToAuthChallenge)$/),
  apiRequests: used(/^apigateway\.requests$/),
  signInMails: used(/^ses:SendEmail:function:/),
});

/** What a sign-in from a known device costs today; whoever makes it dearer has to say so here. */
const fastPath = { read: 1.5, write: 2, signIn: 4, poolRequests: 2, signInMails: 0 };

describe('the units of a sign-in from a known device', () => {
  it('stay within the budget over the SDK door', async () => {
    const { body } = await customer.api.expect<{ context: string }>(201, 'POST', '/v1/contexts', {
      identifier: customer.email,
    });
    const { steps } = await signInWithSdk(cloud.outputs, {
      username: customer.email,
      password: customer.password,
      context: body.context,
      code: () => Promise.reject(new Error('a known device was challenged')),
    });
    expect(steps).toEqual([]);
    expectAtMost(spent(), { ...fastPath, apiRequests: 1 });
  });

  it('stay within the budget over the API door', async () => {
    const answer = await customer.startSignIn();
    expect(answer.body.state).toBe('signed-in');
    expectAtMost(spent(), { ...fastPath, apiRequests: 1 });
  });

  it('are counted: a challenged sign-in uses more of everything', async () => {
    const { deviceToken } = customer.api;
    delete customer.api.deviceToken;
    await customer.signIn();
    if (deviceToken) customer.api.deviceToken = deviceToken;
    const { read, write, signIn, signInMails } = spent();
    expect(signInMails).toBe(1);
    expect(read).toBeGreaterThan(fastPath.read);
    expect(write).toBeGreaterThan(fastPath.write);
    expect(signIn).toBeGreaterThan(fastPath.signIn);
  });
});

function expectAtMost(actual: ReturnType<typeof spent>, limits: ReturnType<typeof spent>): void {
  expect(actual.write).toBeGreaterThan(0); // nothing counted would prove nothing
  expect(actual.signIn).toBeGreaterThan(0);
  for (const [what, limit] of Object.entries(limits)) {
    expect(actual[what as keyof typeof actual], `${what} of ${JSON.stringify(actual)}`).toBeLessThanOrEqual(
      limit,
    );
  }
}
