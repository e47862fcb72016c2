import type { CheckpointHead, CheckpointLine } from './chain.ts';
import type { AuditEvent } from './event.ts';

/** Where the lines are kept for good. Resolves only when every line was accepted. */
export interface Archive {
  append(lines: readonly unknown[]): Promise<void>;
}

/** Head of the checkpoint chain, kept outside of the archive so that a cut tail shows. */
export interface CheckpointHeads {
  /** The head and the line it came from, which may not have reached the archive yet. */
  read(): Promise<{ readonly head: CheckpointHead; readonly line?: CheckpointLine }>;
  /** Moves the head if it still is `from`; false when another writer was faster. One conditional write. */
  advance(from: CheckpointHead, line: CheckpointLine): Promise<boolean>;
}

export interface CheckpointSigner {
  /** ECDSA P-256 with SHA-256 over the UTF-8 message (at most 4,096 bytes); DER in base64. */
  sign(message: string): Promise<string>;
}

export interface EventBus {
  /** Resolves only when every event was accepted. */
  publish(events: readonly AuditEvent[]): Promise<void>;
}
