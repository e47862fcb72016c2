import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';

export type Counter =
  | 'lines'
  | 'rejected'
  | 'conflicts'
  | 'repeated'
  | 'accountExists'
  | 'added'
  | 'replaced'
  | 'unchanged'
  | 'alreadyWaiting'
  | 'moved'
  | 'withoutPassword'
  | 'duplicateGroups'
  | 'resumedAfter';

/** One finding: lines, fields and codes; never a value of the file. */
export type ReportFinding =
  | {
      readonly kind: 'reject' | 'left-behind';
      readonly line: number;
      readonly field: string;
      readonly code: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'duplicate';
      readonly match: string;
      readonly confidence: string;
      readonly lines: readonly number[];
    }
  | { readonly kind: 'conflict'; readonly line: number; readonly code: string; readonly reason: string };

/** Findings of each kind that the terminal shows; the file has all. */
const shownPerKind = 20;
/** Lines of one group that are named. */
const maxGroupLines = 100;

/** Goes to the file as it grows, so that a million findings take no memory. */
export class Report {
  private readonly counts: Partial<Record<Counter, number>> = {};
  private readonly codes: Record<string, number> = {};
  private readonly shown: Record<string, string[]> = {};
  private readonly stream;
  private readonly file: string;
  private isFirst = true;

  constructor(file: string, head: Readonly<Record<string, unknown>>) {
    this.file = file;
    this.stream = createWriteStream(`${file}.part`, { mode: 0o600 });
    this.stream.write(`{\n  "version": 1,\n  "about": ${JSON.stringify(head)},\n  "findings": [`);
  }

  count(name: Counter, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  get(name: Counter): number {
    return this.counts[name] ?? 0;
  }

  async add(finding: ReportFinding): Promise<void> {
    const code = finding.kind === 'duplicate' ? `${finding.match} (${finding.confidence})` : finding.code;
    const label = `${finding.kind} ${code}`;
    this.codes[label] = (this.codes[label] ?? 0) + 1;
    const lines = this.shown[finding.kind] ?? [];
    this.shown[finding.kind] = lines;
    if (lines.length < shownPerKind) lines.push(describe(finding));
    const written =
      finding.kind === 'duplicate' ? { ...finding, lines: finding.lines.slice(0, maxGroupLines) } : finding;
    const isFree = this.stream.write(`${this.isFirst ? '' : ','}\n    ${JSON.stringify(written)}`);
    this.isFirst = false;
    if (!isFree) await once(this.stream, 'drain');
  }

  /** @returns what the terminal shows */
  async finish(): Promise<string> {
    const summary = { counts: this.counts, codes: this.codes };
    this.stream.end(`\n  ],\n  "summary": ${JSON.stringify(summary)}\n}\n`);
    await once(this.stream, 'finish');
    await rename(`${this.file}.part`, this.file);
    return [
      ...Object.values(this.shown).flat(),
      ...Object.entries(this.codes).map(([code, count]) => `${String(count).padStart(9)}  ${code}`),
    ].join('\n');
  }
}

function describe(finding: ReportFinding): string {
  switch (finding.kind) {
    case 'duplicate':
      return `lines ${finding.lines.slice(0, 8).join(', ')}${finding.lines.length > 8 ? ', …' : ''}: duplicate, ${finding.confidence}: same ${finding.match}`;
    case 'conflict':
      return `line ${finding.line}: ${finding.code}: ${finding.reason}`;
    default:
      return `line ${finding.line}: ${finding.kind === 'reject' ? 'refused' : 'left behind'}: ${finding.field}: ${finding.code}: ${finding.reason}`;
  }
}
