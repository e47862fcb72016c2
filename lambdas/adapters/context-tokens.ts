import { isBrandId } from '../core/brand.ts';
import type { Pseudonym } from '../core/ids.ts';
import { isLanguageTag } from '../core/languages.ts';
import {
  type ContextAudience,
  type ContextReading,
  contextLifetimeSeconds,
  contextReferenceSeconds,
  type RequestContext,
} from '../core/risk/context.ts';
import type { Clock, SigningKeys } from '../ports.ts';
import { type Claims, type JwsKind, readJws, signJws } from './compact-jws.ts';

/** Context tokens are minted by the Identity API and read by the triggers; both sides share the signing secret. */
export interface ContextTokens {
  mint(context: Omit<RequestContext, 'issuedAt' | 'expiresAt'>): Promise<string>;
  /** `expired` stays readable for as long as it may name its flow, then it is `invalid`. */
  read(token: string | undefined, audience: ContextAudience): Promise<ContextReading>;
}

const kindOf = (audience: ContextAudience): JwsKind => ({
  type: 'vestibule-context+jwt',
  audience,
  maxLifetimeSeconds: contextLifetimeSeconds,
});

const id = /^[A-Za-z0-9_-]{22}$/;
const isId = (value: unknown): value is string => typeof value === 'string' && id.test(value);
const isPseudonym = (value: unknown): value is Pseudonym => isId(value);
const maxLabelLength = 64;
/** A flow id, or Cognito's `origin_jti` (a UUID). */
const isSessionKey = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value);

export const contextTokens = (keys: SigningKeys, clock: Clock): ContextTokens => ({
  mint: (context) => {
    const iat = Math.floor(clock.now() / 1000);
    return signJws(keys, kindOf(context.audience), {
      jti: context.id,
      iat,
      exp: iat + contextLifetimeSeconds,
      idh: context.identifier,
      net: context.network,
      adr: context.address,
      ...(context.device && { dev: context.device }),
      lbl: context.label,
      ...(context.brand && { brd: context.brand }),
      ...(context.language && { lng: context.language }),
      door: context.door,
      ...(context.level && { level: context.level }),
      ...(context.session && { ses: context.session }),
      ...(context.nextDevice && { ndv: context.nextDevice }),
    });
  },
  read: async (token, audience) => {
    if (!token) return { status: 'missing' };
    const reading = await readJws(keys, kindOf(audience), clock, token);
    if (reading.status === 'invalid') return { status: 'invalid' };
    const context = contextOf(reading.claims, audience);
    if (!context) return { status: 'invalid' };
    if (reading.status === 'genuine') return { status: 'genuine', context };
    const isOver = clock.now() / 1000 >= context.expiresAt + contextReferenceSeconds;
    return isOver ? { status: 'invalid' } : { status: 'expired', context };
  },
});

/** Signed by us is not enough: every claim has the form that we mint, so that nothing odd reaches a key or a log. */
function contextOf(claims: Claims, audience: ContextAudience): RequestContext | undefined {
  const { jti, iat, exp, idh, net, adr, dev, lbl, brd, lng, door, level, ses, ndv } = claims;
  const isComplete =
    isId(jti) &&
    isPseudonym(idh) &&
    isPseudonym(net) &&
    isPseudonym(adr) &&
    (dev === undefined || isPseudonym(dev)) &&
    typeof lbl === 'string' &&
    lbl.length <= maxLabelLength &&
    (brd === undefined || isBrandId(brd)) &&
    (lng === undefined || isLanguageTag(lng)) &&
    (door === 'api' || door === 'sdk') &&
    (level === undefined || level === 2) &&
    (ses === undefined || isSessionKey(ses)) &&
    (ndv === undefined || isPseudonym(ndv)) &&
    // A step-up is for one session, and nothing else is.
    (audience === 'step-up') === (ses !== undefined);
  if (!isComplete) return undefined;
  return {
    audience,
    id: jti,
    issuedAt: iat,
    expiresAt: exp,
    identifier: idh,
    network: net,
    address: adr,
    ...(dev && { device: dev }),
    label: lbl,
    ...(brd !== undefined && { brand: brd }),
    ...(lng !== undefined && { language: lng }),
    door,
    ...(level !== undefined && { level }),
    ...(ses !== undefined && { session: ses }),
    ...(ndv !== undefined && { nextDevice: ndv }),
  };
}
