import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { describe, expect, it } from 'vitest';
import { type Ceremony, SoftwareAuthenticator } from '../../support/authenticator.ts';

const origin = 'http://localhost:4321';
const rpID = 'localhost';

async function registered(authenticator: SoftwareAuthenticator, ceremony: Ceremony = {}) {
  const options = await generateRegistrationOptions({ rpName: 'Shop', rpID, userName: 'someone' });
  return verifyRegistrationResponse({
    response: authenticator.create(options, ceremony),
    expectedChallenge: options.challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
  });
}

async function used(authenticator: SoftwareAuthenticator, ceremony: Ceremony = {}) {
  const { registrationInfo } = await registered(authenticator);
  if (!registrationInfo) throw new Error('not registered');
  const options = await generateAuthenticationOptions({ rpID });
  return verifyAuthenticationResponse({
    response: authenticator.get(options, ceremony),
    expectedChallenge: options.challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    credential: registrationInfo.credential,
    requireUserVerification: true,
  });
}

describe('the software authenticator of the tests', () => {
  it('makes and uses passkeys that a WebAuthn server accepts', async () => {
    expect((await registered(new SoftwareAuthenticator({ origin }))).verified).toBe(true);
    const counting = await used(new SoftwareAuthenticator({ origin }));
    expect(counting).toMatchObject({ verified: true, authenticationInfo: { newCounter: 1 } });
    const synced = await used(new SoftwareAuthenticator({ origin, counts: false }));
    expect(synced).toMatchObject({
      verified: true,
      authenticationInfo: { newCounter: 0, credentialBackedUp: true, credentialDeviceType: 'multiDevice' },
    });
  });

  it.each<[string, Ceremony]>([
    ['another page', { origin: 'http://localhost:9999' }],
    ['another relying party', { relyingPartyId: 'evil.example' }],
    ['nobody verified', { userVerified: false }],
    ['nobody present', { userPresent: false }],
    ['another challenge', { challenge: 'AAAA' }],
    ['another ceremony', { type: 'payment.get' }],
  ])('can be told to misbehave: %s', async (_what, ceremony) => {
    await expect(registered(new SoftwareAuthenticator({ origin }), ceremony)).rejects.toThrow();
    await expect(used(new SoftwareAuthenticator({ origin }), ceremony)).rejects.toThrow();
  });
});
