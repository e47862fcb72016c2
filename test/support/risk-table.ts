import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { RunningCloud } from '../../local/cloud.ts';
import type { FunctionRuntime } from '../../local/functions/runtime.ts';

/** One row, whether or not its time to live is over; strongly consistent. */
export async function riskRow(
  client: DynamoDBClient,
  table: string | undefined,
  subject: string,
  kind: string,
): Promise<Record<string, unknown> | undefined> {
  const Key = marshall({ subject, kind });
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item && unmarshall(Item);
}

/** Reads the Risk table of a running cloud with the operator's key. */
export function riskTable({ cloud, outputs }: RunningCloud) {
  const signIn = (cloud.functions as FunctionRuntime).find('sign-in');
  const table = signIn?.specification.environment.RISK_TABLE;
  const client = new DynamoDBClient({
    region: outputs.region,
    endpoint: outputs.endpoints.aws,
    credentials: outputs.credentials,
  });
  const item = (subject: string, kind: string) => riskRow(client, table, subject, kind);
  return {
    item,
    flow: (id: string) => item(`FLOW#${id}`, 'FLOW'),
    failedCodes: async (sub: string): Promise<number> =>
      Number((await item(`ACCOUNT#${sub}`, 'CODE#email-code'))?.count ?? 0),
  };
}
