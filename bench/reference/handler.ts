import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

/** What a team writes without thinking about init: the document client, bundled with esbuild's defaults. */
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event: { readonly id: string }): Promise<unknown> =>
  (await documents.send(new GetCommand({ TableName: 'reference', Key: { id: event.id } }))).Item ?? null;
