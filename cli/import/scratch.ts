import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';

/** Sorted keys on disk, so that comparing millions of lines takes no memory. Gone with {@link Scratch.close}. */
export interface Scratch {
  put(space: string, key: string, value: string): Promise<void>;
  get(space: string, key: string): Promise<string | undefined>;
  /** Values of one key after another, in no order that means anything. */
  groups(space: string): AsyncIterable<readonly string[]>;
  close(): Promise<void>;
}

/** Puts are gathered: a file has several keys per line. */
const batchSize = 2_000;

/** In a directory that only this user can read; keys are hashed with a key that is gone with the process. */
export async function openScratch(): Promise<Scratch> {
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-import-'));
  const level = new ClassicLevel<string, string>(directory, { compression: true });
  await level.open();
  const hashKey = randomBytes(32);
  const hashed = (key: string) => createHmac('sha256', hashKey).update(key).digest('base64url').slice(0, 22);
  let waiting: { type: 'put'; key: string; value: string }[] = [];
  let serial = 0;
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    await level.batch(batch);
  };
  return {
    put: async (space, key, value) => {
      serial += 1;
      waiting.push({ type: 'put', key: `${space}!${hashed(key)}!${serial}`, value });
      if (waiting.length >= batchSize) await flush();
    },
    get: async (space, key) => {
      if (waiting.length > 0) await flush();
      const prefix = `${space}!${hashed(key)}!`;
      for await (const value of level.values({ gte: prefix, lt: `${prefix}~`, limit: 1 })) return value;
      return undefined;
    },
    groups: async function* (space) {
      await flush();
      let current = '';
      let values: string[] = [];
      for await (const [key, value] of level.iterator({ gte: `${space}!`, lt: `${space}!~` })) {
        const group = key.slice(0, key.lastIndexOf('!'));
        if (group !== current && values.length > 0) {
          yield values;
          values = [];
        }
        current = group;
        values.push(value);
      }
      if (values.length > 0) yield values;
    },
    close: async () => {
      await level.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
