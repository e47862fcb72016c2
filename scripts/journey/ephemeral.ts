import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareAssembly } from '../../local/assembly/prepare.ts';
import { startCloud } from '../../local/cloud.ts';
import type { Outputs } from './outputs.ts';

/** A local cloud of its own for a script, gone with it. */
export async function startForScript(parameters: Readonly<Record<string, string>> = {}): Promise<{
  readonly outputs: Outputs;
  stop(): Promise<void>;
}> {
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-'));
  const cloud = await startCloud({
    assembly: await prepareAssembly(),
    directory,
    ephemeral: true,
    parameters,
  });
  return {
    outputs: cloud.outputs,
    stop: async () => {
      await cloud.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
