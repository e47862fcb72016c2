import { type AuditTable, dynamoAuditOutbox } from '../../adapters/audit-outbox.ts';
import { dynamoBrowserSessions } from '../../adapters/browser-sessions.ts';
import type { DynamoClient } from '../../adapters/dynamo.ts';
import type { PoolSessions } from '../../adapters/pool-sessions.ts';
import { dynamoOtherSessions, dynamoSessionCutoffs } from '../../adapters/session-cutoffs.ts';
import { dynamoSessionRows } from '../../adapters/session-rows.ts';
import { dynamoSessionStates } from '../../adapters/session-states.ts';
import { dynamoKnownDevices } from '../../adapters/sign-in-history.ts';
import { systemRandom as random, systemClock } from '../../adapters/system.ts';
import type { SessionLifetimes } from '../../core/session/lifetimes.ts';
import type { Clock, Pseudonyms } from '../../ports.ts';
import type { OwnSessionServices } from './services.ts';

/** Services of these routes over the tables; made once, beside those of the other routes. */
export const ownSessionServices = (
  tables: { readonly profiles: string; readonly risk: string; readonly audit: AuditTable },
  shared: {
    readonly client: DynamoClient;
    readonly pseudonyms: Pseudonyms;
    readonly lifetimes: SessionLifetimes;
    readonly clock?: Clock;
    readonly pool?: PoolSessions;
  },
): OwnSessionServices => {
  const { client, pseudonyms, lifetimes, clock = systemClock, pool } = shared;
  return {
    rows: dynamoSessionRows(client, tables.profiles, tables.audit),
    states: dynamoSessionStates(client, tables.risk, clock),
    ...(pool && { pool }),
    cutoff: dynamoSessionCutoffs(client, tables.risk),
    others: dynamoOtherSessions(client, tables.risk),
    knownDevices: dynamoKnownDevices(client, tables.risk),
    browsers: dynamoBrowserSessions(client, tables.risk, clock),
    outbox: dynamoAuditOutbox(client, tables.audit),
    lifetimes,
    pseudonyms,
    random,
  };
};
