import type {
  AttributeValue,
  BatchWriteItemCommandInput,
  BatchWriteItemCommandOutput,
  DeleteItemCommandInput,
  DeleteItemCommandOutput,
  GetItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  PutItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  TransactWriteItemsCommandInput,
  TransactWriteItemsCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';

export type {
  AttributeValue,
  QueryCommandInput,
  TransactWriteItem,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';

export type DynamoItem = Record<string, AttributeValue>;

/** One call: the operation's name, its input as the API documents it, and (as a type only) its answer. */
export abstract class DynamoCommand<Input, Output> {
  abstract readonly operation: string;
  readonly input: Input;
  /** Never set: ties the answer's type to the command. */
  declare readonly answer: Output;

  constructor(input: Input) {
    this.input = input;
  }
}

/** Up to 25 writes; each on its own, and those that found no room come back as `UnprocessedItems`. */
export class BatchWriteItemCommand extends DynamoCommand<
  BatchWriteItemCommandInput,
  BatchWriteItemCommandOutput
> {
  readonly operation = 'BatchWriteItem';
}
export class GetItemCommand extends DynamoCommand<GetItemCommandInput, GetItemCommandOutput> {
  readonly operation = 'GetItem';
}
export class PutItemCommand extends DynamoCommand<PutItemCommandInput, PutItemCommandOutput> {
  readonly operation = 'PutItem';
}
export class UpdateItemCommand extends DynamoCommand<UpdateItemCommandInput, UpdateItemCommandOutput> {
  readonly operation = 'UpdateItem';
}
export class DeleteItemCommand extends DynamoCommand<DeleteItemCommandInput, DeleteItemCommandOutput> {
  readonly operation = 'DeleteItem';
}
export class QueryCommand extends DynamoCommand<QueryCommandInput, QueryCommandOutput> {
  readonly operation = 'Query';
}
export class TransactWriteItemsCommand extends DynamoCommand<
  TransactWriteItemsCommandInput,
  TransactWriteItemsCommandOutput
> {
  readonly operation = 'TransactWriteItems';
}
