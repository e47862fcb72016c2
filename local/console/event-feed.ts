import type { Cloud } from '../platform.ts';
import type { DynamoService } from '../services/dynamodb/index.ts';
import type { StreamRecord } from '../services/dynamodb/stream-source.ts';
import { type AuditEventView, readEvent, storedEvents } from './audit-events.ts';
import { callApi } from './sources.ts';

const SHOWN_EVENTS = 100;
const KEPT_EVENTS = 1_000;
const RECORDS_A_READ = 1_000;
/** A backlog longer than this is caught up with at the next look. */
const READS_A_LOOK = 20;

interface ShardPosition {
  readonly streamArn: string;
  readonly shardId: string;
  after: string;
}

/**
 * Events as the audit stream's consumer sees them. A risk item carries only its last event, so the tables alone would
 * hide what came before; they give the events from before the first look, their streams everything since.
 */
export class EventFeed {
  private readonly cloud: Cloud;
  private readonly dynamodb: DynamoService;
  private readonly events = new Map<string, AuditEventView>();
  private readonly positions = new Map<string, ShardPosition>();
  private looking: Promise<void> | undefined;
  private hasReadTables = false;

  constructor(cloud: Cloud, dynamodb: DynamoService) {
    this.cloud = cloud;
    this.dynamodb = dynamodb;
  }

  /** Newest first. */
  async recent(): Promise<readonly AuditEventView[]> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    await this.looking;
    return this.sorted().slice(0, SHOWN_EVENTS);
  }

  private async look(): Promise<void> {
    const { TableNames = [] } = await callApi<{ TableNames?: readonly string[] }>(
      this.dynamodb,
      'ListTables',
      {},
    );
    const tables = TableNames.filter((name) => /audit|risk/i.test(name));
    if (!this.hasReadTables) for (const name of tables) this.keep(await storedEvents(this.dynamodb, name));
    this.hasReadTables = tables.length > 0;
    for (const name of tables) await this.follow(name);
    for (const { id } of this.sorted().slice(KEPT_EVENTS)) this.events.delete(id);
  }

  private async follow(TableName: string): Promise<void> {
    const { Table } = await callApi<DescribedTable>(this.dynamodb, 'DescribeTable', { TableName });
    if (Table.LatestStreamArn === undefined) return;
    for (const { id } of await this.dynamodb.stream(Table.LatestStreamArn).shards()) {
      await this.catchUp(this.position(Table.LatestStreamArn, id));
    }
  }

  private async catchUp(position: ShardPosition): Promise<void> {
    const source = this.dynamodb.stream(position.streamArn);
    try {
      let iterator: string | undefined = await source.open(position.shardId, position.after);
      for (let read = 0; iterator !== undefined && read < READS_A_LOOK; read += 1) {
        const { records, next } = await source.read(iterator, RECORDS_A_READ);
        this.keep(records.flatMap(eventOf));
        position.after = records.at(-1)?.dynamodb.SequenceNumber ?? position.after;
        iterator = records.length === 0 ? undefined : next;
      }
    } catch (error) {
      // Records older than a day are trimmed, the last one that was read among them.
      this.cloud.log.warn('console: a stream is read again from its start', {
        shard: position.shardId,
        error,
      });
      position.after = 'TRIM_HORIZON';
    }
  }

  private position(streamArn: string, shardId: string): ShardPosition {
    const known = this.positions.get(`${streamArn} ${shardId}`);
    if (known !== undefined) return known;
    const fresh = { streamArn, shardId, after: 'TRIM_HORIZON' };
    this.positions.set(`${streamArn} ${shardId}`, fresh);
    return fresh;
  }

  private keep(events: readonly AuditEventView[]): void {
    for (const event of events) this.events.set(event.id, event);
  }

  private sorted(): AuditEventView[] {
    return [...this.events.values()].sort((first, second) => (first.id < second.id ? 1 : -1));
  }
}

interface DescribedTable {
  readonly Table: { readonly LatestStreamArn?: string };
}

const eventOf = ({ dynamodb }: StreamRecord): readonly AuditEventView[] => {
  const image = dynamodb.NewImage as Readonly<Record<string, { readonly S?: string }>> | undefined;
  return readEvent(image?.event?.S);
};
