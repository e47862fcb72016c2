import type { Sub } from '../ids.ts';
import type { Method } from '../risk/decision.ts';
import type { AssuranceLevel } from './assurance.ts';
import { operatorScopes } from './claims.ts';

/** What the server keeps for a browser's cookie: who it is and what was proven. Its refresh token lies sealed beside it. */
export interface BrowserSession {
  readonly sub: Sub;
  readonly sessionKey: string;
  readonly flow?: string;
  readonly clientId: string;
  /** Full form, as in the access token of the sign-in or of the last refresh. */
  readonly scopes: readonly string[];
  /** Epoch seconds at which the user pool said so: at the sign-in or at the last refresh. */
  readonly scopesAt: number;
  readonly level: AssuranceLevel | 0;
  readonly methods: readonly Method[];
  /** Epoch seconds. */
  readonly startedAt: number;
  /** Epoch seconds of the last use, to the touch interval. */
  readonly seenAt: number;
  /** What a page has to send with every change; the same for the whole session. */
  readonly csrf: string;
  /** Epoch seconds at which a refresh gave the browser another cookie. */
  readonly replacedAt?: number;
}

/**
 * What a session may do by its scopes. Whoever is taken out of the operators is no operator any more at the next refresh,
 * so those scopes last no longer than an access token with them; everything else acts on one's own data.
 */
export const scopesNow = (
  { scopes, scopesAt }: Pick<BrowserSession, 'scopes' | 'scopesAt'>,
  nowSeconds: number,
): readonly string[] =>
  Math.abs(nowSeconds - scopesAt) <= operatorScopeSeconds
    ? scopes
    : scopes.filter((scope) => !operatorScopes.includes(scope));

/** As long as our access tokens live. */
const operatorScopeSeconds = 600;

export const sessionCookie = '__Host-vestibule-session';
export const clearedSessionCookie = `${sessionCookie}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax`;

/** 256 random bits, base64url. */
export const isBrowserToken = (value: string | undefined): value is string =>
  value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value);

/** A lost answer may be asked for again for this long, as at Cognito; then a replaced cookie was stolen. */
export const replacementGraceSeconds = 10;

export const isReplaced = ({ replacedAt }: BrowserSession, nowSeconds: number): boolean =>
  replacedAt !== undefined && !(nowSeconds - replacedAt <= replacementGraceSeconds);

/** Methods that change nothing, so that a foreign page gains nothing by having them sent (RFC 9110 §9.2.1). */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a request says about the page that makes it. */
export interface RequestSource {
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`: where a browser says that the request comes from; older ones and programs say nothing. */
  readonly site?: string | undefined;
  /** Came by the portal's distribution. */
  readonly throughPortal?: boolean;
}

export interface CookieRequest extends RequestSource {
  readonly method: string;
  readonly csrf: string | undefined;
}

/** The page itself, or nobody's page: an address that was typed. */
const ownSites: ReadonlySet<string> = new Set(['same-origin', 'none']);
const isOwnSite = (site: string | undefined): boolean => site === undefined || ownSites.has(site);

/**
 * An exact origin of ours. A browser always says where a change comes from, so a request that does not is refused. Pages and
 * API are one origin in the portal, so there no other page acts, one of an app of ours included.
 */
export const isOwnOrigin = (
  { origin, site, throughPortal = false }: RequestSource,
  origins: readonly string[],
): boolean => origin !== undefined && origins.includes(origin) && !(throughPortal && !isOwnSite(site));

/**
 * Whether a request that comes with a cookie was meant by a page of ours. A foreign page cannot see what it has fetched,
 * unless its origin is allowed; but a read of ours can be an event (an operator's look, an export), so that a link or an
 * image elsewhere must not cause one either: a read without `Origin` is our own page's.
 */
export function isIntended(
  request: CookieRequest,
  session: Pick<BrowserSession, 'csrf'>,
  origins: readonly string[],
): boolean {
  const { method, origin, csrf, site } = request;
  if (safeMethods.has(method)) return origin === undefined ? isOwnSite(site) : isOwnOrigin(request, origins);
  return isOwnOrigin(request, origins) && isSame(csrf ?? '', session.csrf);
}

/** Takes as long for a wrong character at the front as for one at the end. */
function isSame(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let index = 0; index < right.length; index += 1) {
    difference |= (left.charCodeAt(index) || 0) ^ right.charCodeAt(index);
  }
  return difference === 0 && right.length > 0;
}
