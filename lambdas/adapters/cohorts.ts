import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Cohort, chunkSize, chunksOf } from '../core/administration/cohort.ts';
import type { CohortEnder, CohortStore } from '../core/administration/ports.ts';
import type { Sub } from '../core/ids.ts';
import type { Clock } from '../ports.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  type DynamoClient,
  GetItemCommand,
  isConditionFailure,
  lostTheRace,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  writeTogether,
} from './dynamo.ts';
import { sessionCutoffPut } from './session-cutoffs.ts';
import { sessionEndUpdate } from './session-states.ts';

/** A run may be interrupted for this long and still go on. */
const keptSeconds = 30 * 86_400;
/** Runs of one cohort meet on its counts. */
const maxConflicts = 20;

const keyOf = (id: string, kind: string) => ({ subject: `COHORT#${id}`, kind });

interface StoredCohort extends Omit<Cohort, 'target' | 'position' | 'ended'> {
  readonly target: string;
  readonly step: number;
  readonly after?: string;
  readonly endedSessions: number;
  readonly endedPeople: number;
  readonly ttl: number;
}

/**
 * `COHORT#<id>` of the Risk table: `JOB`, `LIST#<n>` with a thousand people each (37 kB), and one `PERSON#<sub>` per
 * person that was told. Losing them ends nothing twice: a new preview finds what is left.
 *
 * | access | call | cost |
 * |---|---|---|
 * | create | Put per chunk, TransactWriteItems: job + event | 4 WRU and 38 per chunk |
 * | confirm, finish | TransactWriteItems: job + event | 4 WRU |
 * | advance | 2 UpdateItem | 2 WRU |
 */
export const dynamoCohorts = (
  client: DynamoClient,
  tables: { readonly risk: string; readonly audit: AuditTable },
  clock: Clock,
): CohortStore => {
  const table = tables.risk;
  const settle = (id: string, change: { from: string; to: string; condition?: string; now?: number }) => ({
    TableName: table,
    Key: marshall(keyOf(id, 'JOB')),
    UpdateExpression: 'SET #state = :to',
    ConditionExpression: `#state = :from${change.condition ?? ''}`,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: marshall({
      ':from': change.from,
      ':to': change.to,
      ...(change.now !== undefined && { ':now': change.now }),
    }),
  });
  const transact = (items: TransactWriteItem[]) =>
    client.send(new TransactWriteItemsCommand({ TransactItems: items })).then(() => true, lostTheRace);
  return {
    create: async (cohort, people, event) => {
      const ttl = Math.floor(clock.now() / 1000) + keptSeconds;
      for (let chunk = 0; chunk < chunksOf(people.length); chunk += 1) {
        const subs = people.slice(chunk * chunkSize, (chunk + 1) * chunkSize);
        const Item = marshall({ ...keyOf(cohort.id, `LIST#${chunk}`), subs, ttl });
        await client.send(new PutItemCommand({ TableName: table, Item }));
      }
      const Item = marshall(
        { ...keyOf(cohort.id, 'JOB'), ...stored(cohort), ttl },
        { removeUndefinedValues: true },
      );
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: [{ Put: { TableName: table, Item } }, auditWrite(tables.audit, event)],
        }),
      );
    },
    find: async (id) => {
      const Key = marshall(keyOf(id, 'JOB'));
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
      const row = Item && (unmarshall(Item) as StoredCohort);
      return row && row.ttl > clock.now() / 1000 ? cohortOf(row) : undefined;
    },
    people: async (id, chunk) => {
      const Key = marshall(keyOf(id, `LIST#${chunk}`));
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
      if (!Item) throw new Error(`cohort ${id}: part ${chunk} of its list is gone`);
      return (unmarshall(Item) as { subs: Sub[] }).subs;
    },
    confirm: (id, now, event) =>
      transact([
        {
          Update: settle(id, { from: 'previewed', to: 'running', condition: ' AND expiresAt > :now', now }),
        },
        auditWrite(tables.audit, event),
      ]),
    advance: async ({ id, position }, ended, next) => {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall(keyOf(id, 'JOB')),
          UpdateExpression: 'ADD endedSessions :sessions, endedPeople :people',
          ExpressionAttributeValues: marshall({ ':sessions': ended.sessions, ':people': ended.people }),
        }),
      );
      const move = new UpdateItemCommand({
        TableName: table,
        Key: marshall(keyOf(id, 'JOB')),
        UpdateExpression: next.after
          ? 'SET #step = :step, #after = :after'
          : 'SET #step = :step REMOVE #after',
        ConditionExpression: position.after
          ? '#step = :was AND #after = :wasAfter'
          : '#step = :was AND attribute_not_exists(#after)',
        ExpressionAttributeNames: { '#step': 'step', '#after': 'after' },
        ExpressionAttributeValues: marshall(
          { ':step': next.step, ':after': next.after, ':was': position.step, ':wasAfter': position.after },
          { removeUndefinedValues: true },
        ),
      });
      await client.send(move).catch((error: unknown) => {
        if (!isConditionFailure(error)) throw error; // another call did the same part
      });
    },
    finish: (id, event) =>
      transact([
        { Update: settle(id, { from: 'running', to: 'finished' }) },
        auditWrite(tables.audit, event),
      ]),
  };
};

const stored = ({ target, position, ended, ...cohort }: Cohort) => ({
  ...cohort,
  target: JSON.stringify(target),
  step: position.step,
  after: position.after,
  endedSessions: ended.sessions,
  endedPeople: ended.people,
});

function cohortOf(row: StoredCohort): Cohort {
  const { id, state, reason, by, note, previewedAt, expiresAt, matches } = row;
  return {
    id,
    state,
    reason,
    by,
    previewedAt,
    expiresAt,
    matches,
    ...(note !== undefined && { note }),
    target: JSON.parse(row.target) as Cohort['target'],
    position: { step: row.step, ...(row.after !== undefined && { after: row.after }) },
    ended: { sessions: row.endedSessions, people: row.endedPeople },
  };
}

/**
 * Ends what a run found, once each. The event is in the item that ends the session and reaches the archive by the
 * table's stream.
 *
 * | access | call | cost |
 * |---|---|---|
 * | session | TransactWriteItems: person + session; the person's further ones UpdateItem | 4 to 6 WRU |
 * | person | TransactWriteItems: person + cutoff | 4 WRU |
 */
export const dynamoCohortEnder = (client: DynamoClient, table: string, clock: Clock): CohortEnder => {
  const nowSeconds = () => Math.floor(clock.now() / 1000);
  const told = (cohort: string, sub: Sub, event?: string): TransactWriteItem => ({
    Put: {
      TableName: table,
      Item: marshall(
        { ...keyOf(cohort, `PERSON#${sub}`), ttl: nowSeconds() + keptSeconds, event },
        { removeUndefinedValues: true },
      ),
      ConditionExpression: 'attribute_not_exists(subject)',
    },
  });
  return {
    session: async (cohort, { sub, flow }, eventOf) => {
      const end = (notice: boolean) => sessionEndUpdate(table, flow, nowSeconds(), eventOf(notice));
      const lost = await writeTogether(client, [told(cohort, sub), { Update: end(true) }], { maxConflicts });
      if (!lost) return { session: true, person: true };
      if (lost[1]) return { session: false, person: false };
      return client.send(new UpdateItemCommand(end(false))).then(
        () => ({ session: true, person: false }),
        (error: unknown) => {
          if (isConditionFailure(error)) return { session: false, person: false };
          throw error;
        },
      );
    },
    person: async (cohort, cutoff, event) => {
      const lost = await writeTogether(
        client,
        [told(cohort, cutoff.sub, JSON.stringify(event)), { Put: sessionCutoffPut(table, cutoff) }],
        { maxConflicts },
      );
      return lost ? { session: false, person: false } : { session: false, person: true };
    },
  };
};
