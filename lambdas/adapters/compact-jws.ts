import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, SigningKey, SigningKeys } from '../ports.ts';

/**
 * Compact JWS with HS256 (RFC 7515, RFC 8725): exactly the one form that we mint ourselves. node:crypto only, as a
 * JOSE library costs 20 ms at the start of the sign-in function; tests hold this against one.
 */
export interface JwsKind {
  /** Full `typ` of the header: a token of one kind is never taken for another. */
  readonly type: string;
  readonly audience: string;
  readonly maxLifetimeSeconds: number;
}

export type JwsReading =
  | { readonly status: 'genuine' | 'expired'; readonly claims: Claims }
  | { readonly status: 'invalid' };

export type Claims = Readonly<Record<string, unknown>> & { readonly iat: number; readonly exp: number };

export const jwsIssuer = 'vestibule';
/** Longest token that is looked at. */
const maxTokenLength = 2_048;
/** Clocks of two functions may differ by this much. */
const skewSeconds = 5;
/** Canonical base64url only: no padding, and no second spelling of the same bytes. */
const base64url = /^[A-Za-z0-9_-]+$/;
const headerNames = ['alg', 'kid', 'typ'];
const invalid: JwsReading = { status: 'invalid' };

export async function signJws(
  keys: SigningKeys,
  kind: JwsKind,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const key = await keys.current();
  const header = { alg: 'HS256', kid: key.id, typ: kind.type };
  const signed = `${encode(header)}.${encode({ ...claims, iss: jwsIssuer, aud: kind.audience })}`;
  return `${signed}.${mac(key, signed).toString('base64url')}`;
}

/** @returns `expired` only for a token that was genuine once: signature, kind and audience are right, its time is over */
export async function readJws(
  keys: SigningKeys,
  kind: JwsKind,
  clock: Clock,
  token: string,
): Promise<JwsReading> {
  if (token.length > maxTokenLength) return invalid;
  const parts = token.split('.');
  const [head, body, signature] = parts;
  if (parts.length !== 3 || !head || !body || !signature) return invalid;
  const header = decode(head);
  if (!header || !isOurHeader(header, kind)) return invalid;
  // Unknown key ids reach the secret store at most once per interval (see rotatingKeys).
  const key = await keys.find(header.kid);
  if (!key || !isSignedBy(key, `${head}.${body}`, signature)) return invalid;
  const claims = decode(body);
  return claims ? readTimes(claims, kind, Math.floor(clock.now() / 1000)) : invalid;
}

/** Exactly three members: whatever else a header may carry (jku, x5u, jwk, crit, b64, zip) is not ours. */
function isOurHeader(
  header: Record<string, unknown>,
  kind: JwsKind,
): header is { alg: 'HS256'; kid: string; typ: string } {
  const names = Object.keys(header);
  return (
    names.length === headerNames.length &&
    names.every((name) => headerNames.includes(name)) &&
    header.alg === 'HS256' &&
    header.typ === kind.type &&
    typeof header.kid === 'string' &&
    header.kid.length > 0 &&
    header.kid.length <= 128
  );
}

function isSignedBy(key: SigningKey, signed: string, signature: string): boolean {
  const expected = mac(key, signed);
  const given = Buffer.from(signature, 'base64url');
  return (
    given.length === expected.length &&
    given.toString('base64url') === signature &&
    timingSafeEqual(given, expected)
  );
}

function readTimes(claims: Record<string, unknown>, kind: JwsKind, nowSeconds: number): JwsReading {
  const { iss, aud, iat, exp } = claims;
  if (iss !== jwsIssuer || aud !== kind.audience || !isTime(iat) || !isTime(exp)) return invalid;
  const isPlausible =
    exp > iat &&
    exp - iat <= kind.maxLifetimeSeconds &&
    iat <= nowSeconds + skewSeconds &&
    !('nbf' in claims);
  if (!isPlausible) return invalid;
  return { status: exp > nowSeconds ? 'genuine' : 'expired', claims: { ...claims, iat, exp } };
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

const mac = (key: SigningKey, signed: string): Buffer =>
  createHmac('sha256', key.secret).update(signed).digest();

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(part: string): Record<string, unknown> | undefined {
  if (!base64url.test(part)) return undefined;
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // not JSON or not UTF-8: a forged token, which is an expected input
  }
}
