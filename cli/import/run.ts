import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dynamoAddressClaims } from '../../lambdas/adapters/address-claims.ts';
import { derivedEventId } from '../../lambdas/adapters/event-ids.ts';
import { recordSeal } from '../../lambdas/adapters/sealed-records.ts';
import { derivedKey, keyedPseudonyms } from '../../lambdas/adapters/secrets.ts';
import { type Added, dynamoWaitingImport } from '../../lambdas/adapters/waiting-people.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import type { Pseudonym } from '../../lambdas/core/ids.ts';
import { type HashShape, shapeOf } from '../../lambdas/core/migration/hash.ts';
import type { WaitingPerson } from '../../lambdas/core/migration/record.ts';
import { openCheckpoint } from './checkpoint.ts';
import { findDuplicates, noteKeys } from './duplicates.ts';
import { type PeopleOptions, type ReadPerson, readPeople } from './people.ts';
import { openProgress } from './progress.ts';
import { type Counter, Report } from './report.ts';
import { openScratch, type Scratch } from './scratch.ts';
import type { Target } from './target.ts';

export interface ImportOptions extends PeopleOptions {
  readonly target: Target;
  readonly apply: boolean;
  /** A person who waits with other content is replaced. */
  readonly replace: boolean;
  /** Days a person waits before what is known of them is deleted. */
  readonly waitDays: number;
  readonly concurrency: number;
  readonly auditTtlDays: number;
  readonly reportFile: string;
  readonly checkpointFile: string;
  /** What else decides on the outcome, for the checkpoint: other options begin anew. */
  readonly fingerprint: string;
}

/** Findings of which one means that somebody should look at the report before applying. */
export interface ImportOutcome {
  readonly summary: string;
  readonly counts: (name: Counter) => number;
}

/**
 * Reads the file twice: first everything is judged and compared, then each person who may come in is looked up
 * (a dry run) or written. Both may be repeated at any time.
 */
export async function runImport(options: ImportOptions): Promise<ImportOutcome> {
  const input = await inputFingerprint(options);
  const report = new Report(options.reportFile, {
    mode: options.apply ? 'apply' : 'dry run',
    at: new Date(options.now).toISOString(),
    input,
  });
  const scratch = await openScratch();
  try {
    const plan = await compare(options, report, scratch);
    await bringIn(options, report, plan, input);
  } finally {
    await scratch.close();
  }
  return { summary: await report.finish(), counts: (name) => report.get(name) };
}

interface Plan {
  readonly lines: number;
  /** Lines that say different things about one address, or say it again. */
  readonly skipped: ReadonlySet<number>;
  readonly shapes: readonly HashShape[];
}

async function compare(options: ImportOptions, report: Report, scratch: Scratch): Promise<Plan> {
  const shapes = new Map<string, HashShape>();
  let lines = 0;
  for await (const read of readPeople(options)) {
    lines += 1;
    report.count('lines');
    const kind = read.kind === 'rejected' ? 'reject' : 'left-behind';
    for (const finding of read.findings) await report.add({ kind, line: read.line, ...finding });
    if (read.kind === 'rejected') {
      report.count('rejected');
      continue;
    }
    const { password } = read.person;
    if (password) shapes.set(JSON.stringify(shapeOf(password)), shapeOf(password));
    else report.count('withoutPassword');
    const content = createHash('sha256').update(JSON.stringify(read.person)).digest('base64url');
    await noteKeys(scratch, read.line, read.comparable, content);
  }
  return { lines, skipped: await judgeDuplicates(report, scratch), shapes: [...shapes.values()] };
}

/** Nobody can say which of two different lines about one address is right, so none comes in; of equal ones the first. */
async function judgeDuplicates(report: Report, scratch: Scratch): Promise<ReadonlySet<number>> {
  const skipped = new Set<number>();
  for await (const { isRepetition, kind, confidence, lines } of findDuplicates(scratch)) {
    report.count('duplicateGroups');
    await report.add({ kind: 'duplicate', match: kind, confidence, lines });
    if (kind !== 'address') continue;
    for (const line of isRepetition ? lines.slice(1) : lines) {
      skipped.add(line);
      report.count(isRepetition ? 'repeated' : 'conflicts');
      if (isRepetition) continue;
      const reason = 'other lines say something else about the same address: none of them comes in';
      await report.add({ kind: 'conflict', line, code: 'ADDRESS_TWICE', reason });
    }
  }
  return skipped;
}

type Admitted = Extract<ReadPerson, { kind: 'admitted' }>;

async function bringIn(options: ImportOptions, report: Report, plan: Plan, input: string): Promise<void> {
  const { target, apply, concurrency } = options;
  const clock = { now: () => Date.now() };
  const seal = recordSeal(derivedKey(target.pseudonymSecret, target.readSecret, 'migration'));
  const waiting = dynamoWaitingImport(
    target.dynamo,
    {
      migration: target.tables.migration,
      audit: { name: target.tables.audit, ttlDays: options.auditTtlDays },
    },
    seal,
    clock,
  );
  const claims = dynamoAddressClaims(target.dynamo, target.tables.profiles);
  const pseudonyms = keyedPseudonyms(target.pseudonymSecret, target.readSecret);
  const checkpoint = await openCheckpoint(options.checkpointFile, input);
  const from = apply ? checkpoint.line : 0;
  if (from > 0) report.count('resumedAfter', from);
  if (apply && from === 0) await waiting.addShapes(plan.shapes);
  const progress = openProgress(apply ? 'importing' : 'comparing', plan.lines);
  const expiresAt = Math.floor(clock.now() / 1000) + options.waitDays * 86_400;

  const one = async ({ line, person }: Admitted): Promise<void> => {
    const address = await pseudonyms.of('identifier', person.email as Identifier);
    if (await claims.find(address)) return conflict(report, line, 'accountExists');
    const event = importedEvent(address, person, clock.now());
    const added = apply
      ? await waiting.add(address, person, { replace: options.replace, expiresAt, event })
      : await waiting.look(address, person, { replace: options.replace });
    await note(report, line, added);
  };

  let batch: Admitted[] = [];
  let last = 0;
  const flush = async () => {
    const results = await Promise.allSettled(batch.map(one));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    batch = [];
    if (apply) await checkpoint.reach(last);
  };
  try {
    for await (const read of readPeople(options)) {
      progress.step(1);
      last = read.line;
      if (read.line <= from || read.kind === 'rejected' || plan.skipped.has(read.line)) continue;
      batch.push(read);
      if (batch.length >= concurrency) await flush();
    }
    await flush();
  } finally {
    progress.stop();
  }
  if (apply) await checkpoint.clear();
}

const outcomes = {
  added: 'added',
  replaced: 'replaced',
  unchanged: 'unchanged',
  conflict: 'alreadyWaiting',
  moved: 'moved',
} as const satisfies Record<Added, Counter>;

async function note(report: Report, line: number, added: Added): Promise<void> {
  if (added === 'conflict') return conflict(report, line, 'alreadyWaiting');
  report.count(outcomes[added]);
}

const conflicts = {
  accountExists: { code: 'ACCOUNT_EXISTS', reason: 'the address has an account here, which stays as it is' },
  alreadyWaiting: {
    code: 'ALREADY_WAITING',
    reason: 'was imported before with other content; --replace takes this one',
  },
} as const;

async function conflict(report: Report, line: number, kind: keyof typeof conflicts): Promise<void> {
  report.count(kind);
  await report.add({ kind: 'conflict', line, ...conflicts[kind] });
}

function importedEvent(address: Pseudonym, person: WaitingPerson, now: number): AuditEvent {
  return {
    v: 1,
    id: derivedEventId(now, 'migration.imported', address),
    type: 'migration.imported',
    at: new Date(now).toISOString(),
    subject: { pseudonym: address },
    actor: 'operator',
    outcome: 'success',
    reasons: [],
    data: {
      fields: Object.keys(person.fields),
      consents: person.consents.map(({ purpose }) => purpose),
      ...(person.password && { algorithm: person.password.algorithm }),
    },
  };
}

/** Of the whole file and of everything that decides on the outcome. */
async function inputFingerprint({ file, fingerprint, target }: ImportOptions): Promise<string> {
  const hash = createHash('sha256').update(`${fingerprint}\0${target.tables.migration}\0`);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
