import { createHmac, timingSafeEqual } from 'node:crypto';

/** RFC 6238 §4 as every authenticator app knows it. */
export const totpStepSeconds = 30;
export const totpDigits = 6;
/** RFC 6238 §5.2: one step either way for clocks that differ and for fingers that are slow. */
export const totpDriftSteps = 1;

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 base 32 without padding, the form of the secret in an `otpauth:` URI. */
export function toBase32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => base32[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

export function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) => base32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

export const totpStep = (now: number): number => Math.floor(now / 1000 / totpStepSeconds);

/** RFC 4226 §5.3 with SHA-1. @param secret - base 32 */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** totpDigits).padStart(totpDigits, '0');
}

/**
 * The time step that a code belongs to; `undefined` when it belongs to none near `now`. Spending the step is the
 * caller's: a code is good once (RFC 6238 §5.2).
 * @param secret - base 32
 * @param now - epoch milliseconds
 */
export function matchingStep(secret: string, code: string, now: number): number | undefined {
  const given = Buffer.from(code);
  if (given.length !== totpDigits) return undefined;
  let found: number | undefined;
  for (let drift = -totpDriftSteps; drift <= totpDriftSteps; drift += 1) {
    const step = totpStep(now) + drift;
    // All steps are looked at, whichever fits: the time says nothing about the clock of the app.
    if (timingSafeEqual(given, Buffer.from(totpCode(secret, step)))) found = step;
  }
  return found;
}
