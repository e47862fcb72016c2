import type { Sub } from '../ids.ts';

/** An authenticator app (RFC 6238): SHA-1, six digits, 30 seconds, as every app knows it. */
export interface TotpFactor {
  readonly kind: 'totp';
  readonly name: string;
  /** Shared secret, sealed with the sealing key; never stored in clear. */
  readonly sealedSecret: string;
  /** Last accepted time step; a code of this or an older step is spent. */
  readonly lastStep: number;
  /** ISO 8601. */
  readonly enrolledAt: string;
  readonly lastUsedAt?: string;
}

/** A proven phone number. SMS is a restricted method (NIST SP 800-63B-4): never the only one that is offered. */
export interface PhoneFactor {
  readonly kind: 'phone';
  /** E.164. */
  readonly number: string;
  /** ISO 3166-1 alpha-2, as the number says. */
  readonly country: string;
  readonly enrolledAt: string;
  readonly lastUsedAt?: string;
}

/** A passkey of ours (WebAuthn Level 3), beside those that Cognito itself keeps. */
export interface PasskeyFactor {
  readonly kind: 'passkey';
  /** Credential id, base64url. */
  readonly id: string;
  readonly name: string;
  /** COSE public key, base64url. */
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly deviceType: 'singleDevice' | 'multiDevice';
  readonly backedUp: boolean;
  /** Authenticator model, for its name in lists. */
  readonly aaguid?: string;
  readonly enrolledAt: string;
  readonly lastUsedAt?: string;
}

/** One set of recovery codes: each good once, all replaced together. */
export interface RecoveryCodes {
  readonly kind: 'recovery-codes';
  /** Of the set, base64url; scrypt takes as long for ten codes as for one. */
  readonly salt: string;
  /** scrypt hashes of the codes that are left, base64url. */
  readonly hashes: readonly string[];
  readonly createdAt: string;
}

/** What a person has enrolled beyond the password and the address. */
export interface Factors {
  readonly totp?: TotpFactor;
  readonly phone?: PhoneFactor;
  readonly passkeys: readonly PasskeyFactor[];
  readonly recoveryCodes?: RecoveryCodes;
}

export const noFactors: Factors = { passkeys: [] };

/** The half of the store that a sign-in needs: reads, and uses that succeed once. */
export interface FactorUse {
  /** Everything enrolled, consistent read. 1 RRU up to 4 kB. */
  list(sub: Sub): Promise<Factors>;
  /** Marks a time step as spent. `false`: this step or a later one was accepted before, or the factor is gone. */
  spendTotpStep(sub: Sub, step: number, at: string): Promise<boolean>;
  /** Stores the new counter. `false`: the counter did not rise (where the authenticator counts), or the passkey is gone. */
  usePasskey(sub: Sub, id: string, counter: number, at: string): Promise<boolean>;
  /** Takes one code out of the set. `false`: it was used before, or the set was replaced. */
  spendRecoveryCode(sub: Sub, hash: string): Promise<boolean>;
  /** Marks the phone as used; changes nothing when it is gone. */
  usePhone(sub: Sub, at: string): Promise<void>;
}
