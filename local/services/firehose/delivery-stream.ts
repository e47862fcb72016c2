import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Cloud } from '../../platform.ts';
import { Background } from '../background.ts';
import type { S3Service } from '../s3/index.ts';
import { expandPrefix, objectName } from './prefix.ts';

export interface StreamSettings {
  readonly name: string;
  readonly arn: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly roleArn: string;
  readonly compressed: boolean;
  /** Takes the place of the extension that the compression would give. */
  readonly extension?: string;
  readonly bufferBytes: number;
  readonly bufferMs: number;
}

/** The archive should be visible soon on a laptop, whatever interval the template asks for. */
const longestWaitMs = 1_000;
const retryMs = 2_000;

interface Batch {
  readonly file: string;
  readonly id: string;
  readonly arrivedAt: number;
  bytes: number;
}

/**
 * A buffer on disk: a record is in the journal before it is acknowledged. A journal becomes one object and is then
 * deleted; one that was left by a crash is delivered at the next start under the same object name.
 */
export class DeliveryStream {
  readonly settings: StreamSettings;
  private readonly cloud: Cloud;
  private readonly directory: string;
  private readonly flusher: Background;
  private open: Batch | undefined;
  private appended: Promise<void> = Promise.resolve();

  constructor(cloud: Cloud, settings: StreamSettings) {
    this.cloud = cloud;
    this.settings = settings;
    this.directory = join(cloud.directory, 'firehose', settings.name);
    this.flusher = new Background({
      intervalMs: longestWaitMs,
      failed: (error) => {
        cloud.log.warn('firehose: delivery is tried again', { stream: settings.name, error });
        this.flusher.wake(retryMs);
      },
      work: () => this.flush(),
    });
  }

  async start(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    this.flusher.start();
  }

  async stop(): Promise<void> {
    await this.flusher.stop();
    await this.flush();
  }

  /** Resolves when the records are on disk, in the order of the calls. */
  async put(records: readonly Buffer[]): Promise<void> {
    const written = this.appended.then(() => this.append(Buffer.concat(records)));
    this.appended = written.catch(() => {}); // reported to this caller; the next one tries for itself
    await written;
    const isFull = (this.open?.bytes ?? 0) >= this.settings.bufferBytes;
    this.flusher.wake(isFull ? 0 : Math.min(this.settings.bufferMs, longestWaitMs));
  }

  private async append(bytes: Buffer): Promise<void> {
    this.open ??= this.newBatch();
    await appendFile(this.open.file, bytes);
    this.open.bytes += bytes.length;
  }

  private newBatch(): Batch {
    const [id, arrivedAt] = [randomUUID(), this.cloud.clock.now()];
    return { id, arrivedAt, bytes: 0, file: join(this.directory, `${arrivedAt}_${id}.open`) };
  }

  private async flush(): Promise<void> {
    const closing = this.appended.then(() => this.close());
    this.appended = closing.catch(() => {});
    await closing;
    const files = await readdir(this.directory);
    const leftOpen = files.filter(
      (file) => file.endsWith('.open') && join(this.directory, file) !== this.open?.file,
    );
    for (const file of leftOpen) await this.deliver(file);
    for (const file of files.filter((each) => each.endsWith('.closed')).sort()) await this.deliver(file);
  }

  private async close(): Promise<void> {
    if (!this.open) return;
    await rename(this.open.file, this.open.file.replace(/open$/, 'closed'));
    this.open = undefined;
  }

  private async deliver(file: string): Promise<void> {
    const [, arrivedAt = '0', id = ''] = /^(\d+)_([\w-]+)\./.exec(file) ?? [];
    const path = join(this.directory, file);
    const { bucket, name, compressed, extension = compressed ? '.gz' : '' } = this.settings;
    const prefix = expandPrefix(this.settings.prefix, Number(arrivedAt));
    const key = `${prefix}${objectName(name, Number(arrivedAt), id)}${extension}`;
    const s3 = this.cloud.service<S3Service>('s3');
    const body = await readFile(path);
    // a crash between delivery and this deletion must not make a second object
    if (body.length > 0 && !s3.has(bucket, key)) {
      const options = { contentType: compressed ? 'application/octet-stream' : 'application/json' };
      await s3.put(bucket, key, compressed ? await promisify(gzip)(body) : body, options);
      this.cloud.meter.count('firehose:delivered-bytes', body.length);
    }
    await rm(path);
  }
}
