import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { FunctionRuntime } from '../../../local/functions/runtime.ts';
import type { Grant, IamService } from '../../../local/iam/index.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { SdkDoor } from '../../support/sdk-door.ts';

// design.md §8, invariant 7: no function can do more than it does in the tests
let cloud: RunningCloud;
let iam: IamService;
beforeAll(async () => {
  const limits = ['WafSignInLimit', 'WafRegistrationLimit', 'WafRecoveryLimit'];
  cloud = await openCloud({
    parameters: {
      ...Object.fromEntries(limits.map((limit) => [limit, '100000'])),
      RegistrationsPerAddressPerHour: '1000',
    },
  });
  iam = cloud.cloud.service<IamService>('iam');
  expect(await journey()).toBe(wholeJourney);
});
afterAll(() => cloud?.stop());

const wholeJourney = [
  'registered: confirmed',
  'another device: 200',
  'challenged: signed in',
  'known device: signed-in',
  'refused: 401',
  'refreshed: 200',
  'sign-up past the API: 200',
  'reset: 200',
].join('\n');

const runtime = () => cloud.cloud.functions as FunctionRuntime;
const roleOf = (name: string) => runtime().find(name)?.specification.roleArn;

/** Registration, confirmation, challenge, sign-in, refusal, refresh, reset: what came back at each step. */
async function journey(): Promise<string> {
  const seen: string[] = [];
  const step = async (name: string, run: () => Promise<unknown>): Promise<boolean> => {
    const outcome = await run().catch((error: Error) => `failed: ${error.message}`);
    seen.push(`${name}: ${outcome}`);
    return typeof outcome !== 'string' || !outcome.startsWith('failed');
  };
  const customer = new Customer(cloud.outputs);
  const hasAccount = await step('registered', async () => {
    await customer.register();
    return 'confirmed';
  });
  if (!hasAccount) return seen.join('\n');
  await step('another device', async () => (await customer.startSignIn()).status);
  const isSignedIn = await step('challenged', async () => {
    const { flow, code } = await customer.challenged();
    const wrong = await customer.answer(flow, code === '00000000' ? '11111111' : '00000000');
    if (wrong.body.state !== 'challenge') throw new Error('a wrong code ended the flow');
    const right = await customer.answer(wrong.body.flow, code);
    if (right.body.state !== 'signed-in') throw new Error('the right code was refused');
    customer.api.keep(right.body);
    customer.refreshToken = right.body.refreshToken;
    return 'signed in';
  });
  if (!isSignedIn) return seen.join('\n');
  await step('known device', async () => (await customer.startSignIn()).body.state);
  await step('refused', async () => {
    const stranger = new Customer(cloud.outputs, customer.email);
    return (await stranger.startSignIn()).status;
  });
  await step('refreshed', async () => {
    const { refreshToken } = customer;
    return (await customer.api.send('POST', '/v1/sessions/refresh', { refreshToken })).status;
  });
  await step('sign-up past the API', async () => {
    const door = new SdkDoor(cloud.outputs);
    const email = `sdk.${customer.email}`;
    const { status } = await door.call('SignUp', {
      ClientId: door.clientId,
      Username: email,
      Password: customer.password,
      UserAttributes: [{ Name: 'email', Value: email }],
    });
    return status;
  });
  await step('reset', async () => {
    const { email: identifier, password } = customer;
    await customer.api.expect(202, 'POST', '/v1/password-resets', { identifier });
    const code = await customer.mailbox.nextCode(identifier);
    const body = { identifier, code, password: `${password} and more` };
    return (await customer.api.send('POST', '/v1/password-resets/confirm', body)).status;
  });
  return seen.join('\n');
}

/** What a warm environment still holds would hide what it may no longer ask for. */
function cold(name: string): void {
  const found = runtime().find(name);
  if (found) runtime().register(found.specification);
}

const nameOf = ({ action, resources, policy }: Grant): string =>
  `${action} on ${resources.map((arn) => arn.split(':').slice(5).join(':')).join(' ')} (${policy})`;

describe.each(['registration', 'sign-in'])('the role of the %s function', (name) => {
  it('has no grant that the journey can do without', { timeout: 60_000 }, async () => {
    const grants = iam
      .grants()
      .filter((grant) => grant.roleArn === roleOf(name) && !grant.action.startsWith('logs:'));
    expect(grants.length).toBeGreaterThan(5);
    const needless: string[] = [];
    for (const grant of grants) {
      const isThis = (other: Grant) =>
        other.roleArn === grant.roleArn && nameOf(other) === nameOf(grant) && other.sid === grant.sid;
      const { restore } = iam.removeGrant(isThis);
      cold(name);
      if ((await journey()) === wholeJourney) needless.push(nameOf(grant));
      restore();
    }
    cold(name);
    expect(needless).toEqual([]);
    expect(await journey()).toBe(wholeJourney);
  });
});
