import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { AwsError } from '../platform.ts';
import type { Engine } from './engine.ts';
import type { Passkey, Pool, User } from './model.ts';
import { domainUrl } from './oauth/domains.ts';
import { allowsFirstFactor } from './pool-factors.ts';

/** ES256 and RS256. */
const algorithms = [-7, -257];
export const maxPasskeys = 20;

export const webAuthnError = (name: string, message: string) =>
  new AwsError(`WebAuthn${name}Exception`, message);

/** Loaded with the first passkey: it costs the start of a cloud that sees none too much. */
const library = () => import('@simplewebauthn/server');

/** @throws AwsError `WebAuthnNotEnabledException` */
export function requirePasskeys(pool: Pool): void {
  if (allowsFirstFactor(pool, 'WEB_AUTHN')) return;
  throw webAuthnError('NotEnabled', 'Passkeys are not enabled for this user pool.');
}

/** The configured relying party, else the name of the pool's domain, which on this machine is `localhost`. */
export function relyingPartyOf(engine: Engine, pool: Pool): string | undefined {
  const [domain] = engine.pools.domainsOf(pool.id);
  return (
    pool.factors?.webAuthn?.RelyingPartyId ?? (domain && new URL(domainUrl(engine, domain.domain)).hostname)
  );
}

export const userVerificationOf = ({ factors }: Pool): 'required' | 'preferred' =>
  factors?.webAuthn?.UserVerification ?? 'preferred';

/** A page of the relying party or below it; in clear only on the machine itself. */
export function isOriginOf(origin: string, relyingPartyId: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, origin: normal } = new URL(origin);
  const belongs = hostname === relyingPartyId || hostname.endsWith(`.${relyingPartyId}`);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLocal(hostname));
  return normal === origin && belongs && isSafe;
}

const isLocal = (hostname: string): boolean => hostname === 'localhost' || hostname.endsWith('.localhost');

/** What a browser signed, as far as it can be read. */
export function clientDataOf(clientDataJson: unknown): { origin: string; challenge: string } {
  try {
    const data = JSON.parse(Buffer.from(String(clientDataJson), 'base64url').toString('utf8'));
    return { origin: String(data.origin), challenge: String(data.challenge) };
  } catch {
    return { origin: '', challenge: '' }; // not client data: no origin matches, no challenge either
  }
}

interface Expected {
  readonly challenge: string;
  readonly relyingPartyId: string;
  readonly requireUserVerification: boolean;
}

/**
 * @returns the passkey to keep
 * @throws AwsError `WebAuthnOriginNotAllowed…`, `WebAuthnRelyingPartyMismatch…` or `WebAuthnCredentialNotSupportedException`
 */
export async function verifyRegistration(
  engine: Engine,
  credential: RegistrationResponseJSON,
  expected: Expected,
): Promise<Passkey> {
  const { origin } = clientDataOf(credential.response?.clientDataJSON);
  if (!isOriginOf(origin, expected.relyingPartyId)) {
    throw webAuthnError('OriginNotAllowed', 'The origin of the credential is not allowed.');
  }
  const { verifyRegistrationResponse } = await library();
  const verified = await verifyRegistrationResponse({
    response: credential,
    expectedChallenge: expected.challenge,
    expectedOrigin: origin,
    expectedRPID: expected.relyingPartyId,
    requireUserVerification: expected.requireUserVerification,
    supportedAlgorithmIDs: algorithms,
  }).catch((error: Error) => {
    throw /RP ID/i.test(error.message)
      ? webAuthnError('RelyingPartyMismatch', 'The credential belongs to another relying party.')
      : webAuthnError('CredentialNotSupported', 'The credential is not supported.');
  });
  if (!verified.verified) throw webAuthnError('CredentialNotSupported', 'The credential is not supported.');
  const { id, publicKey, counter } = verified.registrationInfo.credential;
  return {
    id,
    publicKey: Buffer.from(publicKey).toString('base64url'),
    counter,
    transports: (credential.response.transports ?? []).map(String),
    ...(credential.authenticatorAttachment ? { attachment: credential.authenticatorAttachment } : {}),
    relyingPartyId: expected.relyingPartyId,
    name: credential.authenticatorAttachment === 'cross-platform' ? 'Security key' : 'Passkey',
    createdAt: engine.cloud.clock.now(),
  };
}

/** @returns the passkey with its new counter, `undefined` unless the user holds it and it signed this challenge */
export async function verifySignIn(
  user: User,
  credential: AuthenticationResponseJSON,
  expected: Expected,
): Promise<Passkey | undefined> {
  const passkey = user.passkeys?.find(({ id }) => id === credential.id);
  const { origin } = clientDataOf(credential.response?.clientDataJSON);
  const { userHandle } = credential.response ?? {};
  if (!passkey || passkey.relyingPartyId !== expected.relyingPartyId) return undefined;
  if (userHandle && userHandle !== userHandleOf(user)) return undefined;
  if (!isOriginOf(origin, expected.relyingPartyId)) return undefined;
  const { verifyAuthenticationResponse } = await library();
  const verified = await verifyAuthenticationResponse({
    response: credential,
    expectedChallenge: expected.challenge,
    expectedOrigin: origin,
    expectedRPID: expected.relyingPartyId,
    requireUserVerification: expected.requireUserVerification,
    credential: {
      id: passkey.id,
      publicKey: Uint8Array.from(Buffer.from(passkey.publicKey, 'base64url')),
      counter: passkey.counter,
    },
  }).catch(() => undefined); // whatever is wrong with it, the answer is the same refusal
  return verified?.verified ? { ...passkey, counter: verified.authenticationInfo.newCounter } : undefined;
}

/** `user.id` of the creation options, and `userHandle` of every assertion. */
export const userHandleOf = ({ sub }: User): string => Buffer.from(sub).toString('base64url');

export const creationParameters = algorithms.map((alg) => ({ type: 'public-key' as const, alg }));
