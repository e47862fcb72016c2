import { createHash, createHmac, getDiffieHellman, randomBytes } from 'node:crypto';

/**
 * The client's half of SRP, written from the protocol with BigInt and independent of the engine's arithmetic, so
 * that each checks the other.
 */
const prime = getDiffieHellman('modp15').getPrime('hex');
const N = BigInt(`0x${prime}`);

export interface SrpClient {
  readonly publicValue: string;
  readonly prime: string;
  answer(parameters: Record<string, string>, password: string, timestamp?: string): Record<string, string>;
}

export function srpClient(poolId: string): SrpClient {
  const secret = BigInt(`0x${randomBytes(32).toString('hex')}`);
  const publicValue = power(2n, secret);
  const poolName = poolId.split('_')[1] ?? '';
  return {
    publicValue: publicValue.toString(16),
    prime,
    answer: (parameters, password, timestamp = utcTimestamp(new Date())) => {
      const { SALT = '', SRP_B = '', SECRET_BLOCK = '', USER_ID_FOR_SRP = '' } = parameters;
      const B = BigInt(`0x${SRP_B}`);
      const u = hash(padded(publicValue) + padded(B));
      const identity = createHash('sha256').update(`${poolName}${USER_ID_FOR_SRP}:${password}`).digest('hex');
      const x = hash(padded(BigInt(`0x${SALT}`)) + identity);
      const k = hash(padded(N) + padded(2n));
      const shared = power((((B - k * power(2n, x)) % N) + N) % N, secret + u * x);
      const extracted = createHmac('sha256', hex(padded(u)))
        .update(hex(padded(shared)))
        .digest();
      const key = createHmac('sha256', extracted)
        .update('Caldera Derived Key\u0001')
        .digest()
        .subarray(0, 16);
      const signature = createHmac('sha256', key)
        .update(`${poolName}${USER_ID_FOR_SRP}`)
        .update(Buffer.from(SECRET_BLOCK, 'base64'))
        .update(timestamp)
        .digest('base64');
      return {
        USERNAME: USER_ID_FOR_SRP,
        PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
        PASSWORD_CLAIM_SIGNATURE: signature,
        TIMESTAMP: timestamp,
      };
    },
  };
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square, rest] = [1n, base % N, exponent];
  while (rest > 0n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
    rest >>= 1n;
  }
  return result;
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const hash = (text: string): bigint => BigInt(`0x${createHash('sha256').update(hex(text)).digest('hex')}`);

function padded(value: bigint): string {
  const even = value.toString(16).length % 2 === 0 ? value.toString(16) : `0${value.toString(16)}`;
  return /^[89a-f]/i.test(even) ? `00${even}` : even;
}

/** `Tue Nov 3 08:05:02 UTC 2026` */
function utcTimestamp(date: Date): string {
  const [weekday, day, month, year, time] = date.toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`;
}
