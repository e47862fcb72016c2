import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Service } from '../../../local/services/s3/index.ts';
import { type Harness, startHarness } from './harness.ts';

describe('S3', () => {
  let directory: string;
  let harness: Harness;
  let client: S3Client;
  const archive = 'archive';
  const plain = 'plain';

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'vestibule-s3-'));
    harness = await startHarness([s3Service], { directory });
    client = new S3Client(harness.client('s3'));
    const { attributes } = await harness.provision('AWS::S3::Bucket', {
      BucketName: archive,
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } },
    });
    expect(attributes.Arn).toBe('arn:aws:s3:::archive');
    await harness.provision('AWS::S3::Bucket', { BucketName: plain });
  });
  afterAll(async () => {
    await harness.stop();
    await rm(directory, { recursive: true });
  });

  const put = (Bucket: string, Key: string, Body: string) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const text = async (Bucket: string, Key: string, VersionId?: string) =>
    (await client.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();

  it('lists buckets with their age', async () => {
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name, CreationDate }) => [Name, CreationDate instanceof Date])).toEqual([
      [archive, true],
      [plain, true],
    ]);
  });

  it('keeps an object as a file with its name, type and metadata', async () => {
    const Key = 'year=2026/a b+ü.txt';
    await client.send(
      new PutObjectCommand({
        Bucket: plain,
        Key,
        Body: 'hello',
        ContentType: 'text/plain',
        Metadata: { who: 'me' },
      }),
    );
    expect(harness.needed.at(-1)).toEqual({ action: 's3:PutObject', resource: `arn:aws:s3:::plain/${Key}` });
    expect(await readFile(join(directory, 's3', plain, Key), 'utf8')).toBe('hello');
    const head = await client.send(new HeadObjectCommand({ Bucket: plain, Key }));
    expect(head).toMatchObject({ ContentLength: 5, ContentType: 'text/plain', Metadata: { who: 'me' } });
    expect(await text(plain, Key)).toBe('hello');
  });

  it('takes a body that is streamed with a trailing checksum', async () => {
    const Body = Readable.from([Buffer.from('chunk one, '), Buffer.from('chunk two')]);
    await client.send(new PutObjectCommand({ Bucket: plain, Key: 'streamed', Body, ContentLength: 20 }));
    expect(await text(plain, 'streamed')).toBe('chunk one, chunk two');
  });

  it('reads a range', async () => {
    await put(plain, 'ranged', '0123456789');
    const part = await client.send(
      new GetObjectCommand({ Bucket: plain, Key: 'ranged', Range: 'bytes=2-4' }),
    );
    expect(await part.Body?.transformToString()).toBe('234');
  });

  it('reports what is not there as S3 does', async () => {
    await expect(text(plain, 'none')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(text('nobody', 'none')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('lists by prefix, delimiter and page', async () => {
    for (const key of ['list/a/1', 'list/a/2', 'list/b/1', 'list/c']) await put(plain, key, key);
    const folders = await client.send(
      new ListObjectsV2Command({ Bucket: plain, Prefix: 'list/', Delimiter: '/' }),
    );
    expect(folders.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['list/a/', 'list/b/']);
    expect(folders.Contents?.map(({ Key }) => Key)).toEqual(['list/c']);
    const keys: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: plain, Prefix: 'list/', MaxKeys: 2, ContinuationToken }),
      );
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(keys).toEqual(['list/a/1', 'list/a/2', 'list/b/1', 'list/c']);
  });

  it('never leaves the folder of the bucket', async () => {
    const url = `${harness.url}/_aws/s3/${plain}/%2e%2e%2f%2e%2e%2fescaped`;
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(200);
    expect(existsSync(join(directory, 'escaped'))).toBe(false);
    expect(await (await fetch(url)).text()).toBe('x');
  });

  it('keeps every version of an overwritten or deleted object', async () => {
    const first = await put(archive, 'log', 'one');
    const second = await put(archive, 'log', 'two');
    await client.send(new DeleteObjectCommand({ Bucket: archive, Key: 'log' }));
    await expect(text(archive, 'log')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await text(archive, 'log', first.VersionId)).toBe('one');
    expect(await text(archive, 'log', second.VersionId)).toBe('two');
    const { Versions, DeleteMarkers } = await client.send(
      new ListObjectVersionsCommand({ Bucket: archive, Prefix: 'log' }),
    );
    expect(Versions).toHaveLength(2);
    expect(DeleteMarkers).toHaveLength(1);
    const marker = { Bucket: archive, Key: 'log', VersionId: DeleteMarkers?.[0]?.VersionId };
    await client.send(new DeleteObjectCommand(marker));
    expect(await text(archive, 'log')).toBe('two');
  });

  it('locks versions until their retention is over', async () => {
    const { VersionId } = await put(archive, 'locked', 'evidence');
    const version = { Bucket: archive, Key: 'locked', VersionId };
    expect((await client.send(new GetObjectRetentionCommand(version))).Retention?.Mode).toBe('GOVERNANCE');
    await expect(client.send(new DeleteObjectCommand(version))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    const several = await client.send(
      new DeleteObjectsCommand({ Bucket: archive, Delete: { Objects: [{ Key: 'locked', VersionId }] } }),
    );
    expect(several.Errors?.[0]?.Code).toBe('AccessDenied');
    await client.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true }));
    await expect(text(archive, 'locked', VersionId)).rejects.toMatchObject({ name: 'NoSuchVersion' });
    const later = await put(archive, 'locked', 'evidence');
    harness.clock.advance(2 * 86_400_000);
    await client.send(new DeleteObjectCommand({ ...version, VersionId: later.VersionId }));
  });

  it('lets nobody delete under compliance', async () => {
    const locked = {
      ObjectLockMode: 'COMPLIANCE' as const,
      ObjectLockRetainUntilDate: new Date(harness.clock.now() + 9e8),
    };
    const { VersionId } = await client.send(
      new PutObjectCommand({ Bucket: archive, Key: 'law', Body: 'x', ...locked }),
    );
    const deletion = { Bucket: archive, Key: 'law', VersionId, BypassGovernanceRetention: true };
    await expect(client.send(new DeleteObjectCommand(deletion))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    const { ObjectLockConfiguration } = await client.send(
      new GetObjectLockConfigurationCommand({ Bucket: archive }),
    );
    expect(ObjectLockConfiguration?.Rule?.DefaultRetention).toMatchObject({ Mode: 'GOVERNANCE', Days: 1 });
  });
});
