import { App } from 'aws-cdk-lib';
import cdkJson from '../cdk.json' with { type: 'json' };
import { stageNames } from '../lib/config/types.ts';
import { VestibuleStack } from '../lib/index.ts';
import config from '../vestibule.config.ts';

// The same flags with and without the CDK command line; asset metadata tells the local cloud where code is.
const app = new App({
  analyticsReporting: false,
  context: {
    ...cdkJson.context,
    'aws:cdk:enable-asset-metadata': true,
    'aws:cdk:enable-path-metadata': true,
  },
});

const wanted: unknown = app.node.tryGetContext('stage') ?? 'dev';
const stage = stageNames.find((name) => name === wanted);
if (!stage) throw new Error(`stage: expected one of ${stageNames.join(', ')}, got ${String(wanted)}`);

if (app.node.tryGetContext('rules')) {
  const { addTemplateRules } = await import('../lib/rules/template-rules.ts');
  addTemplateRules(app);
}
// Where the built pages are, when not in `dist/portal`.
const pages: unknown = app.node.tryGetContext('pages');
new VestibuleStack(app, `Vestibule-${stage}`, {
  config,
  stage,
  ...(typeof pages === 'string' && { pages }),
});
app.synth();
