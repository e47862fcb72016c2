import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json' with { type: 'json' };
import type { MigrationConfig } from '../../lib/config/types.ts';
import { VestibuleStack } from '../../lib/index.ts';
import { builtPages, prepareAssembly } from '../../local/assembly/prepare.ts';
import type { CloudOptions, RunningCloud } from '../../local/cloud.ts';
import sample from '../../vestibule.config.ts';
import { openCloud } from './cloud.ts';

const bundles = fileURLToPath(new URL('../../dist/lambdas', import.meta.url));

/** The sample installation with people of another system expected; the sample itself does not expect any. */
export async function openMigrationCloud(
  options: CloudOptions = {},
  migration: MigrationConfig = { enabled: true },
): Promise<RunningCloud> {
  await prepareAssembly(); // the bundles
  const outdir = await mkdtemp(join(tmpdir(), 'vestibule-migration-'));
  const app = new App({
    analyticsReporting: false,
    outdir,
    context: {
      ...cdkJson.context,
      'aws:cdk:enable-asset-metadata': true,
      'aws:cdk:enable-path-metadata': true,
    },
  });
  new VestibuleStack(app, 'Vestibule-dev', {
    config: { ...sample, migration },
    stage: 'dev',
    bundles,
    pages: await builtPages(),
  });
  app.synth();
  const running = await openCloud({ assembly: outdir, ...options });
  return {
    ...running,
    stop: async () => {
      await running.stop();
      await rm(outdir, { recursive: true, force: true });
    },
  };
}
