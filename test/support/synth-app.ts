import { VestibuleStack } from '../../lib/index.ts';
import sample from '../../vestibule.config.ts';
import { testApp } from './synth.ts';

/** The app of a stage on given bundles and pages, for tests that need a process of its own. */
const stage = process.env.STAGE_TO_SYNTHESIZE === 'prod' ? 'prod' : 'dev';
const app = testApp();
const { BUNDLES: bundles, PAGES: pages } = process.env;
new VestibuleStack(app, `Vestibule-${stage}`, { config: sample, stage, bundles, pages });
app.synth();
