import type { Needed } from '../../platform.ts';
import { type AttributeValue, attributesOf, type Item, queriedKey, scalar } from './expressions.ts';
import type { KnownTable } from './tables.ts';

/** The parts of any data request that decide who may make it. */
export interface DataRequest {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly Select?: string;
  readonly ReturnValues?: string;
  readonly ConsistentRead?: boolean;
  readonly ReturnConsumedCapacity?: string;
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ProjectionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly AttributesToGet?: readonly string[];
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly TransactItems?: readonly Readonly<Record<string, DataRequest | undefined>>[];
}

type FindTable = (nameOrArn: string | undefined) => KnownTable;

const transactActions: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/**
 * What a data call needs, as AWS authorizes it: single calls and batches by their own action, transactions by the
 * action of each entry; and the table's customer managed key for all of them.
 */
export function dataNeeds(operation: string, request: DataRequest, find: FindTable): readonly Needed[] {
  if (request.TransactItems) return withKeys(transactNeeds(request.TransactItems, find));
  if (request.RequestItems) {
    const action = `dynamodb:${operation}`;
    return withKeys(
      Object.entries(request.RequestItems).map(([name, part]) => batchNeed(action, find(name), part)),
    );
  }
  const table = find(request.TableName);
  return withKeys([{ table, needed: itemNeed(`dynamodb:${operation}`, table, request) }]);
}

interface TableNeed {
  readonly table: KnownTable;
  readonly needed: Needed;
}

const transactNeeds = (items: NonNullable<DataRequest['TransactItems']>, find: FindTable): TableNeed[] =>
  items.flatMap((item) =>
    Object.entries(item).flatMap(([kind, part]) => {
      const action = transactActions[kind];
      if (!action || !part) return [];
      const table = find(part.TableName);
      return [{ table, needed: itemNeed(action, table, part) }];
    }),
  );

/** Each key is used once per table, however many items the call has. */
function withKeys(needs: readonly TableNeed[]): readonly Needed[] {
  const result: Needed[] = [];
  const keyed = new Set<string>();
  for (const { table, needed } of needs) {
    result.push(needed);
    if (table.keyNeed && !keyed.has(table.name)) result.push(table.keyNeed);
    keyed.add(table.name);
  }
  return result;
}

function itemNeed(action: string, table: KnownTable, request: DataRequest): Needed {
  const resource = request.IndexName ? `${table.arn}/index/${request.IndexName}` : table.arn;
  return { action, resource, context: itemContext(table, request) };
}

/** Getters: few policies have conditions, and most calls never pay for reading the expressions. */
const itemContext = (table: KnownTable, request: DataRequest): NonNullable<Needed['context']> => ({
  get 'dynamodb:LeadingKeys'() {
    const partitionKey = table.partitionKeyOf(request.IndexName);
    const direct = scalar((request.Item ?? request.Key)?.[partitionKey]);
    const key = direct ?? queriedKey(request, partitionKey);
    return key === undefined ? [] : [key];
  },
  get 'dynamodb:Attributes'() {
    return touchedAttributes(request);
  },
  ...(request.KeyConditionExpression !== undefined || request.Select
    ? { 'dynamodb:Select': selected(request) }
    : {}),
  ...(request.ReturnValues ? { 'dynamodb:ReturnValues': request.ReturnValues } : {}),
});

function batchNeed(action: string, table: KnownTable, part: unknown): TableNeed {
  const context: NonNullable<Needed['context']> = {
    get 'dynamodb:LeadingKeys'() {
      const partitionKey = table.partitionKeyOf(undefined);
      return batchKeys(part).flatMap((item) => scalar(item[partitionKey]) ?? []);
    },
    get 'dynamodb:Attributes'() {
      return [...new Set(batchKeys(part).flatMap((item) => Object.keys(item)))];
    },
  };
  return { table, needed: { action, resource: table.arn, context } };
}

interface BatchWrite {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

const batchKeys = (part: unknown): readonly Item[] =>
  Array.isArray(part)
    ? (part as readonly BatchWrite[]).flatMap((write): readonly Item[] =>
        [write.PutRequest?.Item, write.DeleteRequest?.Key].filter((item) => item !== undefined),
      )
    : ((part as { Keys?: Item[] } | null)?.Keys ?? []);

const selected = (request: DataRequest): string =>
  request.Select ?? (request.ProjectionExpression ? 'SPECIFIC_ATTRIBUTES' : 'ALL_ATTRIBUTES');

function touchedAttributes(request: DataRequest): readonly string[] {
  const expressions = [
    request.KeyConditionExpression,
    request.FilterExpression,
    request.ProjectionExpression,
    request.UpdateExpression,
    request.ConditionExpression,
  ];
  const named = expressions.flatMap((text) => attributesOf(text, request.ExpressionAttributeNames));
  const given = [...Object.keys(request.Item ?? request.Key ?? {}), ...(request.AttributesToGet ?? [])];
  return [...new Set([...given, ...named])];
}
