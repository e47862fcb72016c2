import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server';
import type { PasskeyFactor } from '../../core/factor/factor.ts';
import type { PasskeyAssertion, RelyingParty } from '../passkey-assertions.ts';

/** Loaded at the first passkey and built as a file of its own. */
export async function verifyAssertion(
  { credential, challenge }: PasskeyAssertion,
  passkey: PasskeyFactor,
  { id: relyingPartyId, origins }: RelyingParty,
): Promise<number | undefined> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: JSON.parse(credential) as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: [...origins],
      expectedRPID: relyingPartyId,
      requireUserVerification: true,
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
        transports: [...passkey.transports] as AuthenticatorTransport[],
      },
    });
    return verified && authenticationInfo.userVerified ? authenticationInfo.newCounter : undefined;
  } catch {
    return undefined; // the library throws for every answer that is not right, and does nothing else that could fail
  }
}
