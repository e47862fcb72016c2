import type { AuditEvent } from '../audit/event.ts';
import type { Flow } from '../challenge/flow.ts';
import type { Factors } from '../factor/factor.ts';
import type { Identifier } from '../identifier.ts';
import type { FlowId, Pseudonym, Sub } from '../ids.ts';
import type { ErasureReason } from '../privacy/erasure.ts';
import type { OperatorActivity } from '../profile/activity.ts';
import type { Recovery } from '../recovery/recovery.ts';
import type { SessionCutoff } from '../session/cutoff.ts';
import type { Cohort, CohortPosition, CohortQuery } from './cohort.ts';
import type { OperatorReason } from './operator-event.ts';

/** An account as the user pool knows it. */
export interface PoolAccount {
  readonly sub: Sub;
  readonly userName: string;
  /** Cognito's word: `CONFIRMED`, `RESET_REQUIRED`, … */
  readonly status: string;
  readonly enabled: boolean;
  readonly createdAt?: string;
  /** Leads to what was tried with it; it never leaves the service. */
  readonly address?: Identifier;
}

/** What was tried with an address while nobody was known to be behind it, newest first. */
export type AddressAttempts = (
  address: Pseudonym,
  page: { readonly limit: number; readonly now: number },
) => Promise<readonly OperatorActivity[]>;

/** What only operators may do in the user pool. Every operation can be repeated. */
export interface OperatorDirectory {
  /** By identifier or sub, exact; `undefined` when there is none. */
  find(identifierOrSub: string): Promise<PoolAccount | undefined>;
  /** Everybody with this address, proven or not, oldest account first; eventually consistent, at most a handful. */
  subsWith(address: Identifier): Promise<readonly Sub[]>;
  /** No sign-in by any door, no refresh. */
  disable(userName: string): Promise<void>;
  enable(userName: string): Promise<void>;
  endSessions(userName: string): Promise<void>;
  /** The old password is over; a code is mailed. @throws CiamError `METHOD_UNAVAILABLE` when the pool cannot do it */
  forceReset(userName: string): Promise<void>;
}

export interface AccountLock {
  /** `erasure`: the person's own; no operator opens it again. */
  readonly reason: OperatorReason | ErasureReason;
  /** ISO 8601. */
  readonly at: string;
  /** Sub of the operator, or of the person. */
  readonly by: Sub;
  readonly note?: string;
}

/** A row of the session registry, as far as it is filled in. */
export interface KnownSession {
  readonly id: string;
  readonly client?: string;
  readonly startedAt?: string;
  readonly lastSeenAt?: string;
  readonly endedAt?: string;
  readonly device?: string;
  readonly network?: string;
  readonly provider?: string;
  readonly level?: number;
  readonly methods?: string[];
}

/** What operators see and change of one person in our tables; every change with its event in one transaction. */
export interface OperatorAccounts {
  /** Consistent. */
  read(sub: Sub): Promise<{
    readonly lock?: AccountLock;
    readonly recovery?: Recovery;
    readonly factors: Factors;
    /** Newest first, at most 50. */
    readonly sessions: readonly KnownSession[];
  }>;
  /** Locks and ends every session. `false`: it was locked already, nothing was written. */
  lock(sub: Sub, lock: AccountLock, cutoff: SessionCutoff, event: AuditEvent): Promise<boolean>;
  /** `false`: it was not locked, or the person has it erased. */
  unlock(sub: Sub, event: AuditEvent): Promise<boolean>;
  /** Ends every session up to the cutoff, and what devices had proven where `forget` is set. */
  endSessions(cutoff: SessionCutoff, event: AuditEvent, options: { readonly forget: boolean }): Promise<void>;
}

export interface CohortSession {
  readonly sub: Sub;
  readonly flow: FlowId;
}

/** The registry of sessions, by client and day. */
export interface CohortSessions {
  /** One page of a partition, oldest first; sessions that ended are left out. */
  page(
    partition: string,
    query: CohortQuery,
    options: { readonly after?: string; readonly limit: number },
  ): Promise<{ readonly sessions: readonly CohortSession[]; readonly next?: string }>;
}

export interface CohortStore {
  /** @param people - of a list; in chunks, as `people(id, chunk)` gives them back */
  create(cohort: Cohort, people: readonly Sub[], event: AuditEvent): Promise<void>;
  find(id: string): Promise<Cohort | undefined>;
  people(id: string, chunk: number): Promise<readonly Sub[]>;
  /** From previewed to running, once, before the preview expires. */
  confirm(id: string, now: number, event: AuditEvent): Promise<boolean>;
  /** What one call ended, and where it came to; two calls at once add both and move once. */
  advance(
    cohort: Cohort,
    ended: { readonly sessions: number; readonly people: number },
    position: CohortPosition,
  ): Promise<void>;
  /** From running to finished, once. */
  finish(id: string, event: AuditEvent): Promise<boolean>;
}

export interface EndedOne {
  /** False: it was over already. */
  readonly session: boolean;
  /** True for the first one of a person in this cohort. */
  readonly person: boolean;
}

export interface CohortEnder {
  /** Ends one session, once. The person's first one of a cohort carries the notice. */
  session(
    cohort: string,
    session: CohortSession,
    eventOf: (notice: boolean) => AuditEvent,
  ): Promise<EndedOne>;
  /** Ends all of a person's, once per cohort. */
  person(cohort: string, cutoff: SessionCutoff, event: AuditEvent): Promise<EndedOne>;
}

/** Whose address, or account at a provider, a pseudonym stands for. */
export type OwnerOf = (address: Pseudonym) => Promise<Sub | undefined>;

/** What is left of a decision. */
export interface DecisionTraces {
  /** The flow with its record, also by the id of a context that joined it; whose it is, is for the caller to check. */
  record(flow: FlowId): Promise<Flow | undefined>;
  /** The person's events of the flow, in order. */
  events(sub: Sub, flow: FlowId): Promise<readonly AuditEvent[]>;
}
