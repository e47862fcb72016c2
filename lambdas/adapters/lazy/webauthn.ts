import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { PasskeyFactor } from '../../core/factor/factor.ts';

interface RelyingParty {
  readonly id: string;
  readonly name: string;
  readonly origins: readonly string[];
}

type Transports = NonNullable<RegistrationResponseJSON['response']['transports']>;

/** ES256, EdDSA, RS256, as COSE numbers them: what Cognito takes too, and Ed25519. */
const algorithms = [-7, -8, -257];

/**
 * A discoverable credential with user verification, so that it is two factors and needs no user name. No attestation:
 * which maker's key somebody uses is none of our business, and `none` spares them a question.
 */
export const registrationOptions = (
  relyingParty: RelyingParty,
  request: {
    readonly challenge: string;
    readonly sub: string;
    readonly userName: string;
    readonly known: readonly PasskeyFactor[];
    readonly timeoutMs: number;
  },
): Promise<PublicKeyCredentialCreationOptionsJSON> =>
  generateRegistrationOptions({
    rpID: relyingParty.id,
    rpName: relyingParty.name,
    // A passkey that comes back at a sign-in without user name says whose it is by this.
    userID: new TextEncoder().encode(request.sub),
    userName: request.userName,
    userDisplayName: request.userName,
    challenge: new Uint8Array(Buffer.from(request.challenge, 'base64url')),
    timeout: request.timeoutMs,
    attestationType: 'none',
    excludeCredentials: request.known.map(({ id, transports }) => ({
      id,
      transports: [...transports] as Transports,
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  });

type Verified = Pick<
  PasskeyFactor,
  'id' | 'publicKey' | 'counter' | 'transports' | 'deviceType' | 'backedUp' | 'aaguid'
>;

/** WebAuthn Level 3 §7.1. @returns `refused` with the library's reason, which is for us and not for the caller */
export async function verifiedCredential(
  relyingParty: RelyingParty,
  response: RegistrationResponseJSON,
  challenge: string,
): Promise<Verified | { readonly refused: unknown }> {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: [...relyingParty.origins],
      expectedRPID: relyingParty.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    if (!verified || !registrationInfo) return { refused: new Error('not verified') };
    const { credential, credentialDeviceType, credentialBackedUp, aaguid } = registrationInfo;
    return {
      id: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: known(response.response.transports),
      deviceType: credentialDeviceType,
      backedUp: credentialBackedUp,
      aaguid,
    };
  } catch (error) {
    return { refused: error }; // it computes and calls nobody: whatever it throws is about the credential
  }
}

const transportNames = ['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'cable', 'internal'];
const known = (transports: readonly string[] = []): readonly string[] =>
  transportNames.filter((name) => transports.includes(name));
