import { randomUUID, timingSafeEqual } from 'node:crypto';
import { AwsError, type Clock, type Collection, type Store } from '../../platform.ts';
import { notAuthorized } from '../errors.ts';
import type { TokenFamily } from '../model.ts';
import type { Secrets } from '../secrets.ts';

const sweepEvery = 1_000;

/**
 * Refresh tokens. One names its family and its number in it, authenticated by the service's secret: opaque to
 * clients, and one record per sign-in however often it was rotated.
 */
export class TokenFamilies {
  private readonly stored: Collection<TokenFamily>;
  private readonly ofUser = new Map<string, Set<string>>();
  private readonly secrets: Secrets;
  private readonly clock: Clock;
  private sinceSweep = 0;

  constructor(store: Store, secrets: Secrets, clock: Clock) {
    this.stored = store.collection('cognito-token-families');
    this.secrets = secrets;
    this.clock = clock;
    for (const [, family] of this.stored.entries()) this.remember(family);
  }

  async begin(
    start: Pick<
      TokenFamily,
      | 'poolId'
      | 'sub'
      | 'clientId'
      | 'authTime'
      | 'expiresAt'
      | 'eventId'
      | 'deviceKey'
      | 'grant'
      | 'activity'
    >,
  ): Promise<TokenFamily> {
    const family: TokenFamily = {
      ...start,
      id: randomUUID(),
      revoked: false,
      newest: 1,
      spentBelow: 1,
      spentAt: {},
    };
    this.remember(family);
    await Promise.all([this.stored.set(family.id, family), this.sweep()]);
    return family;
  }

  get(id: string): TokenFamily | undefined {
    return this.stored.get(id);
  }

  tokenOf(family: TokenFamily, number: number = family.newest): string {
    return `${Buffer.from(`${family.id}.${number}`).toString('base64url')}.${this.tag(family.id, number)}`;
  }

  /** @throws AwsError `NotAuthorizedException` for anything that is not an unexpired, unrevoked token of this client */
  open(token: string, clientId: string): { family: TokenFamily; number: number } {
    const read = this.read(token);
    const family = read && this.stored.get(read.id);
    if (!read || !family || family.clientId !== clientId) throw notAuthorized('Invalid Refresh Token');
    if (family.revoked) throw notAuthorized('Refresh Token has been revoked');
    if (this.clock.now() >= family.expiresAt) throw notAuthorized('Refresh Token has expired');
    return { family, number: read.number };
  }

  /**
   * Trades a token for the next one of its family. The spent one stays good for the grace period, for retries.
   * @throws AwsError `RefreshTokenReuseException` for one spent longer ago. AWS documents no more than that, so the
   * family lives on: ending it is the application's decision.
   */
  async rotate(family: TokenFamily, number: number, graceMs: number): Promise<TokenFamily> {
    this.refuseReused(family, number, graceMs);
    const now = this.clock.now();
    const next = compact(
      {
        ...family,
        newest: family.newest + 1,
        spentAt: { ...family.spentAt, [number]: family.spentAt[number] ?? now },
      },
      now - graceMs,
    );
    await this.stored.set(next.id, next);
    return next;
  }

  refuseReused(family: TokenFamily, number: number, graceMs: number): void {
    const spentAt = family.spentAt[number];
    const inGrace = spentAt === undefined || this.clock.now() < spentAt + graceMs;
    if (number >= family.spentBelow && inGrace) return;
    throw new AwsError('RefreshTokenReuseException', 'Refresh token has been reused');
  }

  revoke(family: TokenFamily): Promise<void> {
    return this.stored.set(family.id, { ...family, revoked: true });
  }

  async revokeUser(poolId: string, sub: string): Promise<void> {
    const ids = this.ofUser.get(`${poolId}/${sub}`) ?? [];
    const families = Array.from(ids, (id) => this.stored.get(id)).filter((family) => family !== undefined);
    await Promise.all(families.map((family) => this.revoke(family)));
  }

  /** Sign-ins of a user that can still be refreshed. */
  liveOf(poolId: string, sub: string): TokenFamily[] {
    const now = this.clock.now();
    const all = Array.from(this.ofUser.get(`${poolId}/${sub}`) ?? [], (id) => this.stored.get(id));
    return all.flatMap((family) => (family && !family.revoked && family.expiresAt > now ? [family] : []));
  }

  /** Notes that a family was used just now. */
  async used(id: string, ip: string): Promise<void> {
    const family = this.stored.get(id);
    if (family) await this.stored.set(id, { ...family, activity: { at: this.clock.now(), ip } });
  }

  /** Family of a token that may be expired or revoked, for revocation. */
  familyOf(token: string): TokenFamily | undefined {
    const read = this.read(token);
    return read && this.stored.get(read.id);
  }

  private read(token: string): { id: string; number: number } | undefined {
    const [content, tag, rest] = token.split('.');
    if (!content || !tag || rest !== undefined) return undefined;
    const [id, number] = Buffer.from(content, 'base64url').toString('utf8').split('.');
    if (!id || !number) return undefined;
    const expected = Buffer.from(this.tag(id, Number(number)));
    const given = Buffer.from(tag);
    const genuine = given.length === expected.length && timingSafeEqual(given, expected);
    return genuine ? { id, number: Number(number) } : undefined;
  }

  private tag(id: string, number: number): string {
    return this.secrets.derive('refresh-token', id, String(number)).toString('base64url');
  }

  private remember(family: TokenFamily): void {
    const key = `${family.poolId}/${family.sub}`;
    const ids = this.ofUser.get(key) ?? new Set();
    this.ofUser.set(key, ids.add(family.id));
  }

  private async sweep(): Promise<void> {
    if (++this.sinceSweep < sweepEvery) return;
    this.sinceSweep = 0;
    const now = this.clock.now();
    const expired = Array.from(this.stored.entries(), ([, family]) => family).filter(
      (f) => f.expiresAt <= now,
    );
    for (const family of expired) this.ofUser.get(`${family.poolId}/${family.sub}`)?.delete(family.id);
    await Promise.all(expired.map(({ id }) => this.stored.delete(id)));
  }
}

/** Keeps the record small: what was spent before `graceEnd` is told by one number. */
function compact(family: TokenFamily, graceEnd: number): TokenFamily {
  let spentBelow = family.spentBelow;
  const spentAt: Record<string, number> = { ...family.spentAt };
  for (let at = spentAt[spentBelow]; at !== undefined && at <= graceEnd; at = spentAt[spentBelow]) {
    delete spentAt[spentBelow++];
  }
  return { ...family, spentBelow, spentAt };
}
