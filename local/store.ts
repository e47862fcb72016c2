import { mkdir } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import { AwsError, type Collection, type Store } from './platform.ts';

export interface OpenStore extends Store {
  close(): Promise<void>;
}

/** Separates collection and key; not allowed in a collection's name. */
const separator = '\0';

type Write = { type: 'put'; key: string; value: string } | { type: 'del'; key: string };

/** Where writes go; absent for a store that lives in memory only. */
interface Journal {
  append(write: Write): Promise<void>;
  close(): Promise<void>;
}

export function memoryStore(): OpenStore {
  return collections(new Map());
}

/**
 * Opens the state in a directory, creating it at need. A write is handed to the operating system before its promise
 * resolves: it survives the end of this process by any signal. Only one process may have a directory open.
 * @throws AwsError `DirectoryInUse` while another local cloud has it open
 */
export async function openStore(directory: string): Promise<OpenStore> {
  await mkdir(directory, { recursive: true });
  const level = new ClassicLevel<string, string>(directory);
  await level.open().catch((error: Error) => {
    const locked =
      error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'LEVEL_LOCKED';
    if (!locked) throw error;
    throw new AwsError(
      'DirectoryInUse',
      `${directory} is in use by another local cloud: end it, or choose another directory with --directory`,
      { status: 500 },
    );
  });
  return collections(await readAll(level), journal(level));
}

async function readAll(level: ClassicLevel<string, string>): Promise<Map<string, Map<string, unknown>>> {
  const all = new Map<string, Map<string, unknown>>();
  for await (const [path, value] of level.iterator()) {
    const end = path.indexOf(separator);
    const name = path.slice(0, end);
    const collection = all.get(name) ?? new Map<string, unknown>();
    all.set(name, collection.set(path.slice(end + 1), JSON.parse(value)));
  }
  return all;
}

/** One batch is in flight at a time; what arrives meanwhile goes together into the next, in order. */
function journal(level: ClassicLevel<string, string>): Journal {
  let pending: Write[] = [];
  let next: Promise<void> | undefined;
  let current: Promise<void> = Promise.resolve();
  const flush = () => {
    const batch = pending;
    pending = [];
    next = undefined;
    return level.batch(batch);
  };
  const append = (write: Write) => {
    pending.push(write);
    if (!next) {
      // A failed batch fails all later ones too: memory is ahead of the disk from there on.
      next = current.then(flush);
      current = next;
      current.catch(() => {});
    }
    return next;
  };
  return {
    append,
    close: async () => {
      await current.catch(() => {}); // already reported to whoever wrote
      await level.close();
    },
  };
}

function collections(all: Map<string, Map<string, unknown>>, disk?: Journal): OpenStore {
  return {
    collection<T>(name: string): Collection<T> {
      if (name.includes(separator)) throw new RangeError('collection: a name has no NUL character');
      const items = (all.get(name) ?? new Map<string, T>()) as Map<string, T>;
      all.set(name, items);
      return collection(name, items, disk);
    },
    close: async () => disk?.close(),
  };
}

const collection = <T>(name: string, items: Map<string, T>, disk?: Journal): Collection<T> => ({
  get: (key) => items.get(key),
  has: (key) => items.has(key),
  set: async (key, value) => {
    items.set(key, value);
    if (disk)
      await disk.append({ type: 'put', key: `${name}${separator}${key}`, value: JSON.stringify(value) });
  },
  delete: async (key) => {
    if (items.delete(key)) await disk?.append({ type: 'del', key: `${name}${separator}${key}` });
  },
  entries: () => items.entries(),
  get size() {
    return items.size;
  },
});
