import type { Cloud } from '../platform.ts';
import type { DynamoService } from '../services/dynamodb/index.ts';
import { type AuditEventView, readEvent, storedImages } from './audit-events.ts';
import { type DecisionView, decisionIn, decisionOf, type Image } from './decisions.ts';
import { callApi } from './sources.ts';

const SHOWN_EVENTS = 100;
const SHOWN_DECISIONS = 30;
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
 * Events and decisions as the audit stream's consumer sees them. A risk item carries only its last event, so the tables alone would
 * hide what came before; they give the events from before the first look, their streams everything since.
 */
export class EventFeed {
  private readonly cloud: Cloud;
  private readonly dynamodb: DynamoService;
  private readonly events = new Map<string, AuditEventView>();
  private readonly decisions = new Map<string, DecisionView>();
  private readonly positions = new Map<string, ShardPosition>();
  private looking: Promise<void> | undefined;
  private hasReadTables = false;

  constructor(cloud: Cloud, dynamodb: DynamoService) {
    this.cloud = cloud;
    this.dynamodb = dynamodb;
  }

  /** Newest first, both as of the same look. */
  async recent(): Promise<Recent> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    await this.looking;
    const events = newestFirst(this.events.values());
    return {
      events: events.slice(0, SHOWN_EVENTS),
      decisions: this.decisionsWith(events).slice(0, SHOWN_DECISIONS),
    };
  }

  /** From the flows, and from events of flows that are not known here. */
  private decisionsWith(events: readonly AuditEventView[]): readonly DecisionView[] {
    const told = events.filter(({ flow }) => flow === undefined || !this.decisions.has(flow)).map(decisionOf);
    return newestFirst([...this.decisions.values(), ...told.filter((each) => each !== undefined)]);
  }

  private async look(): Promise<void> {
    const { TableNames = [] } = await callApi<{ TableNames?: readonly string[] }>(
      this.dynamodb,
      'ListTables',
      {},
    );
    const tables = TableNames.filter((name) => /audit|risk/i.test(name));
    if (!this.hasReadTables) for (const name of tables) this.keep(await storedImages(this.dynamodb, name));
    this.hasReadTables = tables.length > 0;
    for (const name of tables) await this.follow(name);
    trim(this.events);
    trim(this.decisions);
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
        this.keep(records.map(({ dynamodb }) => (dynamodb.NewImage ?? {}) as Image));
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

  private keep(images: readonly Image[]): void {
    for (const image of images) {
      for (const event of readEvent(image.event?.S)) this.events.set(event.id, event);
      const decision = decisionIn(image);
      if (decision) this.decisions.set(decision.id, decision);
    }
  }
}

export interface Recent {
  readonly events: readonly AuditEventView[];
  readonly decisions: readonly DecisionView[];
}

/** By time; ids of events are made from the start of their flow and only decide between equals. */
const newestFirst = <T extends { readonly id: string; readonly at: string }>(all: Iterable<T>): T[] =>
  [...all].sort((first, second) =>
    first.at === second.at ? (first.id < second.id ? 1 : -1) : first.at < second.at ? 1 : -1,
  );

const trim = (kept: Map<string, { readonly id: string; readonly at: string }>): void => {
  for (const { id } of newestFirst(kept.values()).slice(KEPT_EVENTS)) kept.delete(id);
};

interface DescribedTable {
  readonly Table: { readonly LatestStreamArn?: string };
}
