/** Key schema and streams of the four tables: the one description that `lib/data`, the adapters and the tests share. */
export interface TableShape {
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly ttl?: string;
  readonly stream: boolean;
}

export const tables = {
  /** `profile` | `device#<key>` | `session#<id>` … of one person. */
  profiles: { partitionKey: 'sub', sortKey: 'item', stream: false },
  /** `LEDGER#<ulid>` and `STATE#<purpose>` of one person. */
  consents: { partitionKey: 'sub', sortKey: 'entry', stream: false },
  /** Flows, counters, device and network history, used contexts, pending registrations. */
  risk: { partitionKey: 'subject', sortKey: 'kind', ttl: 'ttl', stream: true },
  /** Outbox rows: one audit event each. */
  audit: { partitionKey: 'subject', sortKey: 'id', ttl: 'ttl', stream: true },
} as const satisfies Record<string, TableShape>;
