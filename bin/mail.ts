import { App } from 'aws-cdk-lib';
import { type StageName, stageNames } from '../lib/config/types.ts';
import { defineConfig, MailStack } from '../lib/index.ts';
import vestibule from '../vestibule.config.ts';

/** Goes where the stage goes, so that pool and identity are in one account and Region. */
const app = new App({ analyticsReporting: false });
const { mail, stages } = defineConfig(vestibule);
const wanted: unknown = app.node.tryGetContext('stage') ?? 'dev';
if (!isStage(wanted))
  throw new Error(`stage: expected one of ${stageNames.join(', ')}, got ${String(wanted)}`);

const { account, region } = stages[wanted];
new MailStack(app, 'Vestibule-mail', { mail, env: { account, region } });
app.synth();

function isStage(value: unknown): value is StageName {
  return stageNames.some((name) => name === value);
}
