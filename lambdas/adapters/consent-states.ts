import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ConsentState, ConsentStates } from '../core/consent/ledger.ts';
import { type DynamoClient, QueryCommand } from './dynamo.ts';

/** Standing decisions for a token: eventually consistent (0.5 RRU), as a token outlives a withdrawal by minutes anyway. */
export type ReadConsentStates = (sub: string) => Promise<ConsentStates>;

export const dynamoConsentStates =
  (client: DynamoClient, table: string): ReadConsentStates =>
  async (sub) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: '#sub = :sub AND begins_with(#entry, :state)',
        ExpressionAttributeNames: { '#sub': 'sub', '#entry': 'entry' },
        ExpressionAttributeValues: marshall({ ':sub': sub, ':state': 'STATE#' }),
      }),
    );
    const states = Items.map((item) => unmarshall(item) as unknown as ConsentState);
    return new Map(states.map((state) => [state.purpose, state]));
  };
