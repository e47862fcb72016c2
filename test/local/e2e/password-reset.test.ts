import {
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { signInWithSdk } from '../../../scripts/journey/sdk-door.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

/** What the authorizer's verdict may be kept for. */
const feltWithinMs = 5_000;

let cloud: RunningCloud;
let owner: Customer;
beforeAll(async () => {
  cloud = await openCloud();
});
beforeEach(async () => {
  owner = await new Customer(cloud.outputs).register();
});
afterAll(() => cloud?.stop());

const profileStatus = async ({ api }: Customer, accessToken = api.accessToken) =>
  (await api.send('GET', '/v1/me/profile', undefined, { authorization: `Bearer ${accessToken}` })).status;
const refresh = ({ api, refreshToken }: Customer) =>
  api.send<{ code?: string; accessToken: string }>('POST', '/v1/sessions/refresh', { refreshToken });

/** The same person with another password, as after the reset. */
async function reset(): Promise<Customer> {
  const { api, email, mailbox } = owner;
  await api.expect(202, 'POST', '/v1/password-resets', { identifier: email, locale: 'en' });
  const after = new Customer(cloud.outputs, email);
  const proof = { identifier: email, code: await mailbox.nextCode(email), password: after.password };
  await api.expect(200, 'POST', '/v1/password-resets/confirm', proof);
  return after;
}

// security.md, "Session fixation": whatever existed before is dead after it.
describe('a password reset', () => {
  it('ends the sessions of the Identity API and lets new ones begin at once', async () => {
    await owner.signIn();
    expect(await profileStatus(owner)).toBe(200);
    const after = await reset();

    await after.signIn();
    expect(await profileStatus(after)).toBe(200);
    cloud.clock.advance(feltWithinMs);
    expect(await profileStatus(owner)).toBe(401);

    expect(await refresh(owner)).toMatchObject({ status: 401, body: { code: 'SESSION_REJECTED' } });
    const renewed = await refresh(after);
    expect(renewed.status).toBe(200);
    expect(await profileStatus(after, renewed.body.accessToken)).toBe(200);
    expect((await owner.startSignIn()).status).toBe(401);
  });

  it('ends a session of an SDK at the API and at Cognito', async () => {
    const { outputs } = cloud;
    const { session } = await signInWithSdk(outputs, {
      username: owner.email,
      password: owner.password,
      code: () => owner.mailbox.nextCode(owner.email),
    });
    expect(await profileStatus(owner, session.getAccessToken().getJwtToken())).toBe(200);
    await reset();
    const cognito = new CognitoIdentityProviderClient({
      region: outputs.region,
      endpoint: outputs.endpoints.cognitoIdp,
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    });
    const refreshed = cognito.send(
      new GetTokensFromRefreshTokenCommand({
        ClientId: outputs.clients.web.id,
        RefreshToken: session.getRefreshToken().getToken(),
      }),
    );
    await expect(refreshed).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    cloud.clock.advance(feltWithinMs);
    expect(await profileStatus(owner, session.getAccessToken().getJwtToken())).toBe(401);
  });

  it('is seen by the person, once', async () => {
    const after = await reset();
    await after.signIn();
    const { body } = await after.api.expect<{ events: { type: string }[] }>(200, 'GET', '/v1/me/activity');
    expect(body.events.filter(({ type }) => type === 'password.reset')).toHaveLength(1);
  });
});
