import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DynamoClient, leanDynamoClient } from '../../lambdas/adapters/dynamodb/client.ts';
import { DynamoCommand } from '../../lambdas/adapters/dynamodb/commands.ts';

/** The client that adapters run with, which also takes the AWS SDK's commands of a test's own looks at a table. */
export type TestDynamo = DynamoDBClient & DynamoClient;

const anybody = { accessKeyId: 'test', secretAccessKey: 'test' };

export function testDynamo(endpoint: string, credentials = anybody): TestDynamo {
  const options = { region: 'eu-west-1', endpoint, credentials };
  const sdk = new DynamoDBClient(options);
  const lean = leanDynamoClient({ ...options, requestTimeoutMs: 20_000 }); // a busy machine is no finding
  const [sendBySdk, destroySdk] = [sdk.send.bind(sdk), sdk.destroy.bind(sdk)];
  const send = (command: Parameters<typeof sendBySdk>[0] | DynamoCommand<object, unknown>) =>
    command instanceof DynamoCommand ? lean.send(command) : sendBySdk(command);
  return Object.assign(sdk, {
    send,
    destroy: () => {
      destroySdk();
      lean.destroy();
    },
  }) as TestDynamo;
}

/** The same client with every call passing through `around`, which may look at it, change it or fail it. */
export function aroundCalls(
  client: TestDynamo,
  around: (command: { readonly input: object }, send: () => Promise<unknown>) => Promise<unknown>,
): TestDynamo {
  const wrapped = Object.create(client) as TestDynamo;
  const send = (command: DynamoCommand<object, unknown>) => around(command, () => client.send(command));
  return Object.assign(wrapped, { send });
}
