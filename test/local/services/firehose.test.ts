import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FirehoseClient, PutRecordBatchCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryStream } from '../../../local/services/firehose/delivery-stream.ts';
import { firehoseService } from '../../../local/services/firehose/index.ts';
import { expandPrefix, objectName } from '../../../local/services/firehose/prefix.ts';
import { s3Service } from '../../../local/services/s3/index.ts';
import { type Harness, roleArn, startHarness } from './harness.ts';

describe('Firehose', () => {
  let directory: string;
  let harness: Harness;
  let client: FirehoseClient;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'vestibule-firehose-'));
    harness = await startHarness([s3Service, firehoseService], { directory });
    client = new FirehoseClient(harness.client('firehose'));
    await harness.provision('AWS::S3::Bucket', { BucketName: 'archive', ObjectLockEnabled: true });
  });
  afterEach(async () => {
    await harness.stop();
    await rm(directory, { recursive: true });
  });

  const provision = (more: object = {}) =>
    harness.provision('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamName: 'audit',
      ExtendedS3DestinationConfiguration: {
        BucketARN: 'arn:aws:s3:::archive',
        RoleARN: roleArn,
        Prefix: 'events/day=!{timestamp:yyyy-MM-dd}/',
        ...more,
      },
    });
  const put = (...lines: string[]) =>
    client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: 'audit',
        Records: lines.map((line) => ({ Data: Buffer.from(line) })),
      }),
    );
  const files = async () => {
    const entries = await readdir(join(directory, 's3', 'archive'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };
  const archived = async () =>
    (await Promise.all((await files()).map((file) => readFile(file, 'utf8')))).join('');

  it('delivers records in order as a file under the prefix within a second or so', async () => {
    await provision();
    const answer = await put('a\n', 'b\n');
    expect(answer.FailedPutCount).toBe(0);
    expect(answer.RequestResponses).toHaveLength(2);
    await expect.poll(archived, { timeout: 3_000 }).toBe('a\nb\n');
    const today = new Date().toISOString().slice(0, 10);
    expect((await files())[0]).toContain(`/archive/events/day=${today}/audit-1-`);
  });

  it('has a record on disk before it answers, and delivers it once after a crash', async () => {
    const settings = {
      name: 'crashed',
      arn: 'arn',
      bucket: 'archive',
      prefix: 'p/',
      roleArn,
      compressed: false,
      bufferBytes: 1_000_000,
      bufferMs: 900_000,
    };
    // never started: it accepts, and ends before it delivers
    const before = new DeliveryStream(harness.cloud, settings);
    await mkdir(join(directory, 'firehose', 'crashed'), { recursive: true });
    await before.put([Buffer.from('kept\n')]);
    const journal = await readdir(join(directory, 'firehose', 'crashed'));
    expect(journal.length).toBeGreaterThan(0);
    // another process begins on the same directory, as after kill -9
    const after = new DeliveryStream(harness.cloud, settings);
    await after.start();
    await expect.poll(archived, { timeout: 3_000 }).toBe('kept\n');
    await after.stop();
    expect(await archived()).toBe('kept\n');
  });

  it('compresses when the template says so', async () => {
    await provision({ CompressionFormat: 'GZIP', FileExtension: '.jsonl.gz' });
    await client.send(
      new PutRecordCommand({ DeliveryStreamName: 'audit', Record: { Data: Buffer.from('zipped') } }),
    );
    await expect.poll(files, { timeout: 3_000 }).toHaveLength(1);
    const [file = ''] = await files();
    expect(file).toMatch(/[0-9a-f]\.jsonl\.gz$/);
    expect(gunzipSync(await readFile(file)).toString()).toBe('zipped');
  });

  it('delivers what is left when it stops', async () => {
    await provision();
    await put('last\n');
    await harness.stop();
    expect(await archived()).toBe('last\n');
    harness = await startHarness([s3Service, firehoseService], { directory });
  });

  it('refuses what AWS refuses', async () => {
    await provision();
    await expect(put()).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    await expect(put('x'.repeat(1_024_001))).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    const other = new PutRecordCommand({ DeliveryStreamName: 'none', Record: { Data: Buffer.from('x') } });
    await expect(client.send(other)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('does not take records that its role could not deliver', async () => {
    await provision();
    harness.denied.add('s3:PutObject');
    await expect(put('x')).rejects.toThrow('s3:PutObject');
  });
});

describe('prefixes', () => {
  const at = Date.UTC(2026, 2, 4, 5, 6, 7);
  it.each([
    ['year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/', 'year=2026/month=03/day=04/'],
    ["!{timestamp:yyyy'/m'MM}/", '2026/m03/'],
    ['plain/', 'plain/2026/03/04/05/'],
    ['', '2026/03/04/05/'],
    ['!{firehose:error-output-type}/!{timestamp:HH}', 'failed/05'],
  ])('%j becomes %j', (prefix, expanded) => expect(expandPrefix(prefix, at, 'failed')).toBe(expanded));

  it('names an object by stream, time and batch', () =>
    expect(objectName('audit', at, 'id')).toBe('audit-1-2026-03-04-05-06-07-id'));
});
