import {
  DeleteWebAuthnCredentialCommand,
  ListWebAuthnCredentialsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ceremony, SoftwareAuthenticator } from '../../support/authenticator.ts';
import { aClient, aPool, claimsOf, errorOf, signIn, type TestPool } from './builders.ts';
import {
  allFlows,
  aPasswordlessPool,
  aReachableUser,
  completeRegistration,
  configureMfa,
  initiate,
  page,
  respond,
  startRegistration,
  withPasskey,
} from './factors.ts';
import { startCognito, type TestCognito } from './harness.ts';

let cognito: TestCognito;
let pool: TestPool;

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPasswordlessPool(cognito);
});
afterAll(() => cognito.close());

const anAuthenticator = () => new SoftwareAuthenticator({ origin: page });

async function aPasskeyUser(authenticator = anAuthenticator(), from = pool) {
  const user = await aReachableUser(cognito, from);
  await withPasskey(cognito, from, user.email, authenticator);
  return { ...user, authenticator };
}

const ask = (email: string, from = pool) =>
  initiate(cognito, from, 'USER_AUTH', { USERNAME: email, PREFERRED_CHALLENGE: 'WEB_AUTHN' });

async function enter(user: Awaited<ReturnType<typeof aPasskeyUser>>, ceremony: Ceremony = {}, from = pool) {
  const challenge = await ask(user.email, from);
  const options = JSON.parse(challenge.ChallengeParameters?.CREDENTIAL_REQUEST_OPTIONS ?? '{}');
  const credential = JSON.stringify(user.authenticator.get(options, ceremony));
  return respond(cognito, from, 'WEB_AUTHN', challenge.Session, {
    USERNAME: user.email,
    CREDENTIAL: credential,
  });
}

const refused = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };

describe('registration', () => {
  it('asks for a resident key of the relying party, and lists, excludes and deletes what was registered', async () => {
    const { email, sub } = await aReachableUser(cognito, pool);
    const { accessToken } = await signIn(cognito, pool, email);
    const options = await startRegistration(cognito, accessToken);
    expect(options).toMatchObject({
      rp: { id: 'localhost' },
      user: { id: Buffer.from(sub).toString('base64url') },
      pubKeyCredParams: [{ alg: -7 }, { alg: -257 }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      attestation: 'none',
    });
    await completeRegistration(cognito, accessToken, anAuthenticator().create(options));
    const list = async () =>
      (await cognito.anonymous.send(new ListWebAuthnCredentialsCommand({ AccessToken: accessToken })))
        .Credentials ?? [];
    const [passkey] = await list();
    expect(passkey).toMatchObject({
      RelyingPartyId: 'localhost',
      AuthenticatorAttachment: 'platform',
      AuthenticatorTransports: ['internal'],
      CreatedAt: expect.any(Date),
      FriendlyCredentialName: expect.any(String),
    });
    const again = await startRegistration(cognito, accessToken);
    expect(again.excludeCredentials).toMatchObject([{ id: passkey?.CredentialId }]);
    const remove = () =>
      cognito.anonymous.send(
        new DeleteWebAuthnCredentialCommand({
          AccessToken: accessToken,
          CredentialId: passkey?.CredentialId,
        }),
      );
    await remove();
    expect(await list()).toEqual([]);
    expect((await errorOf(remove())).name).toBe('ResourceNotFoundException');
  });

  it.each([
    {
      given: 'a page elsewhere',
      ceremony: { origin: 'https://localhost.example.com' },
      name: 'OriginNotAllowed',
    },
    {
      given: 'another relying party',
      ceremony: { relyingPartyId: 'example.com' },
      name: 'RelyingPartyMismatch',
    },
    { given: 'another challenge', ceremony: { challenge: 'AAAA' }, name: 'ChallengeNotFound' },
    { given: 'nobody present', ceremony: { userPresent: false }, name: 'CredentialNotSupported' },
  ])('refuses $given', async ({ ceremony, name }) => {
    const { email } = await aReachableUser(cognito, pool);
    const { accessToken } = await signIn(cognito, pool, email);
    const options = await startRegistration(cognito, accessToken);
    const complete = completeRegistration(cognito, accessToken, anAuthenticator().create(options, ceremony));
    expect((await errorOf(complete)).name).toBe(`WebAuthn${name}Exception`);
  });

  it('takes a challenge once, from the client that asked, within five minutes', async () => {
    const { email } = await aReachableUser(cognito, pool);
    const { accessToken } = await signIn(cognito, pool, email);
    const { clientId } = await aClient(cognito, pool.poolId);
    const { accessToken: elsewhere } = await signIn(cognito, { ...pool, clientId }, email);
    const credential = anAuthenticator().create(await startRegistration(cognito, accessToken));
    const nameOf = async (token: string) =>
      (await errorOf(completeRegistration(cognito, token, credential))).name;
    expect(await nameOf(elsewhere)).toBe('WebAuthnClientMismatchException');
    expect(await nameOf(accessToken)).toBe('none');
    expect(await nameOf(accessToken)).toBe('WebAuthnChallengeNotFoundException');
    const late = anAuthenticator().create(await startRegistration(cognito, accessToken));
    cognito.clock.advance(5 * 60_000);
    const { accessToken: later } = await signIn(cognito, pool, email);
    expect((await errorOf(completeRegistration(cognito, later, late))).name).toBe(
      'WebAuthnChallengeNotFoundException',
    );
  });

  it('stops at twenty', async () => {
    const { email } = await aReachableUser(cognito, pool);
    const { accessToken } = await signIn(cognito, pool, email);
    for (let count = 0; count < 20; count++) {
      const options = await startRegistration(cognito, accessToken);
      await completeRegistration(cognito, accessToken, anAuthenticator().create(options));
    }
    expect((await errorOf(startRegistration(cognito, accessToken))).name).toBe('LimitExceededException');
  });

  it('needs the factor, and a relying party', async () => {
    const without = await aPool(cognito, {}, { ExplicitAuthFlows: [...allFlows] });
    const first = await aReachableUser(cognito, without);
    const { accessToken } = await signIn(cognito, without, first.email);
    expect((await errorOf(startRegistration(cognito, accessToken))).name).toBe('WebAuthnNotEnabledException');
    const nameless = await aPasswordlessPool(cognito);
    await configureMfa(cognito, nameless, { WebAuthnConfiguration: {} });
    const second = await aReachableUser(cognito, nameless);
    const { accessToken: token } = await signIn(cognito, nameless, second.email);
    expect((await errorOf(startRegistration(cognito, token))).name).toBe(
      'WebAuthnConfigurationMissingException',
    );
  });
});

describe('sign-in by passkey', () => {
  it('issues tokens for an assertion, and counts', async () => {
    const user = await aPasskeyUser();
    const { AuthenticationResult } = await enter(user);
    expect(claimsOf(AuthenticationResult?.AccessToken ?? '').sub).toBe(user.sub);
    expect((await enter(user)).AuthenticationResult).toBeDefined();
  });

  it('works with an authenticator that does not count', async () => {
    const user = await aPasskeyUser(new SoftwareAuthenticator({ origin: page, counts: false }));
    await enter(user);
    expect((await enter(user)).AuthenticationResult).toBeDefined();
  });

  it.each([
    { given: 'a page elsewhere', ceremony: { origin: 'https://phish.example' } },
    { given: 'another relying party', ceremony: { relyingPartyId: 'phish.example' } },
    { given: 'another challenge', ceremony: { challenge: 'AAAA' } },
    { given: 'the counter of a copy', ceremony: { counter: 1 } },
    { given: 'somebody else’s handle', ceremony: { userHandle: 'c29tZWJvZHk' } },
  ])('refuses $given', async ({ ceremony }) => {
    const user = await aPasskeyUser();
    await enter(user);
    expect(await errorOf(enter(user, ceremony))).toEqual(refused);
  });

  it('refuses the passkey of another user', async () => {
    const [one, other] = [await aPasskeyUser(), await aPasskeyUser()];
    const challenge = await ask(one.email);
    const options = JSON.parse(challenge.ChallengeParameters?.CREDENTIAL_REQUEST_OPTIONS ?? '{}');
    const credential = other.authenticator.get({ ...options, allowCredentials: [] });
    const answer = respond(cognito, pool, 'WEB_AUTHN', challenge.Session, {
      USERNAME: one.email,
      CREDENTIAL: JSON.stringify(credential),
    });
    expect(await errorOf(answer)).toEqual(refused);
  });

  it('hears an assertion once', async () => {
    const user = await aPasskeyUser();
    const challenge = await ask(user.email);
    const options = JSON.parse(challenge.ChallengeParameters?.CREDENTIAL_REQUEST_OPTIONS ?? '{}');
    const credential = JSON.stringify(user.authenticator.get(options));
    const answer = () =>
      respond(cognito, pool, 'WEB_AUTHN', challenge.Session, {
        USERNAME: user.email,
        CREDENTIAL: credential,
      });
    const heard = await Promise.allSettled(Array.from({ length: 5 }, answer));
    expect(heard.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('requires user verification where the pool does', async () => {
    const strict = await aPasswordlessPool(cognito);
    await configureMfa(cognito, strict, {
      WebAuthnConfiguration: { RelyingPartyId: 'localhost', UserVerification: 'required' },
    });
    const user = await aPasskeyUser(anAuthenticator(), strict);
    expect(await errorOf(enter(user, { userVerified: false }, strict))).toEqual(refused);
    expect((await enter(user, {}, strict)).AuthenticationResult).toBeDefined();
  });
});
