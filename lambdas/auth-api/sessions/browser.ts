import { randomBytes } from 'node:crypto';
import type { IssuedTokens } from '../../adapters/cognito-sign-in.ts';
import type { RouteRequest } from '../../api/types.ts';
import { edgeHeader } from '../../api/viewer-address.ts';
import { CiamError } from '../../core/errors.ts';
import type { Sub } from '../../core/ids.ts';
import { csrfHeader } from '../../core/request-headers.ts';
import {
  type BrowserSession,
  isIntended,
  isOwnOrigin,
  type RequestSource,
  sessionCookie,
} from '../../core/session/browser-session.ts';
import { sessionKeyOf } from '../../core/session/key.ts';
import { claimsOf, type SessionServices, sealRefreshToken, sessionOf } from './services.ts';

type Seen = Pick<RouteRequest, 'headers' | 'cookies'>;

const notOurs = (): CiamError =>
  new CiamError(
    'ORIGIN_REJECTED',
    'This is for pages of our own origins, with the value that came with the session.',
  );

/** The header of the distribution is proof enough: who forges it only loses. */
const sourceOf = (headers: Seen['headers']): RequestSource => ({
  origin: headers.origin,
  site: headers['sec-fetch-site'],
  throughPortal: headers[edgeHeader] !== undefined,
});

/** A session in a cookie begins on a page of ours, or somebody else's page could sign people in as it likes. */
export function requireOwnOrigin(
  { origins }: Pick<SessionServices, 'origins'>,
  { headers }: Pick<Seen, 'headers'>,
): void {
  if (!isOwnOrigin(sourceOf(headers), origins)) throw notOurs();
}

/** @throws CiamError `ORIGIN_REJECTED` unless a page of ours meant this change */
export function requireIntended(
  { origins }: Pick<SessionServices, 'origins'>,
  { headers }: Pick<Seen, 'headers'>,
  session: BrowserSession,
): void {
  const request = { method: 'POST', csrf: headers[csrfHeader], ...sourceOf(headers) };
  if (!isIntended(request, session, origins)) throw notOurs();
}

export const cookieOf = ({ cookies }: Pick<Seen, 'cookies'>): string | undefined => cookies[sessionCookie];

/** The cookie of a session; it lives as long as the session may. */
export const setSessionCookie = ({ lifetimes }: Pick<SessionServices, 'lifetimes'>, token: string): string =>
  `${sessionCookie}=${token}; Max-Age=${lifetimes.session.absoluteSeconds}; Path=/; Secure; HttpOnly; SameSite=Lax`;

export { clearedSessionCookie as clearSessionCookie } from '../../core/session/browser-session.ts';

export interface CookieBody {
  readonly mode: 'cookie';
  readonly csrf: string;
  readonly level: 0 | 1 | 2;
  readonly idleSeconds: number;
}

export interface CookieAnswer {
  readonly cookies: readonly string[];
  readonly body: CookieBody;
}

interface KeptAs {
  /** Of the session that goes on. @default - a new one, for a new session */
  readonly csrf?: string;
  /** Where the tokens name no flow of ours. @default 0: we vouch for nothing */
  readonly level?: 0 | 1;
}

/**
 * Puts the session behind a new identifier: whatever cookie the browser had before stands for nothing after it.
 */
export async function keepInCookie(
  services: Pick<SessionServices, 'browsers' | 'lifetimes' | 'refreshTokens' | 'clock' | 'providers'>,
  tokens: IssuedTokens,
  refreshToken: string,
  { csrf = randomBytes(32).toString('base64url'), level = 0 }: KeptAs = {},
): Promise<CookieAnswer> {
  const { sub, originJti, startedAt, assurance } = sessionOf(tokens);
  const { scope = '', client_id: clientId = '' } = claimsOf(tokens);
  const now = Math.floor(services.clock.now() / 1000);
  const session: BrowserSession = {
    sub: sub as Sub,
    sessionKey: sessionKeyOf({ flow: assurance?.flow, originJti }),
    ...(assurance && { flow: assurance.flow }),
    clientId,
    scopes: scope.split(' ').filter(Boolean),
    scopesAt: now,
    level: assurance?.level ?? level,
    methods: assurance?.methods ?? [],
    startedAt,
    seenAt: now,
    csrf,
  };
  const sealed = await sealRefreshToken(services, tokens, refreshToken);
  const token = await services.browsers.create(session, sealed);
  return {
    cookies: [setSessionCookie(services, token)],
    body: { mode: 'cookie', csrf, level: session.level, idleSeconds: services.lifetimes.session.idleSeconds },
  };
}

/** Another identifier for the same session, as after every authentication; nothing for a caller without a cookie. */
export async function rotateCookie(
  services: Pick<SessionServices, 'browsers' | 'lifetimes' | 'clock'>,
  request: Seen,
): Promise<readonly string[]> {
  const { browsers, clock } = services;
  const cookie = request.headers.authorization === undefined ? cookieOf(request) : undefined;
  const session = cookie === undefined ? undefined : await browsers.find(cookie);
  const sealed = cookie && session && (await browsers.refreshToken(cookie));
  if (!cookie || !session || !sealed) return [];
  const now = Math.floor(clock.now() / 1000);
  const token = await browsers.create({ ...session, seenAt: now }, sealed);
  await browsers.replaced(cookie, now);
  return [setSessionCookie(services, token)];
}
