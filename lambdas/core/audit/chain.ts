import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditEvent } from './event.ts';

/**
 * How the archive shows that nothing was changed. Each forwarder environment writes one chain: every line carries
 * the hash of the line before it. After each batch a signed checkpoint seals the chain up to there, and the
 * checkpoints of all environments form one chain of their own, whose head is kept outside of the archive.
 * (Chains belong to environments and not to stream shards, because a DynamoDB stream record names no shard.)
 */
export interface ChainPosition {
  readonly chain: string;
  /** Number of the last line, counting from 1; 0 before the first. */
  readonly n: number;
  /** SHA-256 of the last line, lower-case hex; 64 zeros before the first. */
  readonly hash: string;
}

export interface EventLine {
  readonly chain: string;
  readonly n: number;
  readonly prev: string;
  readonly event: AuditEvent;
  readonly hash: string;
}

export interface Checkpoint {
  readonly v: 1;
  readonly n: number;
  readonly prev: string;
  /** The sealed chain, its last sealed line and that line's hash. */
  readonly chain: string;
  readonly upTo: number;
  readonly head: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

export interface CheckpointLine {
  readonly checkpoint: Checkpoint;
  readonly hash: string;
  /** ECDSA P-256 with SHA-256 over the RFC 8785 form of `checkpoint`; DER, base64. */
  readonly signature: string;
}

export interface CheckpointHead {
  readonly n: number;
  readonly hash: string;
}

export const nothingHash = '0'.repeat(64);

export const startOfChain = (chain: string): ChainPosition => ({ chain, n: 0, hash: nothingHash });
export const startOfCheckpoints: CheckpointHead = { n: 0, hash: nothingHash };

/** RFC 8785 (JSON Canonicalization Scheme), so that a verifier in any language hashes the same bytes. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('only JSON values can be hashed');
  return text;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const eventLineHash = (line: Omit<EventLine, 'hash'>): string =>
  sha256(canonicalJson({ chain: line.chain, n: line.n, prev: line.prev, event: line.event }));

export const checkpointHash = (checkpoint: Checkpoint): string => sha256(canonicalJson(checkpoint));

/** Links events behind `position`, in order. */
export function linkEvents(
  position: ChainPosition,
  events: readonly AuditEvent[],
): { readonly lines: readonly EventLine[]; readonly position: ChainPosition } {
  const lines: EventLine[] = [];
  let { n, hash } = position;
  for (const event of events) {
    const unhashed = { chain: position.chain, n: n + 1, prev: hash, event };
    hash = eventLineHash(unhashed);
    n += 1;
    lines.push({ ...unhashed, hash });
  }
  return { lines, position: { chain: position.chain, n, hash } };
}

export const nextCheckpoint = (head: CheckpointHead, sealed: ChainPosition, at: string): Checkpoint => ({
  v: 1,
  n: head.n + 1,
  prev: head.hash,
  chain: sealed.chain,
  upTo: sealed.n,
  head: sealed.hash,
  at,
});
