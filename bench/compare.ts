/**
 * Two or more trees of this project against each other: `tsx bench/compare.ts <directory> <directory> …`. What counts is
 * processor time per sign-in and per refresh, which other work on the machine hardly moves; rounds are interleaved, and each
 * figure is the median of its rounds.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Child } from './child.ts';
import type { CloudStarted } from './cloud/main.ts';
import { median } from './cold-start.ts';
import type { Door } from './load/doors.ts';
import type { LoadCommand, LoadResult } from './load/main.ts';
import { decimals, table } from './table.ts';

const optionOf = (option: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${option}=`))?.slice(option.length + 3);

const trees = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (trees.length === 0)
  throw new Error('compare: expected directories, each with node_modules and a bench of its own');
const rounds = Number(optionOf('rounds') ?? 5);
const signIns = Number(optionOf('count') ?? 200);
const profile = optionOf('profile');
const people = 16;
const parallel = 8;
const refreshesPerSignIn = 3;
const cases = [
  ['sign-in', 'sdk'],
  ['sign-in', 'api'],
  ['refresh', 'sdk'],
  ['refresh', 'api'],
] as const;

interface Tree {
  readonly name: string;
  readonly directory: string;
  readonly cloud: Child;
  readonly load: Child;
}

/** Milliseconds of processor time for each sign-in or refresh. */
interface Sample {
  readonly cloud: number;
  readonly engine: number;
  readonly load: number;
}

async function open(name: string): Promise<Tree> {
  const script = (file: string) => relative(import.meta.dirname, join(resolve(name), 'bench', file));
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-compare-'));
  const execArgv = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [];
  const cloud = new Child(script('cloud/main.ts'), { arguments: [directory], execArgv });
  const load = new Child(script('load/main.ts'));
  const { outputs } = await cloud.reply<CloudStarted>();
  await load.ask({ kind: 'settle', outputs, people } satisfies LoadCommand);
  return { name, directory, cloud, load };
}

async function sample({ cloud, load }: Tree, kind: 'sign-in' | 'refresh', door: Door): Promise<Sample> {
  const count = kind === 'sign-in' ? signIns : signIns * refreshesPerSignIn;
  if (kind === 'sign-in' && door === 'sdk') await load.ask({ kind: 'mint', contexts: count });
  const of = { cloud: cpuMs(cloud.pid), engine: engineMs(cloud.pid), load: cpuMs(load.pid) };
  const { done } = await load.ask<LoadResult>({ kind, door, count, parallel, maxSeconds: 60 });
  return {
    cloud: (cpuMs(cloud.pid) - of.cloud) / done,
    engine: (engineMs(cloud.pid) - of.engine) / done,
    load: (cpuMs(load.pid) - of.load) / done,
  };
}

const millisecondsPerTick = 10;
/** User and system time of all threads, from Linux. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * millisecondsPerTick;
}

/** Of everything the cloud started: the DynamoDB engine, behind a shell. */
function engineMs(cloud: number): number {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number =>
    rows.filter(([, ppid]) => ppid === parent).reduce((sum, [pid = 0]) => sum + cpuMs(pid) + below(pid), 0);
  return below(cloud);
}

const opened: Tree[] = [];
try {
  for (const name of trees) opened.push(await open(name));
  const samples = new Map<string, Sample[]>();
  for (let round = -1; round < rounds; round += 1) {
    for (const [kind, door] of cases) {
      // the order changes, so that nobody always comes first
      for (const tree of round % 2 === 0 ? opened : [...opened].reverse()) {
        const taken = await sample(tree, kind, door);
        const key = `${kind} ${door} ${tree.name}`;
        if (round >= 0) samples.set(key, [...(samples.get(key) ?? []), taken]);
      }
    }
  }
  const rows = cases.flatMap(([kind, door]) =>
    trees.map((name) => {
      const of = samples.get(`${kind} ${door} ${name}`) ?? [];
      const parts = (['cloud', 'engine', 'load'] as const).map((part) =>
        median(of.map((each) => each[part])),
      );
      const total = median(of.map(({ cloud, engine, load }) => cloud + engine + load));
      return [`${kind}, ${door} door`, name, ...[...parts, total].map((value) => decimals(value, 2))];
    }),
  );
  console.log(
    table('Milliseconds of processor time for each', ['', 'tree', 'cloud', 'engine', 'load', 'sum'], rows),
  );
} finally {
  for (const { directory, cloud, load } of opened) {
    await load.end();
    await cloud.end();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
