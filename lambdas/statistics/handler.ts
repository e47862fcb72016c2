import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoClient } from '../adapters/dynamo.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { dynamoStatisticsWriter } from '../adapters/statistics.ts';
import { systemClock as clock } from '../adapters/system.ts';
import { countBatch } from './count-batch.ts';
import { readStatisticsEnv } from './env.ts';

const { STATISTICS_TABLE } = readStatisticsEnv();
const { purposes, sms } = readServiceConfiguration();
const parts = {
  store: dynamoStatisticsWriter(dynamoClient(), STATISTICS_TABLE, clock),
  vocabulary: { purposes: purposes.map(({ name }) => name), countries: sms?.countries ?? [] },
  clock,
  log: (line: Readonly<Record<string, unknown>>) =>
    console.error(JSON.stringify({ level: 'error', ...line })),
};

/** Counts events of the audit stream for the operator's pages; seconds behind every answer. */
export const handler = ({ Records }: SQSEvent): Promise<SQSBatchResponse> => countBatch(parts, Records);
