import {
  DeleteItemCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoClient } from '../lambdas/adapters/dynamo.ts';

const commands = {
  DeleteItem: DeleteItemCommand,
  GetItem: GetItemCommand,
  PutItem: PutItemCommand,
  Query: QueryCommand,
  TransactWriteItems: TransactWriteItemsCommand,
  UpdateItem: UpdateItemCommand,
} as const;

const isKnown = (operation: string): operation is keyof typeof commands => operation in commands;

/** DynamoDB for an operator: the AWS SDK finds credentials wherever people keep them (profiles, SSO, roles). */
export function operatorDynamo(config: DynamoDBClientConfig): DynamoClient {
  const client = new DynamoDBClient(config);
  return {
    send: async (command) => {
      const { operation, input } = command;
      if (!isKnown(operation)) throw new Error(`DynamoDB: ${operation} is not used by operators`);
      // The classes take the very input that the command was typed with.
      const Command = commands[operation] as unknown as new (input: object) => GetItemCommand;
      return (await client.send(new Command(input))) as (typeof command)['answer'];
    },
    destroy: () => client.destroy(),
  };
}
