import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { RunningCloud } from '../../local/cloud.ts';

export interface StoredEvent {
  readonly type: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The events about one person that are still in the Audit table of a running cloud. */
export async function eventsOf({ outputs }: RunningCloud, sub: string): Promise<readonly StoredEvent[]> {
  const { region, endpoints, credentials, stack } = outputs;
  const dynamo = new DynamoDBClient({ region, endpoint: endpoints.aws, credentials });
  try {
    const { Items = [] } = await dynamo.send(
      new QueryCommand({
        TableName: stack.AuditTableName,
        ConsistentRead: true,
        KeyConditionExpression: 'subject = :sub',
        ExpressionAttributeValues: { ':sub': { S: sub } },
      }),
    );
    return Items.map((item) => unmarshall(item)).map(({ event, copy = event }) => JSON.parse(String(copy)));
  } finally {
    dynamo.destroy();
  }
}
