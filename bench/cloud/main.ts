/** The local cloud under load, in a process of its own, as durable as `npm start`; asked for its counts over IPC. */
import { prepareAssembly } from '../../local/assembly/prepare.ts';
import { startCloud } from '../../local/cloud.ts';
import type { Outputs } from '../../scripts/journey/outputs.ts';
import { workParameters } from '../parameters.ts';

export type CloudQuestion = 'counts' | 'reset' | 'usage';
export interface CloudStarted {
  readonly outputs: Outputs;
}
export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
}
export type Counts = Readonly<Record<string, number>>;

const [directory] = process.argv.slice(2);
const cloud = await startCloud({
  assembly: await prepareAssembly(),
  ...(directory && { directory }),
  parameters: workParameters,
});

process.on('message', (question: CloudQuestion) => {
  if (question === 'reset') cloud.meter.reset();
  process.send?.({ result: question === 'usage' ? usage() : cloud.meter.read() });
});
/** Of the whole process: the server and every function environment. The DynamoDB engine is another one. */
function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 2 ** 20 };
}
process.on('disconnect', () => {
  cloud.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
process.send?.({ result: { outputs: cloud.outputs } satisfies CloudStarted });
