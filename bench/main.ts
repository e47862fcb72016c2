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
import { countMethods } from './methods/measure.ts';
import {
  coldStartTable,
  costTables,
  footprintTable,
  methodTable,
  mintTable,
  throughputTable,
  unitTable,
} from './report.ts';
import { measureThroughput, measureTokenMint } from './throughput.ts';

const parts = ['cold-start', 'footprint', 'sign-ins', 'refreshes', 'cost', 'methods'] as const;
type Part = (typeof parts)[number];

const optionOf = (option: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${option}=`))?.slice(option.length + 3);

/** `--parts=refreshes,methods` measures these only. */
function wantedParts(): ReadonlySet<Part> {
  const wanted = optionOf('parts')?.split(',') ?? parts;
  const unknown = wanted.filter((name) => !parts.some((part) => part === name));
  if (unknown.length > 0) throw new Error(`--parts: ${unknown.join(', ')}; there are ${parts.join(', ')}`);
  return new Set(parts.filter((part) => wanted.includes(part)));
}

/** `--quick` takes fewer samples: good enough to see a change of a third, not of a tenth. */
const isQuick = process.argv.includes('--quick');
const effort = isQuick
  ? { coldStarts: 3, rounds: 1, count: 150, maxSeconds: 10, methodRuns: 2 }
  : { coldStarts: 11, rounds: 3, count: 600, maxSeconds: 15, methodRuns: 5 };
const refreshesPerSignIn = 4;
const people = 16;
const wanted = wantedParts();

const [cpu] = cpus();
console.log(
  `Vestibule bench${isQuick ? ' (quick)' : ''}: Node.js ${process.version}, ${cpus().length} × ${cpu?.model.trim()}`,
);
await prepareAssembly();
const functions = await deployedFunctions();
if (wanted.has('cold-start'))
  console.log(coldStartTable(await measureColdStarts(functions, effort.coldStarts)));
const footprint = wanted.has('footprint') ? await measureFootprint({ fresh: !isQuick }) : undefined;
if (['sign-ins', 'refreshes', 'cost', 'methods'].some((part) => wanted.has(part as Part))) await underLoad();
if (footprint) console.log(footprintTable(footprint));

async function underLoad(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
  const cloud = new Child('cloud/main.ts', { arguments: [directory], execArgv: profileArguments() });
  const load = new Child('load/main.ts');
  try {
    const { outputs } = await cloud.reply<CloudStarted>();
    await load.ask({ kind: 'settle', outputs, people } satisfies LoadCommand);
    if (wanted.has('sign-ins')) console.log(throughputTable(await measureThroughput(cloud, load, effort)));
    if (wanted.has('refreshes')) {
      const count = effort.count * refreshesPerSignIn;
      console.log(mintTable(await measureTokenMint(cloud, load, { ...effort, count })));
    }
    if (wanted.has('cost')) {
      const uses = await countUses(cloud, load, functions);
      console.log(unitTable(uses));
      console.log(costTables(uses));
    }
    if (wanted.has('methods')) {
      const { methodRuns } = effort;
      console.log(methodTable(await countMethods(cloud, outputs, functions, methodRuns), methodRuns));
    }
  } finally {
    await load.end();
    await cloud.end();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** `--profile=<directory>` leaves a CPU profile of the local cloud there. */
function profileArguments(): string[] {
  const directory = optionOf('profile');
  return directory ? ['--cpu-prof', `--cpu-prof-dir=${directory}`] : [];
}
