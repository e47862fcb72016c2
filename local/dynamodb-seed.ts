import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * dynoxide numbers a stream's records by `MAX(CAST(sequence_number AS INTEGER))` over all of them, and reads them by the
 * same expression, without an index: each write and each poll costs a scan of everything ever written (measured: 960
 * writes per second on a new table, 60 after ten thousand; with the index 1,900 throughout). The engine creates its
 * tables only where they are missing, so a database that starts with this one keeps the index.
 */
const schema = [
  {
    type: 'table',
    name: '_stream_records',
    table: '_stream_records',
    sql:
      'CREATE TABLE _stream_records (id INTEGER PRIMARY KEY AUTOINCREMENT, table_name TEXT NOT NULL, ' +
      'event_name TEXT NOT NULL, keys_json TEXT NOT NULL, new_image TEXT, old_image TEXT, ' +
      'sequence_number TEXT NOT NULL, shard_id TEXT NOT NULL, created_at INTEGER NOT NULL, user_identity TEXT)',
  },
  {
    type: 'table',
    name: 'sqlite_sequence',
    table: 'sqlite_sequence',
    sql: 'CREATE TABLE sqlite_sequence(name,seq)',
  },
  {
    type: 'index',
    name: 'stream_records_in_order',
    table: '_stream_records',
    sql:
      'CREATE INDEX stream_records_in_order ON _stream_records' +
      '(table_name, CAST(sequence_number AS INTEGER))',
  },
] as const;

/** Puts the seed where a database is going to be; one that is there is left as it is. */
export async function seedDynoxide(file: string): Promise<void> {
  if (existsSync(file)) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, seedDatabase(), { flag: 'wx' });
}

const pageBytes = 4096;
const headerBytes = 100;
const leafHeaderBytes = 8;
const leafOf = { table: 0x0d, index: 0x0a } as const;

/** An SQLite file (https://sqlite.org/fileformat2.html): the schema on page 1, then one empty leaf per object. */
export function seedDatabase(): Buffer {
  const rows = schema.map((entry, index) => schemaRow(entry, index + 1, index + 2));
  const first = leafPage(leafOf.table, rows, headerBytes);
  fileHeader(schema.length + 1).copy(first);
  return Buffer.concat([first, ...schema.map(({ type }) => leafPage(leafOf[type], []))]);
}

function fileHeader(pages: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('SQLite format 3\0', 'latin1');
  header.writeUInt16BE(pageBytes, 16);
  header.set([1, 1, 0, 64, 32, 32], 18); // rollback journal (the engine turns WAL on) and fixed payload fractions
  header.writeUInt32BE(1, 24); // change counter
  header.writeUInt32BE(pages, 28);
  header.writeUInt32BE(1, 40); // schema cookie
  header.writeUInt32BE(4, 44); // schema format: expressions in indexes
  header.writeUInt32BE(1, 56); // UTF-8
  header.writeUInt32BE(1, 92); // the counter for which the number below is valid
  header.writeUInt32BE(3_045_000, 96);
  return header;
}

/** Cells grow from the end of a page towards its list of pointers. */
function leafPage(kind: number, cells: readonly Buffer[], offset = 0): Buffer {
  const page = Buffer.alloc(pageBytes);
  let end = pageBytes;
  for (const [index, cell] of cells.entries()) {
    end -= cell.length;
    cell.copy(page, end);
    page.writeUInt16BE(end, offset + leafHeaderBytes + 2 * index);
  }
  page.writeUInt8(kind, offset);
  page.writeUInt16BE(cells.length, offset + 3);
  page.writeUInt16BE(end, offset + 5);
  return page;
}

/** One row of `sqlite_schema`: type, name, table, root page, statement. */
function schemaRow(entry: (typeof schema)[number], rowId: number, rootPage: number): Buffer {
  const texts = [entry.type, entry.name, entry.table, entry.sql].map((text) => Buffer.from(text, 'latin1'));
  const [type, name, table, sql] = texts.map(({ length }) => varint(13 + 2 * length));
  const oneByteInteger = Buffer.from([1]);
  const types = Buffer.concat(
    [type, name, table, oneByteInteger, sql].map((part) => part ?? Buffer.alloc(0)),
  );
  const body = Buffer.concat([...texts.slice(0, 3), Buffer.from([rootPage]), ...texts.slice(3)]);
  const record = Buffer.concat([varint(types.length + 1), types, body]);
  return Buffer.concat([varint(record.length), varint(rowId), record]);
}

/** Big-endian groups of 7 bits; what is written here has at most two. */
const varint = (value: number): Buffer =>
  Buffer.from(value < 0x80 ? [value] : [0x80 | (value >> 7), value & 0x7f]);
