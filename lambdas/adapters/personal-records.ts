import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { readEvent } from '../core/audit/read-event.ts';
import type { LedgerEntry } from '../core/consent/ledger.ts';
import type { Sub } from '../core/ids.ts';
import { jsonBytes, type PersonalRecords, type StoredItem } from '../core/privacy/export.ts';
import { toldEvent } from '../core/profile/activity.ts';
import { type DynamoClient, GetItemCommand, QueryCommand, type QueryCommandInput } from './dynamo.ts';

/**
 * All that is stored about one person, by the person's own partitions: no scan, no index.
 *
 * | access | call | cost |
 * |---|---|---|
 * | items | Query, consistent | 1 RRU per 4 kB |
 * | consents | 2 × Query | 0.5 RRU per 4 kB |
 * | activity | Query, newest first | 0.5 RRU per 4 kB, about 8 events |
 * | signInHistory | GetItem | 0.5 RRU |
 */
export function dynamoPersonalRecords(
  client: DynamoClient,
  tables: {
    readonly profiles: string;
    readonly consents: string;
    readonly risk: string;
    readonly audit: string;
  },
): PersonalRecords {
  const pages = (input: QueryCommandInput) => queryPages(client, input);
  return {
    items: async (sub) => {
      const found: StoredItem[] = [];
      const query = byKey(tables.profiles, { sub });
      for await (const page of pages({ ...query, ConsistentRead: true }))
        found.push(...(page as StoredItem[]));
      return found;
    },
    consents: async (sub, maxBytes) => {
      const standing: Record<string, unknown>[] = [];
      for await (const page of pages(consentQuery(tables.consents, sub, 'STATE#')))
        standing.push(...page.map(withoutKeys));
      const newestFirst = { ...consentQuery(tables.consents, sub, 'LEDGER#'), ScanIndexForward: false };
      const ledger = await collect(
        pages(newestFirst),
        maxBytes,
        (row) => withoutKeys(row) as unknown as LedgerEntry,
      );
      return { standing, ...ledger };
    },
    activity: (sub, now, maxBytes) => {
      const query = {
        ...byKey(tables.audit, { subject: sub }),
        ScanIndexForward: false,
      };
      return collect(pages(query), maxBytes, (row) => eventOf(row, sub, now));
    },
    signInHistory: async (sub) => {
      const Key = marshall({ subject: `ACCOUNT#${sub}`, kind: 'HISTORY' });
      const { Item } = await client.send(new GetItemCommand({ TableName: tables.risk, Key }));
      if (!Item) return undefined;
      const { devices, networks, lastSignInAt, lastProofAt, resetAt } = unmarshall(Item);
      return JSON.parse(JSON.stringify({ devices, networks, lastSignInAt, lastProofAt, resetAt }));
    },
  };
}

type Row = Record<string, unknown>;

function byKey(TableName: string, key: Readonly<Record<string, string>>): QueryCommandInput {
  const [[name = '', value = ''] = []] = Object.entries(key);
  return {
    TableName,
    KeyConditionExpression: '#key = :key',
    ExpressionAttributeNames: { '#key': name },
    ExpressionAttributeValues: marshall({ ':key': value }),
  };
}

const consentQuery = (TableName: string, sub: Sub, prefix: string): QueryCommandInput => ({
  TableName,
  KeyConditionExpression: '#sub = :sub AND begins_with(#entry, :prefix)',
  ExpressionAttributeNames: { '#sub': 'sub', '#entry': 'entry' },
  ExpressionAttributeValues: marshall({ ':sub': sub, ':prefix': prefix }),
});

/** Pages of DynamoDB's own size, 1 MB. */
async function* queryPages(client: DynamoClient, input: QueryCommandInput): AsyncGenerator<Row[]> {
  let from: QueryCommandInput['ExclusiveStartKey'];
  do {
    const query: QueryCommandInput = { ...input, ...(from && { ExclusiveStartKey: from }) };
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(query));
    yield Items.map((item) => unmarshall(item));
    from = LastEvaluatedKey;
  } while (from);
}

/** From the front, until the bytes are used up; nothing is read behind that. */
async function collect<T>(
  pages: AsyncGenerator<Row[]>,
  maxBytes: number,
  read: (row: Row) => T | undefined,
): Promise<{ readonly entries: T[]; readonly complete: boolean }> {
  const entries: T[] = [];
  let bytes = 0;
  for await (const page of pages) {
    for (const row of page) {
      const entry = read(row);
      if (entry === undefined) continue;
      bytes += jsonBytes(entry);
      if (bytes > maxBytes) return { entries, complete: false };
      entries.push(entry);
    }
  }
  return { entries, complete: true };
}

const withoutKeys = ({ sub: _, entry: __, ttl: ___, ...rest }: Row): Row => rest;

/** An expired row is gone, whenever DynamoDB removes it; one that is no event of ours is the forwarder's to report. */
function eventOf({ event, copy = event, ttl }: Row, sub: Sub, now: number) {
  if (typeof ttl === 'number' && ttl <= now / 1000) return undefined;
  const read = readEvent(typeof copy === 'string' ? copy : '');
  return 'event' in read ? toldEvent(read.event, sub) : undefined;
}
