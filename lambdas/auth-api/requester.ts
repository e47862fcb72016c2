import { randomBytes } from 'node:crypto';
import { invalid } from '../api/problem.ts';
import type { RouteRequest } from '../api/types.ts';
import { brandWish } from '../core/brand.ts';
import { canonicalIdentifier } from '../core/identifier.ts';
import type { Pseudonym } from '../core/ids.ts';
import { languageWish } from '../core/languages.ts';
import type { Request, Requester } from '../core/registration/requester.ts';
import { deviceHeader } from '../core/request-headers.ts';
import { addressPrefixes, deviceLabel } from '../core/risk/request-facts.ts';
import { deviceCookie } from '../core/session/device.ts';
import type { Pseudonyms } from '../ports.ts';

/** Browsers cap the life of a cookie at 400 days. */
const deviceCookieSeconds = 400 * 86_400;
/** 256 random bits, base64url. */
const deviceToken = /^[A-Za-z0-9_-]{43}$/;

type Seen = Pick<RouteRequest, 'headers' | 'cookies' | 'sourceIp' | 'userAgent'>;

export interface Device {
  readonly token: string;
  /** True when the caller had none, or none of ours; it must get this one. */
  readonly isNew: boolean;
  /**
   * Token that is known after a passed challenge. A token that somebody planted (or read) before the sign-in never is:
   * what was brought is replaced, and only what was minted here is learned.
   */
  readonly next: string;
}

const mint = (): string => randomBytes(32).toString('base64url');

export function deviceOf({ headers, cookies }: Seen): Device {
  const known = [cookies[deviceCookie], headers[deviceHeader]].find((token) => deviceToken.test(token ?? ''));
  if (known !== undefined) return { token: known, isNew: false, next: mint() };
  const minted = mint();
  return { token: minted, isNew: true, next: minted };
}

/** What an answer adds so that the device is known the next time. */
export const deviceAnswer = ({
  token,
  isNew,
}: Pick<Device, 'token' | 'isNew'>): { deviceToken?: string; cookies: readonly string[] } =>
  isNew ? { deviceToken: token, cookies: [deviceCookieOf(token)] } : { cookies: [] };

/** After a proof: the token that takes the brought one's place. In a browser it is for the HttpOnly cookie alone. */
export const nextDeviceAnswer = (
  { cookies }: Pick<Seen, 'cookies'>,
  { token, next }: Device,
): { deviceToken?: string; cookies: readonly string[] } => ({
  cookies: [deviceCookieOf(next)],
  ...(cookies[deviceCookie] !== token && { deviceToken: next }),
});

export const deviceCookieOf = (token: string): string =>
  `${deviceCookie}=${token}; Max-Age=${deviceCookieSeconds}; Path=/; Secure; HttpOnly; SameSite=Lax`;

/** Facts of the connection as keyed hashes; an address that is none hashes as itself and shares one bucket. */
export async function requesterOf(pseudonyms: Pseudonyms, seen: Seen, device: Device): Promise<Requester> {
  const prefixes = addressPrefixes(seen.sourceIp) ?? { network: 'unknown', address: 'unknown' };
  const [network, address, devicePseudonym] = await Promise.all([
    pseudonyms.of('network', prefixes.network),
    pseudonyms.of('address', prefixes.address),
    pseudonyms.of('device', device.token),
  ]);
  const brand = brandWish(seen.headers);
  const language = languageWish(seen.headers);
  return {
    network,
    address,
    device: devicePseudonym,
    label: deviceLabel(seen.userAgent),
    ...(brand && { brand }),
    ...(language && { language }),
  };
}

/** @throws CiamError `REQUEST_INVALID` naming the field when it is not exactly one address */
export async function requestOf(
  pseudonyms: Pseudonyms,
  seen: Seen,
  device: Device,
  typed: { field: 'email' | 'identifier'; value: string },
): Promise<Request> {
  const identifier = canonicalIdentifier(typed.value);
  if (!identifier) throw invalid(`/${typed.field}`, 'must be exactly one e-mail address');
  const [pseudonym, requester]: [Pseudonym, Requester] = await Promise.all([
    pseudonyms.of('identifier', identifier),
    requesterOf(pseudonyms, seen, device),
  ]);
  return { identifier, pseudonym, requester };
}
