import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';

/** One raw record of a file with its line; in a JSON document, which may be one line, the number of the person. */
export interface RawRecord {
  readonly line: number;
  /** Absent when the line cannot be read. */
  readonly value?: Readonly<Record<string, unknown>>;
}

export type FileFormat = 'csv' | 'csv-without-header' | 'json-lines' | 'json-array';

/** Longest record that is looked at: one person is a few kB. */
const maxRecordBytes = 1_048_576;

/**
 * The records of a file one by one; memory does not grow with the file.
 * @param list - where a JSON document has its people: the name of the array, `users` in every export we know
 */
export function readRecords(file: string, format: FileFormat, list = 'users'): AsyncIterable<RawRecord> {
  const input = createReadStream(file, { encoding: 'utf8' });
  if (format === 'json-lines') return jsonLines(input);
  return format === 'json-array' ? jsonArray(input, list) : csv(input, format === 'csv');
}

async function* csv(input: Readable, hasHeader: boolean): AsyncGenerator<RawRecord> {
  const parser = input.pipe(
    parse({
      bom: true,
      columns: hasHeader,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: maxRecordBytes,
    }),
  );
  input.on('error', (error) => parser.destroy(error));
  for await (const { info, record } of parser as AsyncIterable<{
    info: { lines: number; error?: unknown };
    record: unknown;
  }>) {
    const value = Array.isArray(record) ? Object.fromEntries(record.entries()) : Object(record);
    // Fewer or more values than columns: nobody knows which is which.
    yield info.error ? { line: info.lines } : { line: info.lines, value };
  }
}

async function* jsonLines(input: Readable): AsyncGenerator<RawRecord> {
  let line = 0;
  for await (const text of linesOf(input)) {
    line += 1;
    if (text.trim() !== '') yield record(line, text);
  }
}

/** By hand: readline keeps going at U+2028, and has no bound. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxRecordBytes)
      throw new Error('a line is longer than 1 MiB: is this a JSON-lines file?');
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function record(line: number, text: string): RawRecord {
  try {
    const value: unknown = JSON.parse(line === 1 ? text.replace(/^\uFEFF/, '') : text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { line, value: { ...value } };
  } catch {
    // reported with its line as unreadable
  }
  return { line };
}

/** Finds the objects of one array of a large document by counting brackets outside of texts. */
async function* jsonArray(input: Readable, list: string): AsyncGenerator<RawRecord> {
  const scan = { depth: 0, inText: false, escaped: false, count: 0, text: '', isList: -1 };
  let last = '';
  for await (const chunk of input as AsyncIterable<string>) {
    for (const character of chunk) {
      const isCollecting = scan.isList >= 0 && scan.depth > scan.isList;
      if (isCollecting) scan.text += character;
      if (scan.text.length > maxRecordBytes)
        throw new Error(`person ${scan.count}: the record is longer than 1 MiB`);
      if (scan.inText) {
        if (scan.escaped) scan.escaped = false;
        else if (character === '\\') scan.escaped = true;
        else if (character === '"') scan.inText = false;
        else if (scan.depth === 1) last += character;
        continue;
      }
      if (character === '"') {
        scan.inText = true;
        last = scan.depth === 1 ? '' : last;
      } else if (character === '{' || character === '[') {
        scan.depth += 1;
        if (character === '[' && scan.depth <= 2 && scan.isList < 0 && (scan.depth === 1 || last === list)) {
          scan.isList = scan.depth;
        } else if (scan.isList >= 0 && scan.depth === scan.isList + 1) {
          scan.text = character;
          scan.count += 1;
        }
      } else if (character === '}' || character === ']') {
        scan.depth -= 1;
        if (scan.isList >= 0 && scan.depth === scan.isList) {
          yield record(scan.count, scan.text);
          scan.text = '';
        } else if (scan.depth < scan.isList) scan.isList = -1;
      }
    }
  }
  if (scan.depth !== 0) throw new Error('the document ends in the middle: it is not complete');
}
