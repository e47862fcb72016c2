import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { ArchiveText } from '../lambdas/core/audit/verify.ts';

/** Every line below a directory that mirrors the archive bucket (`aws s3 sync`), plain or gzip, in name order. */
export async function readArchive(directory: string): Promise<ArchiveText[]> {
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) throw new Error(`${directory}: expected a directory with the archive's files`);
  const names = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const lines: ArchiveText[] = [];
  for (const name of names) lines.push(...(await readLines(name, relative(directory, name))));
  return lines;
}

async function readLines(file: string, label: string): Promise<ArchiveText[]> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  const lines: ArchiveText[] = [];
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (text.trim()) lines.push({ where: `${label}:${number}`, text });
  }
  return lines;
}
