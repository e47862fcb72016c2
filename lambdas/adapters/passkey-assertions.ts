import type { PasskeyFactor } from '../core/factor/factor.ts';

export interface PasskeyAssertion {
  /** AuthenticationResponseJSON, as JSON. */
  readonly credential: string;
  /** Base64url. */
  readonly challenge: string;
}

/** What one answer of an authenticator says about itself, before anything is verified. */
export interface PasskeyClaim {
  readonly id: string;
  /** Whose it says it is: the `sub` that was its user id at enrolment. */
  readonly sub?: string;
}

export interface PasskeyAssertions {
  readonly relyingPartyId: string;
  /**
   * Verifies signature, challenge, origin, relying party and user verification (WebAuthn Level 3 §7.2).
   * @returns the authenticator's counter; `undefined` for an answer that proves nothing
   */
  verify(assertion: PasskeyAssertion, passkey: PasskeyFactor): Promise<number | undefined>;
}

/** Read from outside, so anything may be in it. */
export function claimOf(credential: string): PasskeyClaim | undefined {
  const { id, response } = JSON.parse(credential) as {
    id?: unknown;
    response?: { userHandle?: unknown } | null;
  };
  if (typeof id !== 'string') return undefined;
  const handle = response?.userHandle;
  return {
    id,
    ...(typeof handle === 'string' && { sub: Buffer.from(handle, 'base64url').toString('utf8') }),
  };
}

export interface RelyingParty {
  /** A domain. */
  readonly id: string;
  /** Exact origins of pages that may ask for a passkey. */
  readonly origins: readonly string[];
}

/** The library is loaded at the first passkey: most sign-ins use none. */
export const passkeyAssertions = (party: RelyingParty): PasskeyAssertions => {
  type Verify = typeof import('./lazy/passkey-assertion.ts').verifyAssertion;
  let loaded: Promise<Verify> | undefined;
  return {
    relyingPartyId: party.id,
    verify: async (assertion, passkey) => {
      loaded ??= import('./lazy/passkey-assertion.ts').then(({ verifyAssertion }) => verifyAssertion);
      const verify = await loaded;
      return verify(assertion, passkey, party);
    },
  };
};
