import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareAssembly } from '../../local/assembly/prepare.ts';
import { type CloudOptions, type RunningCloud, startCloud } from '../../local/cloud.ts';
import type { FunctionRuntime } from '../../local/functions/runtime.ts';
import { createLog } from '../../local/log.ts';

/** Nothing in a test waits for answers that are only held back to hide how long the work took. */
const quick = { UniformAnswerMs: '0' };

/** The whole stack on an ephemeral local cloud, deployed from the synthesized template. */
export async function openCloud(options: CloudOptions = {}): Promise<RunningCloud> {
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-test-'));
  const running = await startCloud({
    assembly: await prepareAssembly(),
    directory,
    ephemeral: true,
    log: createLog({ level: 'error' }),
    ...options,
    parameters: { ...quick, ...options.parameters },
  });
  return {
    ...running,
    stop: async () => {
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Keys and connections are gone, as after a deployment: what a warm environment holds would hide a broken dependency. */
export function coldFunctions({ cloud }: RunningCloud): void {
  const functions = cloud.functions as FunctionRuntime;
  for (const { specification } of functions.all()) functions.register(specification);
}
