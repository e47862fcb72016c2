import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { dynamoClient } from '../adapters/dynamo.ts';
import { dynamoIsErased } from '../adapters/erasure-marks.ts';
import { dynamoSessionRows } from '../adapters/session-rows.ts';
import { readRegistryEnv } from './env.ts';
import { projectRecords } from './project.ts';

const env = readRegistryEnv();
const client = dynamoClient();
const isErased = dynamoIsErased(client, env.PROFILES_TABLE);
const rows = dynamoSessionRows(client, env.PROFILES_TABLE, {
  name: env.AUDIT_TABLE,
  ttlDays: env.AUDIT_TTL_DAYS,
});

/** Projects events about sessions into the rows that their owners see; behind every answer, a few seconds late. */
export const handler = ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> =>
  projectRecords(rows, isErased, Records, (line) => console.error(JSON.stringify(line)));
