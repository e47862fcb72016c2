import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outputs } from '../scripts/journey/outputs.ts';
import { Child } from './child.ts';
import type { LoadCommand } from './load/main.ts';
import { workParameters } from './parameters.ts';

export interface Footprint {
  readonly fresh?: { readonly seconds: number; readonly idleMb: number };
  readonly builtSeconds: number;
  readonly idleMb: number;
  readonly usedMb: number;
  readonly signIns: number;
}

const root = join(import.meta.dirname, '..');
const sources = [
  'bin',
  'lambdas',
  'lib',
  'local',
  'scripts',
  'cdk.json',
  'vestibule.config.ts',
  'tsconfig.json',
];
const manifests = ['package.json', 'package-lock.json'];
const signIns = 300;
const people = 4;

/** `npm start` as a user runs it: how long until it answers, and the memory of everything it started. */
export async function measureFootprint(options: { readonly fresh: boolean }): Promise<Footprint> {
  const workspace = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
  try {
    const fresh = options.fresh ? await freshStart(workspace) : undefined;
    const { seconds: builtSeconds, cloud, outputs } = await start(root, join(workspace, 'state'));
    const idleMb = residentMb(cloud);
    const load = new Child('load/main.ts');
    try {
      await load.ask({ kind: 'settle', outputs, people } satisfies LoadCommand);
      const half = { count: signIns / 2, parallel: 4, maxSeconds: 60, kind: 'sign-in' } as const;
      await load.ask({ kind: 'mint', contexts: signIns / 2 } satisfies LoadCommand);
      for (const door of ['sdk', 'api'] as const) await load.ask({ ...half, door } satisfies LoadCommand);
      return {
        ...(fresh && { fresh }),
        builtSeconds,
        idleMb,
        usedMb: residentMb(cloud),
        signIns,
      };
    } finally {
      await load.end();
      await end(cloud);
    }
  } finally {
    await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A copy of the sources without anything built, and without the loader's own cache. */
async function freshStart(workspace: string): Promise<{ seconds: number; idleMb: number }> {
  const copy = join(workspace, 'fresh');
  for (const source of [...sources, ...manifests])
    await cp(join(root, source), join(copy, source), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const { seconds, cloud } = await start(copy, join(workspace, 'fresh-state'), { TSX_DISABLE_CACHE: '1' });
  const idleMb = residentMb(cloud);
  await end(cloud);
  return { seconds, idleMb };
}

interface Started {
  readonly seconds: number;
  readonly cloud: ChildProcess;
  readonly outputs: Outputs;
}

async function start(directory: string, state: string, env: Record<string, string> = {}): Promise<Started> {
  const parameters = Object.entries(workParameters).flatMap(([name, value]) => [
    '--parameter',
    `${name}=${value}`,
  ]);
  const startedAt = performance.now();
  const cloud = spawn(
    process.execPath,
    ['--import', 'tsx', 'local/cli.ts', '--port', '0', '--directory', state, ...parameters],
    { cwd: directory, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise<void>((resolve, reject) => {
    cloud.once('exit', (code) => reject(new Error(`npm start ended with ${code}`)));
    cloud.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('ready in')) resolve();
    });
  });
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    seconds,
    cloud,
    outputs: JSON.parse(await readFile(join(state, 'outputs.json'), 'utf8')) as Outputs,
  };
}

const end = (cloud: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    cloud.once('exit', () => resolve());
    cloud.kill('SIGTERM');
  });

/** Of the process and all its descendants (the DynamoDB engine), as `ps` sees them. */
function residentMb({ pid }: ChildProcess): number {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
  const rows = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number | undefined): number =>
    rows.filter(([, ppid]) => ppid === parent).reduce((sum, [child, , kb = 0]) => sum + kb + below(child), 0);
  const own = rows.find(([candidate]) => candidate === pid)?.[2] ?? 0;
  return (own + below(pid)) / 1024;
}
