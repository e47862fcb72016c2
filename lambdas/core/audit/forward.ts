import type { Clock } from '../../ports.ts';
import {
  type ChainPosition,
  type CheckpointLine,
  canonicalJson,
  checkpointHash,
  linkEvents,
  nextCheckpoint,
  startOfChain,
} from './chain.ts';
import type { AuditEvent } from './event.ts';
import type { Archive, CheckpointHeads, CheckpointSigner, EventBus } from './ports.ts';

export interface ForwarderPorts {
  readonly archive: Archive;
  readonly heads: CheckpointHeads;
  readonly signer: CheckpointSigner;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly newChainId: () => string;
}

/** Writers meet at the head rarely (one write per batch); past this many lost races something else is wrong. */
const headAttempts = 20;

/**
 * Writes batches of events to the archive, seals them and publishes them. At-least-once: a batch that fails half-way
 * comes again from the stream, and then starts a new chain, because the old one's last lines may or may not be
 * in the archive. Readers deduplicate by event id.
 */
export function auditForwarder(ports: ForwarderPorts): (events: readonly AuditEvent[]) => Promise<void> {
  let position: ChainPosition | undefined;
  return async (events) => {
    if (events.length === 0) return;
    const start = position ?? startOfChain(ports.newChainId());
    position = undefined; // until the whole batch is written, this chain cannot be continued
    const linked = linkEvents(start, events);
    await ports.archive.append(linked.lines);
    await seal(ports, linked.position);
    await ports.bus.publish(events);
    position = linked.position;
  };
}

async function seal(ports: ForwarderPorts, sealed: ChainPosition): Promise<void> {
  for (let attempt = 1; attempt <= headAttempts; attempt += 1) {
    const { head, line: previous } = await ports.heads.read();
    const checkpoint = nextCheckpoint(head, sealed, new Date(ports.clock.now()).toISOString());
    const signature = await ports.signer.sign(canonicalJson(checkpoint));
    const line: CheckpointLine = { checkpoint, hash: checkpointHash(checkpoint), signature };
    if (await ports.heads.advance(head, line)) {
      // The line before goes along: its writer may have ended between moving the head and writing it.
      await ports.archive.append(previous ? [previous, line] : [line]);
      return;
    }
  }
  throw new Error(`checkpoint head: lost ${headAttempts} races`);
}
