import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

type Texts = ReadonlyMap<string, unknown>;

/** English texts of the pages; the same place in this project and in the published package. */
const folder = join(
  dirname(createRequire(import.meta.url).resolve('vestibule/package.json')),
  'portal/messages/en',
);
let read: Texts | undefined;

function portalTexts(): Texts {
  read ??= new Map(
    (existsSync(folder) ? readdirSync(folder) : []).flatMap((file) => {
      const area = basename(file, '.json');
      const texts: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      return Object.entries(texts).map(([key, text]) => [`${area}/${key}`, text] as const);
    }),
  );
  return read;
}

/** What is wrong with a line that a brand puts in place of one of the portal's; `undefined` when it can be shown. */
export function brandTextProblem(path: string, line: string): string | undefined {
  const texts = portalTexts();
  const english = texts.get(path);
  if (english === undefined) {
    const near = nearest(path, [...texts.keys()]);
    return `the portal has no such text${near ? `; did you mean "${near}"?` : ' (they are in portal/messages/en)'}`;
  }
  if (typeof english !== 'string') return 'has plural forms, which a brand cannot replace';
  const [wanted, given] = [namesIn(english), namesIn(line)];
  const lacks = wanted.find((name) => !given.includes(name));
  if (lacks) return `lacks {${lacks}}, which is filled in: "${english}"`;
  const surplus = given.find((name) => !wanted.includes(name));
  return surplus && `has {${surplus}}, which nobody fills in: "${english}"`;
}

const namesIn = (line: string): readonly string[] =>
  Array.from(line.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);

/** A slip of the pen is one of few letters. */
const maxSlips = 3;

function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, slips: slipsBetween(word, candidate) }))
    .sort((a, b) => a.slips - b.slips);
  return best && best.slips <= maxSlips ? best.candidate : undefined;
}

/** Levenshtein's distance, row by row. */
function slipsBetween(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  Array.from(left).forEach((sign, index) => {
    const next = [index + 1];
    Array.from(right).forEach((other, at) => {
      const replaced = (row[at] ?? 0) + (sign === other ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    });
    row = next;
  });
  return row.at(-1) ?? 0;
}
