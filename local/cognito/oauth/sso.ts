import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Collection } from '../../platform.ts';
import type { Engine } from '../engine.ts';
import type { Pool, User } from '../model.ts';

/** Who is signed in at the pages of a pool, for every client of the pool. */
export interface PageSession {
  readonly poolId: string;
  readonly sub: string;
  /** Epoch seconds of the sign-in. */
  readonly authTime: number;
  /** Epoch milliseconds; does not move. */
  readonly expiresAt: number;
}

const sessionCookie = 'cognito';
const browserCookie = 'XSRF-TOKEN';
const sessionSeconds = 3_600;

const sessionsOf = ({ cloud }: Engine): Collection<PageSession> =>
  cloud.store.collection('cognito-page-sessions');
const digest = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
const newSecret = (): string => randomBytes(32).toString('base64url');

function readCookie(header: string | undefined, name: string): string | undefined {
  const pair = (header ?? '').split(';').find((part) => part.trim().startsWith(`${name}=`));
  return pair?.trim().slice(name.length + 1) || undefined;
}

/** Cookies of one domain do not reach another one on the same host. */
const attributes = (baseUrl: string): string => `Path=${new URL(baseUrl).pathname}; HttpOnly; SameSite=Lax`;

/** @returns the session with its person, `undefined` when it ended or they must not sign in any more */
export function findSession(
  engine: Engine,
  pool: Pool,
  cookie: string | undefined,
): { session: PageSession; user: User } | undefined {
  const secret = readCookie(cookie, sessionCookie);
  const session = secret ? sessionsOf(engine).get(digest(secret)) : undefined;
  if (!session || session.poolId !== pool.id || engine.cloud.clock.now() >= session.expiresAt)
    return undefined;
  const user = engine.directory.bySub(pool.id, session.sub);
  return user?.enabled ? { session, user } : undefined;
}

/**
 * Signs the browser in under new secrets: whatever it held before, an attacker may have put there.
 * @returns cookies to set
 */
export async function beginSession(
  engine: Engine,
  baseUrl: string,
  user: User,
  oldCookie: string | undefined,
): Promise<{ session: PageSession; cookies: readonly string[] }> {
  const secret = newSecret();
  const now = engine.cloud.clock.now();
  const session: PageSession = {
    poolId: user.poolId,
    sub: user.sub,
    authTime: Math.floor(now / 1000),
    expiresAt: now + sessionSeconds * 1000,
  };
  await Promise.all([
    sessionsOf(engine).set(digest(secret), session),
    removeSession(engine, oldCookie),
    removeExpired(engine),
  ]);
  const cookies = [
    `${sessionCookie}=${secret}; ${attributes(baseUrl)}; Max-Age=${sessionSeconds}`,
    `${browserCookie}=${newSecret()}; ${attributes(baseUrl)}`,
  ];
  return { session, cookies };
}

/** @returns the cookie that ends it in the browser */
export async function endSession(
  engine: Engine,
  baseUrl: string,
  cookie: string | undefined,
): Promise<readonly string[]> {
  await removeSession(engine, cookie);
  return [`${sessionCookie}=; ${attributes(baseUrl)}; Max-Age=0`];
}

async function removeSession(engine: Engine, cookie: string | undefined): Promise<void> {
  const secret = readCookie(cookie, sessionCookie);
  if (secret) await sessionsOf(engine).delete(digest(secret));
}

async function removeExpired(engine: Engine): Promise<void> {
  const now = engine.cloud.clock.now();
  const expired = Array.from(sessionsOf(engine).entries()).filter(([, { expiresAt }]) => expiresAt <= now);
  await Promise.all(expired.map(([key]) => sessionsOf(engine).delete(key)));
}

/** The browser in front of a form, so that no other site can send it and no other browser go on with it. */
export interface PageBrowser {
  /** Goes into each form. */
  readonly csrf: string;
  /** To be set when it is new. */
  readonly cookies: readonly string[];
}

export function openBrowser(engine: Engine, baseUrl: string, cookie: string | undefined): PageBrowser {
  const known = readCookie(cookie, browserCookie);
  const secret = known ?? newSecret();
  return {
    csrf: engine.secrets.derive('page-csrf', baseUrl, secret).toString('base64url'),
    cookies: known ? [] : [`${browserCookie}=${secret}; ${attributes(baseUrl)}`],
  };
}

export function isSameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
