import type { BrowserSessions } from '../../adapters/browser-sessions.ts';
import type { PoolSessions } from '../../adapters/pool-sessions.ts';
import type { OtherSessions, ReadSessionCutoff } from '../../adapters/session-cutoffs.ts';
import type { SessionRows } from '../../adapters/session-rows.ts';
import type { SessionStates } from '../../adapters/session-states.ts';
import type { KnownDevices } from '../../adapters/sign-in-history.ts';
import type { SessionLifetimes } from '../../core/session/lifetimes.ts';
import type { AuditOutbox, Pseudonyms, Random } from '../../ports.ts';

/** What the routes of one's own sessions and devices work with. */
export interface OwnSessionServices {
  readonly rows: SessionRows;
  readonly states: Pick<SessionStates, 'end'>;
  /** Where the user pool keeps sessions of its own; otherwise our markers stand alone. */
  readonly pool?: PoolSessions;
  readonly cutoff: ReadSessionCutoff;
  readonly others: OtherSessions;
  readonly knownDevices: KnownDevices;
  readonly browsers: Pick<BrowserSessions, 'find'>;
  readonly lifetimes: SessionLifetimes;
  readonly outbox: AuditOutbox;
  readonly pseudonyms: Pseudonyms;
  readonly random: Pick<Random, 'ulid'>;
}
