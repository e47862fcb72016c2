import { randomUUID } from 'node:crypto';
import { type AwsJsonOptions, type AwsJsonService, awsJsonClient } from '../aws-json/client.ts';
import type { DynamoCommand } from './commands.ts';

/** What adapters use of DynamoDB. */
export interface DynamoClient {
  /** @throws AwsRefusal for what DynamoDB refuses; NoAnswer when it cannot be reached in time */
  send<Input extends object, Output>(command: DynamoCommand<Input, Output>): Promise<Output>;
  /** Closes idle connections; a later call opens new ones. */
  destroy(): void;
}

export const dynamodb: AwsJsonService = {
  name: 'dynamodb',
  environmentId: 'DYNAMODB',
  target: 'DynamoDB_20120810',
  version: '1.0',
  binary: 'B', // an attribute's value is an object, so that a text under this name is always one
  transient: [
    'ProvisionedThroughputExceededException',
    'ReplicatedWriteConflictException',
    // A write of one item met a transaction on it; the transaction itself is cancelled with reasons.
    'TransactionConflictException',
    'TransactionInProgressException',
  ],
};

/** DynamoDB's data operations as the functions use them (see `commands.ts`). */
export function leanDynamoClient(options: AwsJsonOptions): DynamoClient {
  const client = awsJsonClient(dynamodb, options);
  return {
    send: async (command) =>
      (await client.call(command.operation, repeatable(command))) as (typeof command)['answer'],
    destroy: () => client.destroy(),
  };
}

/** With a token of its own a transaction that is sent twice, because its answer was lost, happens once. */
const repeatable = ({ operation, input }: { operation: string; input: object }): object =>
  operation === 'TransactWriteItems' ? { ClientRequestToken: randomUUID(), ...input } : input;
