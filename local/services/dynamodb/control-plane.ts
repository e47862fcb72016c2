import { AwsError, type Needed } from '../../platform.ts';
import { Fields } from '../fields.ts';
import type { Operation, Operations } from '../json-api.ts';
import { type EngineClient, streams, table } from './engine-client.ts';
import type { EngineNames } from './engine-names.ts';
import { engineSequence, presentSequence } from './sequence-numbers.ts';
import type { KnownTable, Tables } from './tables.ts';

export interface ControlParts {
  readonly engine: EngineClient;
  readonly names: EngineNames;
  readonly tables: Tables;
}

/** Table and stream management: few calls, so they are parsed and translated. */
export const controlPlane = (parts: ControlParts): Operations => ({
  ...tableOperations(parts),
  ...settingOperations(parts.tables),
  ...streamOperations(parts),
});

function tableOperations({ engine, names, tables }: ControlParts): Operations {
  const passed = (name: string): Operation => ({
    needs: (input) => onTable(`dynamodb:${name}`, tables.find(input.text('TableName'))),
    handle: async (input) => {
      const answer = await engine.call<Record<string, unknown>>(table(name), input.values);
      return described(tables, JSON.parse(names.fromEngine(JSON.stringify(answer))));
    },
  });
  return {
    CreateTable: passed('CreateTable'),
    DescribeTable: passed('DescribeTable'),
    UpdateTable: passed('UpdateTable'),
    DeleteTable: {
      ...passed('DeleteTable'),
      handle: async (input, request) => {
        const found = tables.find(input.text('TableName'));
        if (found.settings?.deletionProtection) {
          throw new AwsError(
            'ValidationException',
            `Resource cannot be deleted as it is currently protected against deletion: ${found.name}`,
          );
        }
        const answer = await passed('DeleteTable').handle(input, request);
        await tables.forget(found.name);
        return answer;
      },
    },
    ListTables: {
      needs: () => [{ action: 'dynamodb:ListTables', resource: '*' }],
      handle: (input) => engine.call(table('ListTables'), input.values),
    },
  };
}

/** Adds what the engine was never told: encryption, deletion protection. */
function described(tables: Tables, answer: Record<string, unknown>): Record<string, unknown> {
  const key = answer.Table ? 'Table' : 'TableDescription';
  const description = new Fields(answer[key] ?? {});
  const settings = tables.find(description.optionalText('TableName')).settings;
  if (!settings) return answer;
  const SSEDescription = { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: settings.keyArn };
  return {
    ...answer,
    [key]: {
      ...description.values,
      DeletionProtectionEnabled: settings.deletionProtection,
      ...(settings.keyArn && { SSEDescription }),
    },
  };
}

function settingOperations(tables: Tables): Operations {
  const known = (input: Fields) => {
    const found = tables.find(input.text('TableName'));
    if (found.settings) return { found, settings: found.settings };
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${found.name} not found`,
    );
  };
  const operation = (name: string, handle: (input: Fields) => unknown): Operation => ({
    needs: (input) => onTable(`dynamodb:${name}`, tables.find(input.text('TableName'))),
    handle,
  });
  return {
    DescribeTimeToLive: operation('DescribeTimeToLive', (input) => {
      const { ttlAttribute } = known(input).settings;
      const enabled = { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute };
      return { TimeToLiveDescription: ttlAttribute ? enabled : { TimeToLiveStatus: 'DISABLED' } };
    }),
    UpdateTimeToLive: operation('UpdateTimeToLive', async (input) => {
      const { found, settings } = known(input);
      const TimeToLiveSpecification = input.object('TimeToLiveSpecification');
      const { ttlAttribute: _, ...rest } = settings;
      const ttlAttribute = TimeToLiveSpecification.text('AttributeName');
      await tables.keep(
        found.name,
        TimeToLiveSpecification.flag('Enabled') ? { ...rest, ttlAttribute } : rest,
      );
      return { TimeToLiveSpecification: TimeToLiveSpecification.values };
    }),
    DescribeContinuousBackups: operation('DescribeContinuousBackups', (input) => {
      const status = known(input).settings.pointInTimeRecovery ? 'ENABLED' : 'DISABLED';
      const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: status };
      return {
        ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription },
      };
    }),
  };
}

const onTable = (action: string, { arn }: KnownTable): readonly Needed[] => [{ action, resource: arn }];

/** Iterators carry their stream, as AWS's do: a later GetRecords is authorized on it. */
const separator = '|1|';
const streamOf = (iterator: string): string => iterator.split(separator)[0] ?? '';

function streamOperations({ engine, names }: ControlParts): Operations {
  const present = (answer: unknown) => {
    const text = names.fromEngine(JSON.stringify(answer));
    return JSON.parse(
      text.replaceAll(/"((?:Starting|Ending)?SequenceNumber)":"(\d+)"/g, presentedPair),
    ) as unknown;
  };
  const call = async (name: string, input: Record<string, unknown>) =>
    present(await engine.call(streams(name), JSON.parse(names.toEngine(JSON.stringify(input)))));
  return {
    ListStreams: {
      needs: () => [{ action: 'dynamodb:ListStreams', resource: '*' }],
      handle: (input) => call('ListStreams', input.values),
    },
    DescribeStream: {
      needs: (input) => [{ action: 'dynamodb:DescribeStream', resource: input.text('StreamArn') }],
      handle: (input) => call('DescribeStream', input.values),
    },
    GetShardIterator: {
      needs: (input) => [{ action: 'dynamodb:GetShardIterator', resource: input.text('StreamArn') }],
      handle: async (input) => {
        const SequenceNumber = input.optionalText('SequenceNumber');
        const asked = {
          ...input.values,
          ...(SequenceNumber && { SequenceNumber: engineSequence(SequenceNumber) }),
        };
        const answer = new Fields(await call('GetShardIterator', asked));
        return { ShardIterator: `${input.text('StreamArn')}${separator}${answer.text('ShardIterator')}` };
      },
    },
    GetRecords: {
      needs: (input) => [{ action: 'dynamodb:GetRecords', resource: streamOf(input.text('ShardIterator')) }],
      handle: async (input) => {
        const iterator = input.text('ShardIterator');
        const stream = streamOf(iterator);
        const ShardIterator = iterator.slice(stream.length + separator.length);
        const answer = new Fields(await call('GetRecords', { ...input.values, ShardIterator }));
        const next = answer.optionalText('NextShardIterator');
        return { ...answer.values, ...(next && { NextShardIterator: `${stream}${separator}${next}` }) };
      },
    },
  };
}

const presentedPair = (_: string, name: string, value: string): string =>
  `"${name}":"${presentSequence(value)}"`;
