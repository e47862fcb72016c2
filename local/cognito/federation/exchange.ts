import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Collection } from '../../platform.ts';
import type { Engine } from '../engine.ts';

/** One trip to a provider and back, carried sealed in `state` or `RelayState`. */
export interface Exchange {
  /** Used once. */
  readonly id: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly providerName: string;
  readonly baseUrl: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly resume: Readonly<Record<string, unknown>>;
  /** Binds the answer to the browser that asked. */
  readonly browser: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** `ID` of the SAML request. */
  readonly requestId: string;
}

/** A person may have to sign in at the provider first. */
export const exchangeMinutes = 10;

const cookieName = 'cognito-federation';

export const random = (): string => randomBytes(32).toString('base64url');

export function openExchange(
  engine: Engine,
  about: Pick<Exchange, 'poolId' | 'clientId' | 'providerName' | 'baseUrl' | 'resume'>,
): Exchange {
  return {
    ...about,
    id: randomUUID(),
    expiresAt: engine.cloud.clock.now() + exchangeMinutes * 60_000,
    browser: random(),
    nonce: random(),
    codeVerifier: random(),
    requestId: `_${randomUUID()}`,
  };
}

/** Base64url, because providers hand it back in a query. */
export const sealExchange = (engine: Engine, exchange: Exchange): string =>
  Buffer.from(engine.secrets.seal(exchange), 'base64').toString('base64url');

/**
 * Opens the state of an answer and spends it: of any number of answers with it, one is heard.
 * @returns `undefined` when forged, expired, spent before, or brought by another browser
 */
export async function spendExchange(
  engine: Engine,
  sealed: string,
  cookie: string | undefined,
): Promise<Exchange | undefined> {
  const exchange = engine.secrets.unseal(Buffer.from(sealed, 'base64url').toString('base64')) as
    | Exchange
    | undefined;
  if (!exchange?.browser || !isSame(cookieIn(cookie), exchange.browser)) return undefined;
  const now = engine.cloud.clock.now();
  const spent: Collection<number> = engine.cloud.store.collection('cognito-spent-exchanges');
  if (now >= exchange.expiresAt || spent.has(exchange.id)) return undefined;
  const written = spent.set(exchange.id, exchange.expiresAt);
  const expired = Array.from(spent.entries()).filter(([, expiresAt]) => expiresAt <= now);
  await Promise.all([written, ...expired.map(([id]) => spent.delete(id))]);
  return exchange;
}

/** `Lax` reaches a provider's form post too, as long as both are on this machine under one name. */
export const exchangeCookie = ({ browser }: Exchange): string =>
  `${cookieName}=${browser}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${exchangeMinutes * 60}`;
export const endedCookie = `${cookieName}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;

function cookieIn(header = ''): string {
  const pair = header.split(';').find((part) => part.trim().startsWith(`${cookieName}=`));
  return pair?.trim().slice(cookieName.length + 1) ?? '';
}

const isSame = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
