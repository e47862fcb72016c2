import {
  type Checkpoint,
  type CheckpointHead,
  type CheckpointLine,
  canonicalJson,
  checkpointHash,
  type EventLine,
  eventLineHash,
  nothingHash,
} from './chain.ts';

export type ProblemCode =
  | 'LINE_UNREADABLE'
  | 'EVENT_CHANGED'
  | 'EVENT_DUPLICATE_DIFFERS'
  | 'LINE_MISSING'
  | 'LINE_CONFLICT'
  | 'LINK_BROKEN'
  | 'EVENT_UNSEALED'
  | 'CHECKPOINT_CHANGED'
  | 'CHECKPOINT_MISSING'
  | 'CHECKPOINT_CONFLICT'
  | 'CHECKPOINT_DISAGREES'
  | 'SIGNATURE_WRONG'
  | 'TAIL_CUT';

export interface Problem {
  readonly code: ProblemCode;
  /** File and line, chain and number, or checkpoint number. */
  readonly where: string;
  readonly detail: string;
}

export interface ArchiveReport {
  readonly events: number;
  readonly duplicates: number;
  readonly chains: number;
  readonly checkpoints: number;
  /** Last checkpoint found; keep it, and the next verification shows whether the tail was cut. */
  readonly head: CheckpointHead;
  readonly problems: readonly Problem[];
}

export interface ArchiveText {
  readonly where: string;
  readonly text: string;
}

export interface VerifyOptions {
  readonly signatureIsValid: (message: string, signature: string) => boolean;
  /** Known from elsewhere (the head item, an earlier report): the archive must reach at least this far. */
  readonly expectedHead?: CheckpointHead;
}

/**
 * Finds every edit, deletion, insertion, swap and cut tail in an archive, whatever the order of its lines
 * (Firehose keeps none) and however often a line was delivered. A cut tail shows only against `expectedHead`.
 */
export function verifyArchive(texts: Iterable<ArchiveText>, options: VerifyOptions): ArchiveReport {
  const problems: Problem[] = [];
  const archive = readLines(texts, problems);
  const sealed = verifyCheckpoints(archive.checkpoints, options, problems);
  for (const [chain, lines] of archive.chains) verifyChain(chain, lines, sealed.get(chain) ?? [], problems);
  for (const [chain, seals] of sealed) {
    if (!archive.chains.has(chain)) {
      problems.push({
        code: 'LINE_MISSING',
        where: `chain ${chain}`,
        detail: `sealed up to line ${seals.at(-1)?.upTo}, but no line of it is there`,
      });
    }
  }
  const { events, duplicates } = verifyEvents(archive.chains, sealed, problems);
  const head = [...archive.checkpoints.values()].reduce<CheckpointHead>(
    (last, line) => (line.checkpoint.n > last.n ? { n: line.checkpoint.n, hash: line.hash } : last),
    { n: 0, hash: nothingHash },
  );
  return {
    events,
    duplicates,
    chains: archive.chains.size,
    checkpoints: archive.checkpoints.size,
    head,
    problems,
  };
}

interface Archive {
  readonly chains: Map<string, Map<number, EventLine>>;
  readonly checkpoints: Map<number, CheckpointLine>;
}

function readLines(texts: Iterable<ArchiveText>, problems: Problem[]): Archive {
  const archive: Archive = { chains: new Map(), checkpoints: new Map() };
  for (const { where, text } of texts) {
    const line = parseLine(text);
    if (!line)
      problems.push({ code: 'LINE_UNREADABLE', where, detail: 'neither an event line nor a checkpoint' });
    else if ('checkpoint' in line) addCheckpoint(archive, line, where, problems);
    else addEventLine(archive, line, where, problems);
  }
  return archive;
}

function parseLine(text: string): EventLine | CheckpointLine | undefined {
  try {
    const value = JSON.parse(text) as Partial<EventLine & CheckpointLine> | null;
    if (typeof value?.hash !== 'string') return undefined;
    if (typeof value.checkpoint?.n === 'number' && typeof value.signature === 'string')
      return value as CheckpointLine;
    if (
      typeof value.chain === 'string' &&
      typeof value.n === 'number' &&
      typeof value.event?.id === 'string'
    ) {
      return value as EventLine;
    }
    return undefined;
  } catch {
    return undefined; // reported by the caller as unreadable, with its place
  }
}

function addEventLine(archive: Archive, line: EventLine, where: string, problems: Problem[]): void {
  if (eventLineHash(line) !== line.hash) {
    problems.push({
      code: 'EVENT_CHANGED',
      where,
      detail: `line ${line.n} of chain ${line.chain} does not match its hash`,
    });
  }
  const lines = archive.chains.get(line.chain) ?? new Map<number, EventLine>();
  archive.chains.set(line.chain, lines);
  const known = lines.get(line.n);
  if (known && canonicalJson(known) !== canonicalJson(line)) {
    problems.push({
      code: 'LINE_CONFLICT',
      where,
      detail: `line ${line.n} of chain ${line.chain} exists with other content`,
    });
  } else lines.set(line.n, line);
}

function addCheckpoint(archive: Archive, line: CheckpointLine, where: string, problems: Problem[]): void {
  if (checkpointHash(line.checkpoint) !== line.hash) {
    problems.push({
      code: 'CHECKPOINT_CHANGED',
      where,
      detail: `checkpoint ${line.checkpoint.n} does not match its hash`,
    });
  }
  const known = archive.checkpoints.get(line.checkpoint.n);
  if (known && known.hash !== line.hash) {
    problems.push({
      code: 'CHECKPOINT_CONFLICT',
      where,
      detail: `checkpoint ${line.checkpoint.n} exists with other content`,
    });
  } else if (!known) archive.checkpoints.set(line.checkpoint.n, line);
}

function verifyCheckpoints(
  checkpoints: ReadonlyMap<number, CheckpointLine>,
  options: VerifyOptions,
  problems: Problem[],
): Map<string, Checkpoint[]> {
  const sealed = new Map<string, Checkpoint[]>();
  const last = Math.max(0, ...checkpoints.keys());
  let previous = nothingHash;
  for (let n = 1; n <= last; n += 1) {
    const where = `checkpoint ${n}`;
    const line = checkpoints.get(n);
    if (!line) {
      problems.push({ code: 'CHECKPOINT_MISSING', where, detail: 'a later checkpoint exists' });
      previous = checkpoints.get(n + 1)?.checkpoint.prev ?? previous;
      continue;
    }
    if (line.checkpoint.prev !== previous) {
      problems.push({ code: 'LINK_BROKEN', where, detail: 'does not follow the checkpoint before it' });
    }
    if (!options.signatureIsValid(canonicalJson(line.checkpoint), line.signature)) {
      problems.push({
        code: 'SIGNATURE_WRONG',
        where,
        detail: 'the signature is not that of the checkpoint key',
      });
    }
    sealed.set(line.checkpoint.chain, [...(sealed.get(line.checkpoint.chain) ?? []), line.checkpoint]);
    previous = line.hash;
  }
  checkHead(checkpoints, last, options.expectedHead, problems);
  return sealed;
}

function checkHead(
  checkpoints: ReadonlyMap<number, CheckpointLine>,
  last: number,
  expected: CheckpointHead | undefined,
  problems: Problem[],
): void {
  if (!expected || expected.n === 0) return;
  if (last < expected.n) {
    problems.push({
      code: 'TAIL_CUT',
      where: `checkpoint ${expected.n}`,
      detail: `the archive ends at checkpoint ${last}`,
    });
  } else if (checkpoints.get(expected.n) && checkpoints.get(expected.n)?.hash !== expected.hash) {
    problems.push({
      code: 'CHECKPOINT_DISAGREES',
      where: `checkpoint ${expected.n}`,
      detail: 'differs from the expected head',
    });
  }
}

function verifyChain(
  chain: string,
  lines: ReadonlyMap<number, EventLine>,
  seals: readonly Checkpoint[],
  problems: Problem[],
): void {
  const last = Math.max(...lines.keys(), ...seals.map((seal) => seal.upTo));
  let previous: string | undefined = nothingHash;
  for (let n = 1; n <= last; n += 1) {
    const where = `chain ${chain} line ${n}`;
    const line = lines.get(n);
    if (!line)
      problems.push({
        code: 'LINE_MISSING',
        where,
        detail: 'a later line or a checkpoint shows that it existed',
      });
    else if (previous !== undefined && line.prev !== previous) {
      problems.push({ code: 'LINK_BROKEN', where, detail: 'does not follow the line before it' });
    }
    previous = line?.hash;
  }
  for (const seal of seals) {
    const line = lines.get(seal.upTo);
    if (line && line.hash !== seal.head) {
      problems.push({
        code: 'CHECKPOINT_DISAGREES',
        where: `checkpoint ${seal.n}`,
        detail: `seals another line ${seal.upTo} of chain ${chain}`,
      });
    }
  }
}

/** An event counts once. A copy behind the last seal is fine when the same event is sealed elsewhere (a retried batch). */
function verifyEvents(
  chains: ReadonlyMap<string, ReadonlyMap<number, EventLine>>,
  sealed: ReadonlyMap<string, readonly Checkpoint[]>,
  problems: Problem[],
): { events: number; duplicates: number } {
  const seen = new Map<string, { text: string; sealed: boolean; where: string }>();
  let duplicates = 0;
  for (const [chain, lines] of chains) {
    const upTo = Math.max(0, ...(sealed.get(chain) ?? []).map((seal) => seal.upTo));
    for (const line of lines.values()) {
      const text = canonicalJson(line.event);
      const where = `event ${line.event.id} (chain ${chain} line ${line.n})`;
      const known = seen.get(line.event.id);
      if (known) duplicates += 1;
      if (known && known.text !== text) {
        problems.push({
          code: 'EVENT_DUPLICATE_DIFFERS',
          where,
          detail: 'another line carries this id with other content',
        });
      }
      seen.set(line.event.id, { text, where, sealed: line.n <= upTo || (known?.sealed ?? false) });
    }
  }
  for (const event of seen.values()) {
    if (!event.sealed)
      problems.push({ code: 'EVENT_UNSEALED', where: event.where, detail: 'no checkpoint covers it' });
  }
  return { events: seen.size, duplicates };
}
