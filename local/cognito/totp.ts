import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const secretBytes = 32;
const stepSeconds = 30;
/** Steps before and after the current one: a clock may be off by half a minute. */
const driftSteps = 1;

export const newTotpSecret = (): string => base32(randomBytes(secretBytes));

/**
 * The time step a code belongs to (RFC 6238: SHA-1, six digits, 30 s).
 * @param now - epoch milliseconds that count as the present; more than one where clocks differ
 */
export function matchingStep(secret: string, code: string, now: readonly number[]): number | undefined {
  const key = fromBase32(secret);
  const steps = now.flatMap((time) => {
    const current = Math.floor(time / 1000 / stepSeconds);
    return [0, -driftSteps, driftSteps].map((offset) => current + offset);
  });
  return steps.find((step) => equal(codeAt(key, step), code));
}

function codeAt(key: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  const truncated = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(truncated % 1_000_000).padStart(6, '0');
}

const equal = (a: string, b: string): boolean =>
  a.length === b.length &&
  timingSafeEqual(Buffer.from(a), Buffer.from(b.padEnd(a.length).slice(0, a.length)));

function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

function fromBase32(text: string): Buffer {
  let bits = '';
  for (const letter of text) bits += alphabet.indexOf(letter).toString(2).padStart(5, '0');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
