import { open, readFile, rename, rm } from 'node:fs/promises';
import * as v from 'valibot';

const schema = v.object({ version: v.literal(1), input: v.string(), line: v.number() });

/** How far an import got: every line up to `line` of exactly this input is written. */
export interface Checkpoint {
  /** Line up to which everything is done; 0 for a fresh start, also when file, options or target are other ones. */
  readonly line: number;
  reach(line: number): Promise<void>;
  clear(): Promise<void>;
}

/** Writes at the most this often; what is lost with a kill is applied again, which changes nothing. */
const everyMs = 1_000;

/** A small file beside the input, replaced as a whole: whatever kills the process leaves the old one or the new one. */
export async function openCheckpoint(file: string, input: string): Promise<Checkpoint> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  const found = text === undefined ? undefined : v.safeParse(schema, parsed(text));
  let writtenAt = 0;
  return {
    line: found?.success && found.output.input === input ? found.output.line : 0,
    reach: async (line) => {
      if (Date.now() - writtenAt < everyMs) return;
      writtenAt = Date.now();
      await replace(file, JSON.stringify({ version: 1, input, line }));
    },
    clear: () => rm(file, { force: true }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not ours: begin anew
  }
}

async function replace(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.part`, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.part`, file);
}
