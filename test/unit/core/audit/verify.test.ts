import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckpointLine, EventLine } from '../../../../lambdas/core/audit/chain.ts';
import { eventLineHash, startOfCheckpoints } from '../../../../lambdas/core/audit/chain.ts';
import { auditForwarder } from '../../../../lambdas/core/audit/forward.ts';
import { type ArchiveReport, verifyArchive } from '../../../../lambdas/core/audit/verify.ts';
import { anEvent } from '../../../support/audit.ts';

type Line = EventLine | CheckpointLine;

const sign = (message: string) => createHash('sha256').update(`key${message}`).digest('base64');
const signatureIsValid = (message: string, signature: string) => sign(message) === signature;
const verify = (lines: readonly unknown[], expectedHead = startOfCheckpoints): ArchiveReport =>
  verifyArchive(
    lines.map((line, i) => ({ where: `line ${i + 1}`, text: JSON.stringify(line) })),
    { signatureIsValid, expectedHead },
  );
const codes = (report: ArchiveReport) => new Set(report.problems.map((problem) => problem.code));

/** Archive in memory, with any number of forwarder environments writing to it. */
function anArchive() {
  const lines: Line[] = [];
  let kept: CheckpointLine | undefined;
  let chains = 0;
  const faults = { archive: 0, bus: 0 };
  const head = () => (kept ? { n: kept.checkpoint.n, hash: kept.hash } : startOfCheckpoints);
  const environment = () =>
    auditForwarder({
      archive: {
        append: async (added) => {
          if (faults.archive-- > 0) throw new Error('Firehose is down');
          lines.push(...(structuredClone(added) as Line[]));
        },
      },
      heads: {
        read: async () => ({ head: head(), line: kept }),
        advance: async (from, line) => {
          if (from.n !== head().n) return false;
          kept = line;
          return true;
        },
      },
      signer: { sign: async (message) => sign(message) },
      bus: {
        publish: async () => {
          if (faults.bus-- > 0) throw new Error('EventBridge is down');
        },
      },
      clock: { now: () => Date.parse('2026-11-22T12:00:00Z') },
      newChainId: () => `chain-${++chains}`,
    });
  return { lines, environment, head, faults };
}

async function twoEnvironments() {
  const archive = anArchive();
  const [a, b] = [archive.environment(), archive.environment()];
  await a([anEvent(), anEvent(), anEvent()]);
  await b([anEvent({ type: 'consent.granted', data: { purpose: 'newsletter' } })]);
  await a([anEvent(), anEvent()]);
  return archive;
}

describe('verifyArchive', () => {
  it('finds nothing wrong in an untouched archive, in any order and with repeated lines', async () => {
    const { lines, head } = await twoEnvironments();
    const shuffled = [...lines].reverse().concat(lines.slice(0, 4));
    expect(verify(shuffled, head())).toMatchObject({
      events: 6,
      chains: 2,
      checkpoints: 3,
      problems: [],
      head: head(),
    });
  });

  it.each<{ attack: string; change: (lines: Line[]) => Line[]; code: string }>([
    {
      attack: 'an edited event',
      change: edit((line) => ({ ...line, event: { ...line.event, outcome: 'refused' } })),
      code: 'EVENT_CHANGED',
    },
    { attack: 'an edited event with a matching new hash', change: reseal, code: 'LINK_BROKEN' },
    {
      attack: 'a deleted line',
      change: (lines) => lines.filter((line) => !isLine(line, 2)),
      code: 'LINE_MISSING',
    },
    {
      attack: 'a whole chain deleted',
      change: (lines) => lines.filter((line) => !('chain' in line) || line.chain !== 'chain-2'),
      code: 'LINE_MISSING',
    },
    { attack: 'an inserted line', change: (lines) => [...lines, inserted(lines)], code: 'LINE_CONFLICT' },
    {
      attack: 'an inserted chain',
      change: (lines) => [...lines, { ...inserted(lines), chain: 'forged', n: 1 }],
      code: 'EVENT_UNSEALED',
    },
    { attack: 'swapped events', change: swap, code: 'EVENT_CHANGED' },
    { attack: 'an edited checkpoint', change: editCheckpoint, code: 'CHECKPOINT_CHANGED' },
    {
      attack: 'a deleted checkpoint',
      change: (lines) => lines.filter((line) => !('checkpoint' in line) || line.checkpoint.n !== 2),
      code: 'CHECKPOINT_MISSING',
    },
    { attack: 'a cut tail', change: cutTail, code: 'TAIL_CUT' },
    { attack: 'a checkpoint signed by another key', change: forgeSignature, code: 'SIGNATURE_WRONG' },
  ])('names $attack', async ({ change, code }) => {
    const { lines, head } = await twoEnvironments();
    expect(codes(verify(change(structuredClone(lines)), head()))).toContain(code);
  });

  it('finds any single removed or altered line', async () => {
    const { lines, head } = await twoEnvironments();
    // Every line once: the copy of each checkpoint that its follower repeats would otherwise heal the damage.
    const once = [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()];
    fc.assert(
      fc.property(fc.nat(once.length - 1), fc.boolean(), (at, remove) => {
        const damaged = remove
          ? once.filter((_, i) => i !== at)
          : once.map((line, i) =>
              i === at ? { ...line, hash: line.hash.replace(/^./, (c) => (c === '0' ? '1' : '0')) } : line,
            );
        return verify(damaged, head()).problems.length > 0;
      }),
    );
  });

  it('reports text that is no line, with its place', () => {
    const report = verifyArchive([{ where: 'file:7', text: '{"chain":' }], { signatureIsValid });
    expect(report.problems).toEqual([expect.objectContaining({ code: 'LINE_UNREADABLE', where: 'file:7' })]);
  });
});

describe('auditForwarder', () => {
  it('continues in a new chain when a batch fails half-way, and the repeated events count once', async () => {
    const archive = anArchive();
    const forward = archive.environment();
    await forward([anEvent()]);
    const batch = [anEvent(), anEvent()];
    archive.faults.bus = 1;
    await expect(forward(batch)).rejects.toThrow('EventBridge is down');
    await forward(batch);
    expect(verify(archive.lines, archive.head())).toMatchObject({
      events: 3,
      duplicates: 2,
      chains: 2,
      problems: [],
    });
  });

  it('seals nothing that the archive did not take', async () => {
    const archive = anArchive();
    archive.faults.archive = 1;
    await expect(archive.environment()([anEvent()])).rejects.toThrow('Firehose is down');
    expect(archive.head()).toEqual(startOfCheckpoints);
  });

  it('puts a checkpoint that its writer could not write into the archive with the next one', async () => {
    const archive = anArchive();
    const forward = archive.environment();
    await forward([anEvent()]);
    archive.lines.pop(); // moved the head, ended before writing it
    await forward([anEvent()]);
    expect(verify(archive.lines, archive.head()).problems).toEqual([]);
  });

  it('seals with every writer when environments race for the head', async () => {
    const archive = anArchive();
    await Promise.all(Array.from({ length: 8 }, () => archive.environment()([anEvent(), anEvent()])));
    expect(verify(archive.lines, archive.head())).toMatchObject({ events: 16, checkpoints: 8, problems: [] });
  });
});

const isLine = (line: Line, n: number): line is EventLine =>
  'chain' in line && line.chain === 'chain-1' && line.n === n;

function edit(change: (line: EventLine) => EventLine) {
  return (lines: Line[]) => lines.map((line) => (isLine(line, 2) ? change(line) : line));
}

function reseal(lines: Line[]): Line[] {
  const edited = edit((line) => ({ ...line, event: { ...line.event, outcome: 'refused' } }))(lines);
  return edited.map((line) => (isLine(line, 2) ? { ...line, hash: eventLineHash(line) } : line));
}

function inserted(lines: readonly Line[]): EventLine {
  const line = lines.find((candidate) => isLine(candidate, 2)) as EventLine;
  return { ...line, event: anEvent({ type: 'session.ended' }) };
}

function swap(lines: Line[]): Line[] {
  const [first, second] = [1, 2].map((n) => lines.find((line) => isLine(line, n)) as EventLine);
  if (!first || !second) throw new Error('two lines expected');
  return lines.map((line) =>
    isLine(line, 1)
      ? { ...line, event: second.event }
      : isLine(line, 2)
        ? { ...line, event: first.event }
        : line,
  );
}

const editCheckpoint = (lines: Line[]): Line[] =>
  lines.map((line) =>
    'checkpoint' in line && line.checkpoint.n === 1
      ? { ...line, checkpoint: { ...line.checkpoint, upTo: 2 } }
      : line,
  );

const cutTail = (lines: Line[]): Line[] =>
  lines.filter((line) =>
    'checkpoint' in line ? line.checkpoint.n < 3 : line.chain !== 'chain-1' || line.n <= 3,
  );

const forgeSignature = (lines: Line[]): Line[] =>
  lines.map((line) => ('checkpoint' in line ? { ...line, signature: 'bm90IG91cnM=' } : line));
