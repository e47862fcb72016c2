import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AwsError } from './platform.ts';
import { memoryStore, type OpenStore, openStore } from './store.ts';

/** Raised when stored values change their meaning; another version's directory is refused, not guessed at. */
const schemaVersion = 1;

export interface State {
  readonly directory: string;
  readonly ephemeral: boolean;
  readonly store: OpenStore;
  close(): Promise<void>;
}

export interface StateOptions {
  /** @default - '.vestibule'; when ephemeral, none that anybody else could use */
  readonly directory: string | undefined;
  /** Nothing is kept: values in memory, files in a temporary directory that goes with the cloud. */
  readonly ephemeral: boolean;
}

/** @throws AwsError `DirectoryInUse`, `StateOfOtherVersion` */
export async function openState({ directory: given, ephemeral }: StateOptions): Promise<State> {
  if (ephemeral) return ephemeralState(given);
  const directory = resolve(given ?? '.vestibule');
  await mkdir(directory, { recursive: true });
  const store = await openStore(join(directory, 'state'));
  try {
    await checkVersion(store, directory);
  } catch (error) {
    await store.close();
    throw error;
  }
  return { directory, ephemeral: false, store, close: () => store.close() };
}

/** The given directory is held, not used: its `outputs.json` tells of one cloud. */
async function ephemeralState(given: string | undefined): Promise<State> {
  const held = given === undefined ? undefined : await openStore(join(resolve(given), 'state'));
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-'));
  return {
    directory,
    ephemeral: true,
    store: memoryStore(),
    close: async () => {
      await rm(directory, { recursive: true, force: true });
      await held?.close();
    },
  };
}

async function checkVersion(store: OpenStore, directory: string): Promise<void> {
  const meta = store.collection<number>('meta');
  const found = meta.get('schema');
  if (found === undefined) return meta.set('schema', schemaVersion);
  if (found === schemaVersion) return;
  throw new AwsError(
    'StateOfOtherVersion',
    `${directory} was written by another version (schema ${found}, this one has ${schemaVersion}): ` +
      'remove it to start anew, or choose another with --directory',
    { status: 500 },
  );
}
