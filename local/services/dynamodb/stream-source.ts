import { createHash } from 'node:crypto';
import type { Cloud } from '../../platform.ts';
import type { EngineClient } from './engine-client.ts';
import { streams } from './engine-client.ts';
import type { EngineNames } from './engine-names.ts';
import type { Item } from './expressions.ts';
import { engineSequence, presentSequence } from './sequence-numbers.ts';
import type { ExpiredMarks } from './ttl.ts';

/** A record exactly as a function gets it (AWS: Using Lambda with DynamoDB, example event). */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: string;
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
  readonly eventSourceARN: string;
  /** Only on items that time to live deleted. */
  readonly userIdentity?: { readonly type: 'Service'; readonly principalId: 'dynamodb.amazonaws.com' };
}

export interface Shard {
  readonly id: string;
  readonly parentId?: string;
}

export interface StreamSource {
  readonly arn: string;
  shards(): Promise<readonly Shard[]>;
  /** @param after - sequence number of the last record that is done, or where to begin */
  open(shardId: string, after: string | 'TRIM_HORIZON' | 'LATEST'): Promise<string>;
  /** `next` is absent when the shard is closed and read to its end. */
  read(iterator: string, limit: number): Promise<{ records: readonly StreamRecord[]; next?: string }>;
}

interface EngineRecord extends Omit<StreamRecord, 'eventSourceARN'> {
  readonly userIdentity?: never;
}

export function streamSource(
  parts: { cloud: Cloud; engine: EngineClient; names: EngineNames; marks: ExpiredMarks },
  arn: string,
): StreamSource {
  const { cloud, engine, names, marks } = parts;
  const StreamArn = names.toEngine(arn);
  const tableName = /:table\/([^/]+)\//.exec(arn)?.[1] ?? '';
  const present = (record: EngineRecord): StreamRecord => {
    const { SequenceNumber, ApproximateCreationDateTime } = record.dynamodb;
    const expired =
      record.eventName === 'REMOVE' &&
      marks.has(tableName, record.dynamodb.Keys, ApproximateCreationDateTime);
    return {
      ...record,
      eventID: createHash('md5').update(`${arn}/${SequenceNumber}`).digest('hex'),
      eventSource: 'aws:dynamodb',
      awsRegion: cloud.region,
      dynamodb: {
        ...record.dynamodb,
        // the engine has the system's time; what the cloud calls now may be ahead of it
        ApproximateCreationDateTime:
          ApproximateCreationDateTime + Math.round((cloud.clock.now() - Date.now()) / 1000),
        SequenceNumber: presentSequence(SequenceNumber),
      },
      eventSourceARN: arn,
      ...(expired && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } as const }),
    };
  };
  return {
    arn,
    shards: async () => {
      const { StreamDescription } = await engine.call<DescribedStream>(streams('DescribeStream'), {
        StreamArn,
      });
      return StreamDescription.Shards.map(({ ShardId, ParentShardId }) => ({
        id: ShardId,
        ...(ParentShardId && { parentId: ParentShardId }),
      }));
    },
    open: async (ShardId, after) => {
      const named = after === 'TRIM_HORIZON' || after === 'LATEST';
      const position = named
        ? { ShardIteratorType: after }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: engineSequence(after) };
      const input = { StreamArn, ShardId, ...position };
      return (await engine.call<{ ShardIterator: string }>(streams('GetShardIterator'), input)).ShardIterator;
    },
    read: async (ShardIterator, limit) => {
      const input = { ShardIterator, Limit: Math.min(limit, 1_000) };
      const answer = await engine.call<ReadRecords>(streams('GetRecords'), input);
      const { NextShardIterator: next } = answer;
      return { records: answer.Records.map(present), ...(next && { next }) };
    },
  };
}

interface DescribedStream {
  readonly StreamDescription: { readonly Shards: readonly { ShardId: string; ParentShardId?: string }[] };
}

interface ReadRecords {
  readonly Records: readonly EngineRecord[];
  readonly NextShardIterator?: string | null;
}
