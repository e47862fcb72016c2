import { createHmac } from 'node:crypto';
import type { Clock, SigningKey, SigningKeys } from '../ports.ts';

/** What a client keeps for us unread: JWE (RFC 7516), `dir` with A256GCM; its key is derived per use. */
export interface Sealed<T extends object> {
  seal(value: T): Promise<string>;
  /** `undefined` for anything that is not ours, was changed, is of another use or has expired. */
  open(token: string): Promise<T | undefined>;
}

/** Longest handle that is looked at; Cognito's session string takes most of it. */
const maxTokenLength = 8_192;

/**
 * A sign-in's handle holds Cognito's session and name for the account, and both are longer for somebody who exists. So its
 * content is filled up to whole steps; two of them stay below what is looked at.
 */
const stepBytes = { flow: 2_960 } as const;

/** jose is loaded at the first use: the sign-in triggers share this folder and must not pay for it. */
export const sealed = <T extends object>(
  use: 'flow' | 'provider' | 'refresh' | 'step-up',
  keys: SigningKeys,
  clock: Clock,
  lifetimeSeconds: number,
): Sealed<T> => ({
  seal: async (value) => {
    const { EncryptJWT } = await import('jose');
    const key = await keys.current();
    const nowSeconds = Math.floor(clock.now() / 1000);
    return new EncryptJWT({ value, ...(use === 'flow' && { fill: fillOf(value, stepBytes.flow) }) })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id, typ: `vestibule-${use}` })
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + lifetimeSeconds)
      .encrypt(sealingKey(key, use));
  },
  open: async (token) => {
    if (token.length > maxTokenLength) return undefined;
    const { decodeProtectedHeader, errors, jwtDecrypt } = await import('jose');
    try {
      const { kid } = decodeProtectedHeader(token);
      const key = typeof kid === 'string' ? await keys.find(kid) : undefined;
      if (!key) return undefined;
      const { payload } = await jwtDecrypt<{ value: T }>(token, sealingKey(key, use), {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        typ: `vestibule-${use}`,
        requiredClaims: ['iat', 'exp'],
        currentDate: new Date(clock.now()),
      });
      return payload.value;
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined; // not ours
      throw error;
    }
  },
});

const fillOf = (value: object, step: number): string => {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  return '.'.repeat(Math.ceil(bytes / step) * step - bytes);
};

const sealingKey = (key: SigningKey, use: string): Uint8Array =>
  createHmac('sha256', key.secret).update(`vestibule/v1/seal/${use}`).digest();
