import type { AuditOutbox, Clock } from '../../ports.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Sub } from '../ids.ts';

/** An account whose address was never confirmed. */
export interface UnconfirmedAccount {
  readonly userName: string;
  readonly sub: Sub;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export interface UnconfirmedAccounts {
  /** One page, in no particular order; `next` continues. A cursor that is no longer known starts over. */
  page(
    cursor?: string,
  ): Promise<{ readonly accounts: readonly UnconfirmedAccount[]; readonly next?: string }>;
  /** Removes the account whatever its state is by now. One that is gone is fine. */
  remove(account: UnconfirmedAccount): Promise<void>;
}

export interface ExpiryPorts {
  readonly accounts: UnconfirmedAccounts;
  /** Whether a confirmation code that was sent again may still be good. Never `false` for one that is. */
  readonly hasLiveCode: (sub: Sub) => Promise<boolean>;
  /** Where the last run stopped. */
  readonly cursor: { read(): Promise<string | undefined>; save(cursor: string | undefined): Promise<void> };
  readonly outbox: AuditOutbox;
  readonly clock: Clock;
  /** The same id for the same facts: a repeated run writes no second event. */
  readonly eventId: (at: number, ...about: readonly string[]) => string;
  /** Told why an account stays. */
  readonly expiryFailed: (error: unknown) => void;
}

export interface ExpiryPolicy {
  readonly retentionHours: number;
  /** Bounds of one run; the next one goes on. */
  readonly maxRemovals: number;
  readonly maxSeconds: number;
}

export interface ExpiryReport {
  readonly seen: number;
  readonly removed: number;
  /** Old enough, but with a code that may still be used. */
  readonly spared: number;
  /** Could not be judged or removed; the next run tries again. */
  readonly failed: number;
  /** Whether every account was looked at since the last start from the beginning. */
  readonly complete: boolean;
}

const hourMs = 3_600_000;
/** Cognito's confirmation code lives 24 hours. The margin covers differing clocks, slow mails and late listings. */
export const codeLifetimeHours = 24;
export const codeMarginHours = 1;

/** The code of the sign-up itself is dead for sure, and the operator's time is over. */
export const isExpired = ({ createdAt }: UnconfirmedAccount, now: number, retentionHours: number): boolean =>
  now - createdAt > Math.max(retentionHours, codeLifetimeHours + codeMarginHours) * hourMs;

/**
 * Gives back addresses that were registered and never confirmed. Nobody else can register them in the meantime: that
 * is what keeps a stranger's registration from becoming the owner's account (see `register`).
 *
 * Cognito removes without a condition, so an account that is confirmed between the listing and the removal would be
 * lost. It cannot be: confirming takes a code, and an account is left alone while one can be good: those younger than
 * the first code, and those that had a code sent again. Event before removal: no removal without its event; a repeated
 * run writes the same one.
 */
export async function expireUnconfirmed(ports: ExpiryPorts, policy: ExpiryPolicy): Promise<ExpiryReport> {
  const run = new Run(ports, policy);
  const begin = await ports.cursor.read();
  let cursor = begin;
  let isLast = false;
  while (!isLast && run.mayGoOn()) {
    const { accounts, next } = await ports.accounts.page(cursor);
    if (!(await run.expireAll(accounts))) break; // the rest of this page is for the next run
    cursor = next;
    isLast = next === undefined;
  }
  if (cursor !== begin) await ports.cursor.save(cursor);
  return run.report(isLast);
}

class Run {
  private readonly ports: ExpiryPorts;
  private readonly policy: ExpiryPolicy;
  private readonly begunAt: number;
  private seen = 0;
  private removed = 0;
  private spared = 0;
  private failed = 0;

  constructor(ports: ExpiryPorts, policy: ExpiryPolicy) {
    this.ports = ports;
    this.policy = policy;
    this.begunAt = ports.clock.now();
  }

  mayGoOn(): boolean {
    const seconds = (this.ports.clock.now() - this.begunAt) / 1000;
    return seconds < this.policy.maxSeconds && this.removed + this.failed < this.policy.maxRemovals;
  }

  /** @returns `false` when the run ended before the last of them */
  async expireAll(accounts: readonly UnconfirmedAccount[]): Promise<boolean> {
    for (const account of accounts) {
      if (!this.mayGoOn()) return false;
      this.seen += 1;
      if (isExpired(account, this.ports.clock.now(), this.policy.retentionHours)) await this.expire(account);
    }
    return true;
  }

  report(complete: boolean): ExpiryReport {
    const { seen, removed, spared, failed } = this;
    return { seen, removed, spared, failed, complete };
  }

  /** One account that cannot be removed must not keep the others. */
  private async expire(account: UnconfirmedAccount): Promise<void> {
    try {
      if (await this.ports.hasLiveCode(account.sub)) {
        this.spared += 1;
        return;
      }
      await this.ports.outbox.put(expired(this.ports, account));
      await this.ports.accounts.remove(account);
      this.removed += 1;
    } catch (error) {
      this.failed += 1;
      this.ports.expiryFailed(error);
    }
  }
}

const expired = ({ clock, eventId }: ExpiryPorts, { sub, createdAt }: UnconfirmedAccount): AuditEvent => ({
  v: 1,
  id: eventId(createdAt, 'registration.expired', sub),
  type: 'registration.expired',
  at: new Date(clock.now()).toISOString(),
  subject: { sub },
  actor: 'system',
  outcome: 'success',
  reasons: ['NOT_CONFIRMED'],
  data: { ageHours: Math.floor((clock.now() - createdAt) / hourMs) },
});
