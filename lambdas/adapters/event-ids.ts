import { createHash } from 'node:crypto';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * ULID whose random part is a hash of what the event is about, so that a retried trigger writes the same event and a
 * reader drops the copy.
 * @param at - epoch milliseconds of the beginning of the flow, which a retry shares; not the time of the write
 */
export function derivedEventId(at: number, ...about: readonly (string | number)[]): string {
  const digest = createHash('sha256').update(about.join('\0')).digest();
  let value = (BigInt(at) << 80n) | BigInt(`0x${digest.subarray(0, 10).toString('hex')}`);
  let id = '';
  for (let index = 0; index < 26; index += 1) {
    id = `${crockford[Number(value & 31n)]}${id}`;
    value >>= 5n;
  }
  return id;
}
