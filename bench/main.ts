import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareAssembly } from '../local/assembly/prepare.ts';
import { Child } from './child.ts';
import type { CloudStarted } from './cloud/main.ts';
import { measureColdStarts } from './cold-start.ts';
import { countUses } from './costs.ts';
import { measureFootprint } from './footprint.ts';
import { deployedFunctions } from './functions.ts';
import type { LoadCommand } from './load/main.ts';
import { coldStartTable, costTables, footprintTable, throughputTable, unitTable } from './report.ts';
import { measureThroughput } from './throughput.ts';

/** `--quick` takes fewer samples: good enough to see a change of a third, not of a tenth. */
const isQuick = process.argv.includes('--quick');
const effort = isQuick
  ? { coldStarts: 3, rounds: 1, signIns: 150, maxSeconds: 10 }
  : { coldStarts: 11, rounds: 3, signIns: 600, maxSeconds: 15 };
const people = 16;

const [cpu] = cpus();
console.log(
  `Vestibule bench${isQuick ? ' (quick)' : ''}: Node.js ${process.version}, ${cpus().length} × ${cpu?.model.trim()}`,
);
await prepareAssembly();
const functions = await deployedFunctions();
console.log(coldStartTable(await measureColdStarts(functions, effort.coldStarts)));
const footprint = await measureFootprint({ fresh: !isQuick });
await underLoad();
console.log(footprintTable(footprint));

async function underLoad(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
  const cloud = new Child('cloud/main.ts', { arguments: [directory], execArgv: profileArguments() });
  const load = new Child('load/main.ts');
  try {
    const { outputs } = await cloud.reply<CloudStarted>();
    await load.ask({ kind: 'settle', outputs, people } satisfies LoadCommand);
    console.log(throughputTable(await measureThroughput(cloud, load, effort)));
    const uses = await countUses(cloud, load, functions);
    console.log(unitTable(uses));
    console.log(costTables(uses));
  } finally {
    await load.end();
    await cloud.end();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** `--profile=<directory>` leaves a CPU profile of the local cloud there. */
function profileArguments(): string[] {
  const directory = process.argv
    .find((argument) => argument.startsWith('--profile='))
    ?.slice('--profile='.length);
  return directory ? ['--cpu-prof', `--cpu-prof-dir=${directory}`] : [];
}
