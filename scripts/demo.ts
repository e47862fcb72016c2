import { argv, exit, stdout } from 'node:process';
import { styleText } from 'node:util';
import { checkArchive } from './journey/archive.ts';
import { coreJourney } from './journey/journey.ts';
import { type Outputs, runningCloud } from './journey/outputs.ts';

// Deployed functions run on Node.js 24; this machine's version matters to nobody who reads a demo.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Plays the core journey against the running local cloud, or against an ephemeral one of its own. */
async function main(): Promise<void> {
  const running = argv.includes('--ephemeral') ? undefined : await runningCloud();
  if (running) {
    console.log(`Playing against the running local cloud (${running.endpoints.console})\n`);
    return play(running);
  }
  console.log('No local cloud is running: starting an ephemeral one\n');
  const { startForScript } = await import('./journey/ephemeral.ts');
  const cloud = await startForScript();
  try {
    await play(cloud.outputs);
  } finally {
    await cloud.stop();
  }
}

async function play(outputs: Outputs): Promise<void> {
  const steps = [
    ...coreJourney(outputs),
    { title: 'Find every step in the sealed audit archive', run: () => checkArchive(outputs) },
  ];
  for (const [i, step] of steps.entries()) {
    const label = `${String(i + 1).padStart(2)}  ${step.title}`;
    const start = performance.now();
    try {
      const result = await step.run();
      const time = `${(performance.now() - start).toFixed(0)} ms`.padStart(8);
      console.log(
        `${styleText('green', 'ok')} ${label.padEnd(64)}${time}\n       ${styleText('dim', result)}`,
      );
    } catch (error) {
      console.log(
        `${styleText('red', 'no')} ${label}\n       ${error instanceof Error ? error.message : String(error)}`,
      );
      exit(1);
    }
  }
  stdout.write(`\n${steps.length} steps done.\n`);
}

await main();
