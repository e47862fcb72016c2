import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { CohortQuery } from '../core/administration/cohort.ts';
import type { CohortSession, CohortSessions } from '../core/administration/ports.ts';
import type { tables } from '../tables.ts';
import { type DynamoClient, type DynamoItem, QueryCommand } from './dynamo.ts';

const cohortIndex: keyof typeof tables.profiles.indexes = 'sessionsByCohort';

/**
 * Sessions by app client and day, from the index over the registry; no scan. Eventually consistent: a session that
 * began a moment ago may be missing in a preview, and the run finds it.
 *
 * | access | call | cost |
 * |---|---|---|
 * | page | Query on the index | 0.5 RRU per 4 kB, about 15 sessions, whether or not the filter takes them |
 */
export const dynamoCohortSessions = (client: DynamoClient, table: string): CohortSessions => ({
  page: async (partition, query, { after, limit }) => {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: cohortIndex,
        KeyConditionExpression: 'cohortKey = :partition AND startedAt BETWEEN :from AND :to',
        ...filterOf(query),
        ExpressionAttributeValues: marshall(
          {
            ':partition': partition,
            ':from': query.from,
            ':to': query.to,
            ':network': query.network,
            ':provider': query.provider,
          },
          { removeUndefinedValues: true },
        ),
        Limit: limit,
        ...(after && { ExclusiveStartKey: openKey(after) }),
      }),
    );
    return {
      sessions: Items.map(sessionOf),
      ...(LastEvaluatedKey && { next: closeKey(LastEvaluatedKey) }),
    };
  },
});

const filterOf = ({ network, provider }: CohortQuery) => ({
  FilterExpression: [
    'attribute_not_exists(endedAt)',
    ...(network ? ['#network = :network'] : []),
    ...(provider ? ['#provider = :provider'] : []),
  ].join(' AND '),
  ...((network || provider) && {
    ExpressionAttributeNames: {
      ...(network && { '#network': 'network' }),
      ...(provider && { '#provider': 'provider' }),
    },
  }),
});

/** The flow is in the sort key too, so that a row which lacks the attribute is not passed over. */
function sessionOf(item: DynamoItem): CohortSession {
  const { sub, item: key } = unmarshall(item) as { sub: CohortSession['sub']; item: string };
  return { sub, flow: key.slice('session#'.length) as CohortSession['flow'] };
}

/** Kept in our own table between two calls, never handed out. */
const closeKey = (key: DynamoItem): string => JSON.stringify(unmarshall(key));
const openKey = (text: string): DynamoItem => marshall(JSON.parse(text));
