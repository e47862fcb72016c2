import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VestibuleConfig } from '../../lib/config/types.ts';
import { VestibuleStack } from '../../lib/index.ts';
import { builtPages } from '../../local/assembly/prepare.ts';
import type { RunningCloud } from '../../local/cloud.ts';
import { buildFunctions } from '../../scripts/build-functions.ts';
import { openCloud } from './cloud.ts';
import { testApp } from './synth.ts';

/** The whole stack of another configuration than the sample, with real functions and pages. */
export async function openConfiguredCloud(config: VestibuleConfig): Promise<RunningCloud> {
  await buildFunctions();
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-configured-'));
  const app = testApp(directory);
  new VestibuleStack(app, 'Vestibule-dev', { stage: 'dev', config, pages: await builtPages() });
  app.synth();
  const running = await openCloud({ assembly: directory });
  return {
    ...running,
    stop: async () => {
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
