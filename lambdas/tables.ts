/** Key schema and streams of the tables: the one description that `lib/data`, the adapters and the tests share. */
export interface TableShape {
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly ttl?: string;
  readonly stream: boolean;
  /** By name. Sparse: an item without both keys is not in it. Readers are eventually consistent. */
  readonly indexes?: Readonly<Record<string, IndexShape>>;
}

export interface IndexShape {
  readonly partitionKey: string;
  readonly sortKey: string;
  /** What it carries beyond its own keys and those of the table. */
  readonly attributes: readonly string[];
}

export const tables = {
  /** `profile` | `device#<key>` | `session#<id>` … of one person. */
  profiles: {
    partitionKey: 'sub',
    sortKey: 'item',
    // Of sessions and devices, which expire, and of what is left of an erased account; no other item has one.
    ttl: 'ttl',
    stream: false,
    indexes: {
      /**
       * Sessions (`session#<flow>` rows alone carry these keys) by app client and day of their beginning.
       * `cohortKey`: `<client id>#<yyyy-mm-dd>` (see `cohortKeyOf`); `startedAt`: ISO 8601 in UTC with milliseconds.
       */
      sessionsByCohort: {
        partitionKey: 'cohortKey',
        sortKey: 'startedAt',
        attributes: ['network', 'provider', 'originJti', 'flow', 'endedAt'],
      },
    },
  },
  /** `LEDGER#<ulid>` and `STATE#<purpose>` of one person. */
  // `ttl`: only of somebody whose account was erased; nothing else in this table ever expires.
  consents: { partitionKey: 'sub', sortKey: 'entry', ttl: 'ttl', stream: false },
  /** Flows, counters, device and network history, used contexts, pending registrations. */
  risk: { partitionKey: 'subject', sortKey: 'kind', ttl: 'ttl', stream: true },
  /** People of another system until their first sign-in; there only where migration is enabled. */
  migration: { partitionKey: 'subject', sortKey: 'kind', ttl: 'ttl', stream: false },
  /** Outbox rows: one audit event each. */
  audit: { partitionKey: 'subject', sortKey: 'id', ttl: 'ttl', stream: true },
  /** Counters by `<step>#<family>` and beginning of the bucket, and one marker per event that was counted. */
  statistics: { partitionKey: 'series', sortKey: 'at', ttl: 'ttl', stream: false },
} as const satisfies Record<string, TableShape>;

/** Types of events that the second reader of the Audit stream gets: all that the list of sessions is made of. */
export const sessionEvents = [
  'sign-in.succeeded',
  'session.begun',
  'session.refreshed',
  'session.stepped-up',
  'session.ended',
] as const;

/** Types of events that are counted: the rule of the bus lets no other through. A test compares it with the rules of `core/statistics`. */
export const countedEvents = [
  'registration.requested',
  'registration.address-taken',
  'registration.refused',
  'registration.confirmed',
  'registration.expired',
  'sign-in.challenged',
  'sign-in.succeeded',
  'sign-in.refused',
  'sign-in.locked',
  'sign-in.code-sent',
  'sign-in.code-rejected',
  'session.stepped-up',
  'session.ended',
  'session.refresh-reused',
  'factor.enrolled',
  'factor.removed',
  'factor.refused',
  'recovery-codes.replaced',
  'password.changed',
  'address.change-requested',
  'link.requested',
  'link.added',
  'link.removed',
  'consent.granted',
  'consent.withdrawn',
  'message.sent',
  'message.refused',
  'recovery.code-requested',
  'recovery.requested',
  'recovery.cancelled',
  'recovery.completed',
  'recovery.refused',
  'password.reset-requested',
  'password.reset',
  'password.reset-refused',
  'account.locked',
  'account.unlocked',
  'account.reset-forced',
  'account.looked-up',
  'cohort.previewed',
  'cohort.started',
  'cohort.finished',
  'cohort.looked-up',
] as const;
