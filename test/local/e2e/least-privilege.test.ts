import {
  CognitoIdentityProviderClient,
  SetUserPoolSessionConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { FunctionRuntime } from '../../../local/functions/runtime.ts';
import type { Grant, IamService } from '../../../local/iam/index.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { SdkDoor } from '../../support/sdk-door.ts';
import { wholeJourney } from '../../support/whole-journey.ts';

// design.md §8, invariant 7: no function can do more than it does in the tests
let cloud: RunningCloud;
let iam: IamService;
beforeAll(async () => {
  const limits = ['WafSignInLimit', 'WafRegistrationLimit', 'WafRecoveryLimit'];
  cloud = await openCloud({
    parameters: {
      ...Object.fromEntries(limits.map((limit) => [limit, '100000'])),
      RegistrationsPerAddressPerHour: '1000',
      PoolSessions: 'true',
    },
  });
  iam = cloud.cloud.service<IamService>('iam');
  await trackSessions();
  await wholeJourney(cloud);
}, 180_000);
afterAll(() => cloud?.stop());

/** As the operator does once, by hand: CloudFormation cannot. */
async function trackSessions(): Promise<void> {
  const { region, endpoints, credentials, userPoolId: UserPoolId } = cloud.outputs;
  const pool = new CognitoIdentityProviderClient({ region, endpoint: endpoints.cognitoIdp, credentials });
  const TokenSession = { MaxPerUser: 100 };
  await pool.send(
    new SetUserPoolSessionConfigurationCommand({ UserPoolId, UserSessionTracking: 'ENABLED', TokenSession }),
  );
  pool.destroy();
}

const everyStep = [
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

/** Of authenticator apps, texts and sign-ins that name no flow, seen above; none is used by the core journey. */
const isOfOtherMethods = (grant: Grant): boolean =>
  /^(logs:|ssm:|sms-voice:)/.test(grant.action) ||
  /^secretsmanager:.*SecretsSealing/.test(nameOf(grant)) ||
  /^dynamodb:UpdateItem on table\/\w*Profiles.*SignIn/.test(nameOf(grant));

const nameOf = ({ action, resources, policy }: Grant): string =>
  `${action} on ${resources.map((arn) => arn.split(':').slice(5).join(':')).join(' ')} (${policy})`;

/** Grants of a function that decided nothing by themselves: without one of them no call would have been denied. */
function unneeded(name: string): string[] {
  const alone = new Map<string, number>();
  for (const grant of iam.grants().filter(({ roleArn }) => roleArn === roleOf(name)))
    if (!grant.action.startsWith('logs:'))
      alone.set(nameOf(grant), (alone.get(nameOf(grant)) ?? 0) + grant.alone);
  expect(alone.size).toBeGreaterThan(1);
  return [...alone].filter(([, count]) => count === 0).map(([grant]) => grant);
}

const elsewhere = [
  // People from a provider, whom the sample configuration does not have: test/local/e2e/federation.test.ts.
  /cognito-idp:(Admin(LinkProvider|DisableProvider)ForUser|ListUsers) /,
  // The event of a notice by text that the budget refuses; the budget itself: test/local/e2e/sms.test.ts.
  /^dynamodb:PutItem on table\/\w*Audit\S* \(\w*Notifier/,
  // What a queue of failures is for: test/local/services/event-sources.test.ts.
  /^sqs:SendMessage on \w*DeadLetters/,
];

describe.each([
  'registration',
  'sign-in',
  'messages',
  'auth-api',
  'account-api',
  'admin-api',
  'authorizer',
  'session-registry',
  'notifier',
  'recovery-guard',
  'statistics',
  'erasure',
])('the role of the %s function, over all that people and operators do', (name) => {
  it('has no grant without which no call would be denied', async () => {
    const here = () => unneeded(name).filter((grant) => !elsewhere.some((known) => known.test(grant)));
    await expect.poll(here, { timeout: 15_000 }).toEqual([]); // some work behind the answer
  });
});

describe.each(['registration', 'sign-in'])('the role of the %s function', (name) => {
  it('has no grant whose loss the core journey survives, but those of other methods', {
    timeout: 60_000,
  }, async () => {
    const grants = iam.grants().filter((grant) => grant.roleArn === roleOf(name) && !isOfOtherMethods(grant));
    expect(grants.length).toBeGreaterThan(5);
    const needless: string[] = [];
    for (const grant of grants) {
      const isThis = (other: Grant) =>
        other.roleArn === grant.roleArn && nameOf(other) === nameOf(grant) && other.sid === grant.sid;
      const { restore } = iam.removeGrant(isThis);
      cold(name);
      if ((await journey()) === everyStep) needless.push(nameOf(grant));
      restore();
    }
    cold(name);
    expect(needless).toEqual([]);
    expect(await journey()).toBe(everyStep);
  });
});
