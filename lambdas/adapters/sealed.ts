import { createHmac } from 'node:crypto';
import type { Clock, SigningKey, SigningKeys } from '../ports.ts';
import { decryptJwe, encryptJwe, readJweHeader } from './compact-jwe.ts';

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

export const sealed = <T extends object>(
  use: 'flow' | 'provider' | 'refresh' | 'step-up',
  keys: SigningKeys,
  clock: Clock,
  lifetimeSeconds: number,
): Sealed<T> => {
  const typ = `vestibule-${use}`;
  const nowSeconds = () => Math.floor(clock.now() / 1000);
  return {
    seal: async (value) => {
      const key = await keys.current();
      const iat = nowSeconds();
      const fill = use === 'flow' && { fill: fillOf(value, stepBytes.flow) };
      const content = { value, ...fill, iat, exp: iat + lifetimeSeconds };
      return encryptJwe({ kid: key.id, typ }, sealingKey(key, use), content);
    },
    open: async (token) => {
      if (token.length > maxTokenLength) return undefined;
      const header = readJweHeader(token);
      const key = header?.typ === typ ? await keys.find(header.kid) : undefined;
      const content = key && decryptJwe(token, sealingKey(key, use));
      if (!content || !isTime(content.iat) || !isTime(content.exp) || content.exp <= nowSeconds())
        return undefined;
      return content.value as T;
    },
  };
};

const isTime = (value: unknown): value is number => Number.isSafeInteger(value);

const fillOf = (value: object, step: number): string => {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  return '.'.repeat(Math.ceil(bytes / step) * step - bytes);
};

const sealingKey = (key: SigningKey, use: string): Uint8Array =>
  createHmac('sha256', key.secret).update(`vestibule/v1/seal/${use}`).digest();
