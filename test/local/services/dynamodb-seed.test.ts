import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDynamoEngine } from '../../../local/dynamodb-engine.ts';
import { seedDatabase, seedDynoxide } from '../../../local/dynamodb-seed.ts';
import { engineClient, streams, table } from '../../../local/services/dynamodb/engine-client.ts';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vestibule-seed-'));
  file = join(directory, 'dynamodb.sqlite');
});
afterEach(() => rm(directory, { recursive: true }));

const key = { TableName: 'events', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] };
const newTable = {
  ...key,
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

interface Records {
  readonly Records: readonly {
    readonly dynamodb: { readonly Keys: { readonly id: { readonly S: string } } };
  }[];
}

async function streamed(engine: ReturnType<typeof engineClient>, limit: number): Promise<string[]> {
  const described = await engine.call<{ Table: { LatestStreamArn: string } }>(table('DescribeTable'), {
    TableName: 'events',
  });
  const StreamArn = described.Table.LatestStreamArn;
  const { StreamDescription } = await engine.call<{
    StreamDescription: { Shards: readonly { ShardId: string }[] };
  }>(streams('DescribeStream'), { StreamArn });
  const ShardId = StreamDescription.Shards[0]?.ShardId;
  const iterator = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await engine.call<{ ShardIterator: string }>(
    streams('GetShardIterator'),
    iterator,
  );
  const read = await engine.call<Records>(streams('GetRecords'), { ShardIterator, Limit: limit });
  return read.Records.map(({ dynamodb }) => dynamodb.Keys.id.S);
}

describe('the database that dynoxide starts with', () => {
  it('is taken over by the engine, which keeps the index and streams in order, also after a restart', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `item ${index}`);
    for (const half of [ids.slice(0, 12), ids.slice(12)]) {
      const started = await startDynamoEngine({ directory, engine: 'dynoxide' });
      const engine = engineClient(started.endpoint);
      if (half[0] === ids[0]) await engine.call(table('CreateTable'), newTable);
      for (const id of half)
        await engine.call(table('PutItem'), { TableName: 'events', Item: { id: { S: id } } });
      if (half.at(-1) === ids.at(-1)) expect(await streamed(engine, 100)).toEqual(ids);
      engine.close();
      await started.stop();
    }
    const stored = await readFile(file, 'latin1');
    expect(stored).toContain('CREATE INDEX stream_records_in_order');
    expect(stored).toContain('CREATE TABLE _tables');
  });

  it('is the same at every start, in whole pages', () => {
    const seed = seedDatabase();
    expect(seed).toEqual(seedDatabase());
    expect(seed.length).toBe(4 * 4096);
    expect(seed.readUInt32BE(28)).toBe(4);
  });

  it('never replaces one that is there', async () => {
    await writeFile(file, 'data of somebody');
    await seedDynoxide(file);
    expect(await readFile(file, 'utf8')).toBe('data of somebody');
  });
});
