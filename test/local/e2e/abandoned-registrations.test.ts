import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ResendConfirmationCodeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { readForm, register } from '../../../scripts/journey/registration.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

const hour = 3_600_000;

let cloud: RunningCloud;
let cognito: CognitoIdentityProviderClient;
beforeEach(async () => {
  cloud = await openCloud();
  cognito = new CognitoIdentityProviderClient({
    region: cloud.outputs.region,
    endpoint: cloud.outputs.endpoints.cognitoIdp,
    credentials: { accessKeyId: 'LOCALOPERATOR', secretAccessKey: 'any' },
  });
});
afterEach(() => cloud?.stop());

const statusOf = (email: string) =>
  cognito.send(new AdminGetUserCommand({ UserPoolId: cloud.outputs.userPoolId, Username: email })).then(
    ({ UserStatus }) => UserStatus,
    (error: Error) => error.name,
  );
/** The form is sent, the mailed code never. */
const begin = async ({ api, email, password }: Customer) =>
  register(api, { email, password }, await readForm(api));
/** Runs that ended, by the meter of the local cloud. */
const runs = () => cloud.meter.read()['lambda:housekeeping'] ?? 0;

describe('an address that somebody registered and never confirmed', () => {
  it('belongs to its owner again after the retention', async () => {
    const squatter = new Customer(cloud.outputs);
    await begin(squatter);
    const confirmed = await new Customer(cloud.outputs).register();
    expect(await statusOf(squatter.email)).toBe('UNCONFIRMED');

    cloud.clock.advance(49 * hour);
    await expect.poll(() => statusOf(squatter.email), { timeout: 15_000 }).toBe('UserNotFoundException');
    expect(await statusOf(confirmed.email)).toBe('CONFIRMED');

    const owner = await new Customer(cloud.outputs, squatter.email).register();
    await expect(owner.signIn()).resolves.toBe(owner);
    expect((await squatter.startSignIn()).status).toBe(401);
  });

  it('keeps its account while a code that was sent again is good, through whatever door', async () => {
    const late = new Customer(cloud.outputs);
    await begin(late);
    const other = new Customer(cloud.outputs);
    await begin(other);
    cloud.clock.advance(40 * hour);
    await expect.poll(runs, { timeout: 15_000 }).toBe(1);
    await late.mailbox.nextCode(late.email);
    await cognito.send(
      new ResendConfirmationCodeCommand({ ClientId: cloud.outputs.clients.web.id, Username: late.email }),
    );

    cloud.clock.advance(20 * hour);
    await expect.poll(() => statusOf(other.email), { timeout: 15_000 }).toBe('UserNotFoundException');
    expect(await statusOf(late.email)).toBe('UNCONFIRMED');

    cloud.clock.advance(6 * hour);
    await expect.poll(() => statusOf(late.email), { timeout: 15_000 }).toBe('UserNotFoundException');
  });
});
