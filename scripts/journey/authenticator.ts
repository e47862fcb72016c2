import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { cbor } from './cbor.ts';

/** What an attacker, a broken browser or an old key may do differently. */
export interface Ceremony {
  /** Page that asks. @default the authenticator's own */
  readonly origin?: string;
  /** @default what the options say, else the host of the origin */
  readonly relyingPartyId?: string;
  /** @default true */
  readonly userVerified?: boolean;
  /** @default true */
  readonly userPresent?: boolean;
  readonly challenge?: string;
  readonly crossOrigin?: boolean;
  readonly type?: string;
  /** @default one more than before, or 0 for an authenticator that does not count */
  readonly counter?: number;
  /** Of an assertion: whose it claims to be. @default the one of the credential */
  readonly userHandle?: string;
}

interface Credential {
  readonly id: Buffer;
  readonly relyingPartyId: string;
  readonly userHandle: string;
  readonly key: KeyObject;
  counter: number;
}

const sha256 = (value: string | Uint8Array): Buffer => createHash('sha256').update(value).digest();
const flag = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 };

/**
 * An authenticator in software: ES256, discoverable credentials, attestation `none` (WebAuthn Level 3 §6). It does what
 * it is told, also what no real one would do, so that the server's checks can be tested without a browser.
 */
export class SoftwareAuthenticator {
  readonly aaguid = Buffer.alloc(16);
  private readonly origin: string;
  private readonly counts: boolean;
  private readonly credentials: Credential[] = [];

  /** @param options.counts - whether it has a signature counter; synced passkeys have none */
  constructor(options: { readonly origin: string; readonly counts?: boolean }) {
    this.origin = options.origin;
    this.counts = options.counts ?? true;
  }

  /** `navigator.credentials.create` */
  create(options: PublicKeyCredentialCreationOptionsJSON, ceremony: Ceremony = {}): RegistrationResponseJSON {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const credential: Credential = {
      id: randomBytes(32),
      relyingPartyId: ceremony.relyingPartyId ?? options.rp.id ?? this.host(ceremony),
      userHandle: options.user.id,
      key: privateKey,
      counter: ceremony.counter ?? 0,
    };
    this.credentials.push(credential);
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const cose = cbor(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    );
    const length = Buffer.alloc(2);
    length.writeUInt16BE(credential.id.length);
    const attested = Buffer.concat([this.aaguid, length, credential.id, cose]);
    const attestation = cbor(
      new Map<string, string | Uint8Array | ReadonlyMap<string, string>>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', this.authenticatorData(credential, ceremony, attested)],
      ]),
    );
    const id = credential.id.toString('base64url');
    return {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: { credProps: { rk: true } },
      response: {
        clientDataJSON: this.clientData('webauthn.create', options.challenge, ceremony).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  /**
   * `navigator.credentials.get`, with the newest credential that fits
   * @throws Error when there is none
   */
  get(options: PublicKeyCredentialRequestOptionsJSON, ceremony: Ceremony = {}): AuthenticationResponseJSON {
    const relyingPartyId = ceremony.relyingPartyId ?? options.rpId ?? this.host(ceremony);
    const allowed = options.allowCredentials?.map(({ id }) => id) ?? [];
    const credential = this.credentials.findLast(
      ({ id, relyingPartyId: scope }) =>
        (ceremony.relyingPartyId !== undefined || scope === relyingPartyId) &&
        (allowed.length === 0 || allowed.includes(id.toString('base64url'))),
    );
    if (!credential) throw new Error('the authenticator has no credential for this page');
    credential.counter = ceremony.counter ?? credential.counter + (this.counts ? 1 : 0);
    const data = this.authenticatorData({ ...credential, relyingPartyId }, ceremony);
    const client = this.clientData('webauthn.get', options.challenge, ceremony);
    const id = credential.id.toString('base64url');
    return {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', Buffer.concat([data, sha256(client)]), credential.key).toString(
          'base64url',
        ),
        userHandle: ceremony.userHandle ?? credential.userHandle,
      },
    };
  }

  private host({ origin }: Ceremony): string {
    return new URL(origin ?? this.origin).hostname;
  }

  /** §6.1 */
  private authenticatorData(credential: Credential, ceremony: Ceremony, attested?: Buffer): Buffer {
    const { userPresent = true, userVerified = true } = ceremony;
    const flags =
      (userPresent ? flag.userPresent : 0) |
      (userVerified ? flag.userVerified : 0) |
      (this.counts ? 0 : flag.backupEligible | flag.backedUp) |
      (attested ? flag.attested : 0);
    const rest = Buffer.alloc(5);
    rest.writeUInt8(flags, 0);
    rest.writeUInt32BE(credential.counter, 1);
    return Buffer.concat([sha256(credential.relyingPartyId), rest, attested ?? Buffer.alloc(0)]);
  }

  /** §5.8.1 */
  private clientData(type: string, challenge: string, ceremony: Ceremony): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: ceremony.type ?? type,
        challenge: ceremony.challenge ?? challenge,
        origin: ceremony.origin ?? this.origin,
        crossOrigin: ceremony.crossOrigin ?? false,
      }),
    );
  }
}
