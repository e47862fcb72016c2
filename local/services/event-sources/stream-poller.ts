import type { Collection } from '../../platform.ts';
import { Background } from '../background.ts';
import type { Shard, StreamRecord, StreamSource } from '../dynamodb/stream-source.ts';
import { failureMessage } from './failure-message.ts';
import type { Poller, PollerParts } from './poller.ts';
import { type Discarded, deliverBatch } from './stream-batch.ts';

/** After a write: short enough to feel immediate, long enough that a burst becomes one batch. */
const gatherMs = 100;
/** Without a write of ours: an external engine may have been written to directly. */
const idleMs = 1_000;
const shardListMs = 10_000;
const payloadBytes = 5_500_000;

interface Checkpoint {
  readonly after?: string;
  /** The shard is closed and read to its end. */
  readonly finished?: boolean;
}

interface StreamParts extends PollerParts {
  readonly source: StreamSource;
  readonly checkpoints: Collection<Checkpoint>;
  onWrite(wake: () => void): () => void;
}

/** Reads a table's stream, shard by shard in order, children after their parents. */
export function streamPoller(parts: StreamParts): Poller {
  const reader = new StreamReader(parts);
  const background = new Background({
    work: () => reader.poll(),
    intervalMs: idleMs,
    failed: (error) => {
      reader.forgetPosition();
      parts.problem(error instanceof Error ? error.message : String(error));
    },
  });
  const unwatch = parts.onWrite(() => background.wake(gatherMs));
  return {
    start: () => background.start(),
    stop: async () => {
      unwatch();
      parts.stopping.abort();
      await background.stop();
    },
  };
}

class StreamReader {
  private readonly parts: StreamParts;
  private readonly iterators = new Map<string, string>();
  private shards: readonly Shard[] = [];
  private shardsListedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: StreamParts) {
    this.parts = parts;
  }

  async poll(): Promise<void> {
    if (!this.parts.permitted()) return;
    if (performance.now() - this.shardsListedAt > shardListMs) {
      this.shards = await this.parts.source.shards();
      this.shardsListedAt = performance.now();
    }
    await Promise.all(
      this.shards.filter((shard) => this.isReadable(shard)).map(({ id }) => this.readShard(id)),
    );
  }

  /** The next poll starts from the checkpoints. */
  forgetPosition(): void {
    this.iterators.clear();
  }

  private isReadable({ id, parentId }: Shard): boolean {
    if (this.checkpoint(id)?.finished) return false;
    const parent = this.shards.find((shard) => shard.id === parentId);
    return !parent || this.checkpoint(parent.id)?.finished === true;
  }

  private async readShard(shardId: string): Promise<void> {
    while (!this.parts.stopping.signal.aborted) {
      const { records, last, closed } = await this.gather(shardId);
      const wanted = records.filter(this.parts.settings.wanted);
      if (wanted.length > 0 && !(await deliverBatch(this.batchParts(shardId), wanted))) return;
      if (last) await this.keep(shardId, { after: last.dynamodb.SequenceNumber });
      if (closed) {
        await this.keep(shardId, { finished: true });
        this.shardsListedAt = Number.NEGATIVE_INFINITY;
      }
      if (closed || records.length === 0) return;
    }
  }

  /** Up to a full batch, or what came within the batching window. */
  private async gather(
    shardId: string,
  ): Promise<{ records: StreamRecord[]; last?: StreamRecord; closed: boolean }> {
    const { source, settings, pause } = this.parts;
    const records: StreamRecord[] = [];
    let iterator = this.iterators.get(shardId) ?? (await source.open(shardId, this.position(shardId)));
    let closed = false;
    let bytes = 0;
    let deadline: number | undefined;
    for (;;) {
      const read = await source.read(iterator, settings.batchSize - records.length);
      records.push(...read.records);
      for (const { dynamodb } of read.records) bytes += dynamodb.SizeBytes;
      closed = read.next === undefined;
      if (read.next) iterator = read.next;
      if (records.length > 0) deadline ??= performance.now() + settings.windowMs;
      const full = records.length >= settings.batchSize || bytes >= payloadBytes;
      const late = read.records.length === 0 && (deadline === undefined || performance.now() >= deadline);
      if (closed || full || late || (settings.windowMs === 0 && records.length > 0)) break;
      if (read.records.length === 0 && !(await pause(gatherMs))) break;
    }
    this.iterators.set(shardId, iterator);
    const last = records.at(-1);
    return { records, closed, ...(last && { last }) };
  }

  private batchParts(shardId: string) {
    const { cloud, settings, pause } = this.parts;
    return {
      cloud,
      settings,
      pause,
      checkpoint: (after: string) => this.keep(shardId, { after }),
      discard: (batch: Discarded) =>
        this.parts.discarded(
          failureMessage(settings, shardId, batch, cloud.clock.now()),
          batch.records.length,
        ),
    };
  }

  private position(shardId: string): string {
    return this.checkpoint(shardId)?.after ?? this.parts.settings.startAt;
  }

  private checkpoint(shardId: string): Checkpoint | undefined {
    return this.parts.checkpoints.get(`${this.parts.settings.id}/${shardId}`);
  }

  private keep(shardId: string, checkpoint: Checkpoint): Promise<void> {
    return this.parts.checkpoints.set(`${this.parts.settings.id}/${shardId}`, checkpoint);
  }
}
