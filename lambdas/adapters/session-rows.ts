import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { cohortKeyOf } from '../core/administration/cohort-key.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import type { Pseudonym, Sub } from '../core/ids.ts';
import type { DeviceRow, RegistryChange, SessionRow } from '../core/session/registry.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  DeleteItemCommand,
  type DynamoClient,
  GetItemCommand,
  isConditionFailure,
  lostTheRace,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from './dynamo.ts';

/**
 * `session#<key>` and `device#<pseudonym>` items of a person in Profiles, below 1 kB each.
 *
 * | access | call | cost |
 * |---|---|---|
 * | sessions, devices | Query, eventually consistent | 0.5 RRU per 4 kB |
 * | apply | UpdateItem, one per row that changes | 1 WRU (2 with its index), 1 RRU more for a renewed device |
 * | rename | TransactWriteItems: Update + event | 4 WRU |
 * | end, forget | UpdateItem | 1 to 2 WRU |
 */
export interface SessionRows {
  sessions(sub: Sub): Promise<readonly SessionRow[]>;
  session(sub: Sub, id: string): Promise<SessionRow | undefined>;
  devices(sub: Sub): Promise<readonly DeviceRow[]>;
  /** Repeatable and in any order: a later event is not undone by an earlier one. */
  apply(sub: Sub, change: RegistryChange): Promise<void>;
  /** @returns `false` for a row that is not there (any more) */
  rename(
    sub: Sub,
    row: { kind: 'session' | 'device'; id: string },
    name: string,
    event: AuditEvent,
  ): Promise<boolean>;
  /** Leaves a trace of the device's id, so that a late event does not bring it back. */
  forget(sub: Sub, device: string, at: string): Promise<void>;
}

/** As long as the device cookie lives; no session of ours is longer. */
const keptSeconds = 400 * 86_400;
/** Ended sessions and forgotten devices outlive every redelivery of an event (the stream keeps a day). */
const traceSeconds = 30 * 86_400;

const ttlAfter = (at: string, seconds: number): number => Math.floor(Date.parse(at) / 1000) + seconds;

export const dynamoSessionRows = (client: DynamoClient, table: string, audit: AuditTable): SessionRows => {
  const keyOf = (sub: Sub, kind: 'session' | 'device', id: string) =>
    marshall({ sub, item: `${kind}#${id}` });
  const query = async (sub: Sub, prefix: string): Promise<Record<string, unknown>[]> => {
    const found: Record<string, unknown>[] = [];
    let start: QueryCommandInput['ExclusiveStartKey'];
    const page = (ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey']) =>
      client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: '#sub = :sub AND begins_with(#item, :prefix)',
          ExpressionAttributeNames: { '#sub': 'sub', '#item': 'item' },
          ExpressionAttributeValues: marshall({ ':sub': sub, ':prefix': prefix }),
          ...(ExclusiveStartKey && { ExclusiveStartKey }),
        }),
      );
    do {
      const { Items = [], LastEvaluatedKey } = await page(start);
      found.push(...Items.map((item) => unmarshall(item)));
      start = LastEvaluatedKey;
    } while (start);
    return found;
  };
  const get = async (sub: Sub, kind: 'session' | 'device', id: string) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: keyOf(sub, kind, id), ConsistentRead: true }),
    );
    return Item && unmarshall(Item);
  };
  const update = async (
    key: ReturnType<typeof keyOf>,
    { set, once = {}, remove = [] }: Change,
    condition?: string,
  ): Promise<void> => {
    const all = { ...set, ...once };
    const present = Object.entries(all).filter(([, value]) => value !== undefined);
    const assignments = present.map(([name]) =>
      name in once ? `#${name} = if_not_exists(#${name}, :${name})` : `#${name} = :${name}`,
    );
    const removal = remove.length > 0 ? ` REMOVE ${remove.map((name) => `#${name}`).join(', ')}` : '';
    const expression = `SET ${assignments.join(', ')}${removal}`;
    const names = new Set(`${expression} ${condition ?? ''}`.match(/#\w+/g) ?? []);
    await client
      .send(
        new UpdateItemCommand({
          TableName: table,
          Key: key,
          UpdateExpression: expression,
          ...(condition && { ConditionExpression: condition }),
          ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [name, name.slice(1)])),
          ExpressionAttributeValues: marshall(
            Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
          ),
        }),
      )
      .catch((error: unknown) => {
        if (!isConditionFailure(error)) throw error; // something later is already there
      });
  };
  const begin = async (
    sub: Sub,
    { session, device, formerDevice }: Extract<RegistryChange, { kind: 'began' }>,
  ) => {
    const { id, lastSeenAt, methods, level, ...facts } = session;
    const ttl = ttlAfter(session.startedAt, keptSeconds);
    const cohortKey = cohortKeyOf(session.client, Date.parse(session.startedAt));
    await update(keyOf(sub, 'session', id), {
      set: { ...facts, flow: id, cohortKey },
      once: { lastSeenAt, methods: [...methods], level, ttl },
    });
    if (!device) return;
    const former = formerDevice && (await get(sub, 'device', formerDevice));
    await update(
      keyOf(sub, 'device', device.id),
      {
        set: {
          device: device.device,
          lastSeenAt: device.lastSeenAt,
          ttl: ttlAfter(device.lastSeenAt, keptSeconds),
        },
        once: { firstSeenAt: former?.firstSeenAt ?? device.firstSeenAt, name: former?.name },
        remove: ['forgottenAt'],
      },
      'attribute_not_exists(#lastSeenAt) OR #lastSeenAt < :lastSeenAt',
    );
    if (former) {
      await client.send(
        new DeleteItemCommand({ TableName: table, Key: keyOf(sub, 'device', String(formerDevice)) }),
      );
    }
  };
  return {
    sessions: async (sub) => (await query(sub, 'session#')).filter(isComplete).map(sessionOf),
    session: async (sub, id) => {
      const row = await get(sub, 'session', id);
      return row && isComplete(row) ? sessionOf(row) : undefined;
    },
    devices: async (sub) =>
      (await query(sub, 'device#')).filter(({ forgottenAt }) => forgottenAt === undefined).map(deviceOf),
    apply: async (sub, change) => {
      if (change.kind === 'began') return begin(sub, change);
      const key = keyOf(sub, 'session', change.id);
      if (change.kind === 'ended') {
        const ttl = ttlAfter(change.at, traceSeconds);
        return update(key, { set: { ttl }, once: { endedAt: change.at } });
      }
      const facts = change.kind === 'raised' ? { level: change.level, methods: [...change.methods] } : {};
      return update(
        key,
        { set: { lastSeenAt: change.at, ...facts } },
        'attribute_exists(#startedAt) AND #lastSeenAt <= :lastSeenAt',
      );
    },
    rename: (sub, { kind, id }, name, event) =>
      client
        .send(
          new TransactWriteItemsCommand({
            ClientRequestToken: event.id,
            TransactItems: [
              {
                Update: {
                  TableName: table,
                  Key: keyOf(sub, kind, id),
                  UpdateExpression: 'SET #name = :name',
                  ConditionExpression:
                    'attribute_exists(#item) AND attribute_not_exists(#endedAt) AND attribute_not_exists(#forgottenAt)',
                  ExpressionAttributeNames: {
                    '#name': 'name',
                    '#item': 'item',
                    '#endedAt': 'endedAt',
                    '#forgottenAt': 'forgottenAt',
                  },
                  ExpressionAttributeValues: marshall({ ':name': name }),
                },
              },
              auditWrite(audit, event),
            ],
          }),
        )
        .then(() => true, lostTheRace),
    forget: (sub, device, at) =>
      update(keyOf(sub, 'device', device), {
        set: { forgottenAt: at, lastSeenAt: at, ttl: ttlAfter(at, traceSeconds) },
        remove: ['name', 'device'],
      }),
  };
};

interface Change {
  readonly set: Readonly<Record<string, unknown>>;
  /** Kept as they are where they are there. */
  readonly once?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
}

/** An end may be known before the beginning. */
const isComplete = (row: Record<string, unknown>): boolean => row.startedAt !== undefined;

const idOf = ({ item }: Record<string, unknown>): string => String(item).slice(String(item).indexOf('#') + 1);

const sessionOf = (row: Record<string, unknown>): SessionRow => {
  const { client, door, startedAt, lastSeenAt, device, deviceId, network, methods, level, name, endedAt } =
    row as unknown as SessionRow;
  return {
    id: idOf(row),
    client,
    door,
    startedAt,
    lastSeenAt,
    methods,
    level,
    ...(device && { device }),
    ...(deviceId && { deviceId }),
    ...(network && { network }),
    ...(name && { name }),
    ...(endedAt && { endedAt }),
  };
};

const deviceOf = (row: Record<string, unknown>): DeviceRow => {
  const { device, firstSeenAt, lastSeenAt, name } = row as unknown as DeviceRow;
  return {
    id: idOf(row) as Pseudonym,
    firstSeenAt,
    lastSeenAt,
    ...(device && { device }),
    ...(name && { name }),
  };
};
