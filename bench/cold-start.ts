import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { DeployedFunction } from './functions.ts';
import { sampleEvents } from './sample-events.ts';

export interface ColdStart {
  readonly name: string;
  readonly bytes: number;
  /** Medians over the rounds, in milliseconds. */
  readonly initMs: number;
  readonly firstCallMs: number;
}

export const referenceName = 'reference';

type Bundle = Pick<DeployedFunction, 'directory' | 'environment'>;
interface Sample {
  readonly init: number;
  readonly first: number;
}

/** Each function beside the reference in the same rounds, one fresh process per start, interleaved. */
export async function measureColdStarts(
  functions: readonly DeployedFunction[],
  rounds: number,
): Promise<readonly ColdStart[]> {
  const stub = await startStub();
  const workspace = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
  try {
    const reference: Bundle = { directory: await buildReference(workspace), environment: {} };
    const bundles = new Map<string, Bundle>([[referenceName, reference]]);
    for (const deployed of functions) bundles.set(deployed.label, deployed);
    const samples = await collect(bundles, rounds, stub.url);
    return await Promise.all(
      [...bundles].map(([name, bundle]) => summary(name, bundle, samples.get(name) ?? [])),
    );
  } finally {
    stub.server.close();
    await rm(workspace, { recursive: true });
  }
}

/** A first round warms the disk cache for all of them and is not counted. */
async function collect(bundles: ReadonlyMap<string, Bundle>, rounds: number, endpoint: string) {
  const samples = new Map([...bundles.keys()].map((name) => [name, [] as Sample[]]));
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, bundle] of bundles) {
      const sample = await startOnce(name, bundle, endpoint);
      if (round >= 0) samples.get(name)?.push(sample);
    }
  }
  return samples;
}

const summary = async (
  name: string,
  { directory }: Bundle,
  samples: readonly Sample[],
): Promise<ColdStart> => ({
  name,
  bytes: (await stat(join(directory, 'index.js'))).size,
  initMs: median(samples.map(({ init }) => init)),
  firstCallMs: median(samples.map(({ first }) => first)),
});

async function buildReference(workspace: string): Promise<string> {
  const directory = join(workspace, referenceName);
  await build({
    entryPoints: [join(import.meta.dirname, 'reference', 'handler.ts')],
    outfile: join(directory, 'index.js'),
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
  });
  return directory;
}

/** CommonJS whatever package.json lies above the bundle, as Lambda has none there. */
const probe = `
const { performance } = require('node:perf_hooks');
const Module = require('node:module');
const { readFileSync } = require('node:fs');
const bundle = new Module(process.env.BUNDLE);
bundle.filename = process.env.BUNDLE;
const started = performance.now();
bundle._compile(readFileSync(process.env.BUNDLE, 'utf8'), process.env.BUNDLE);
const { handler } = bundle.exports;
const initialised = performance.now();
const done = (error) => {
  process.stdout.write('\\n' + JSON.stringify({ init: initialised - started, first: performance.now() - initialised, error: error?.message }));
  process.exit(0);
};
Promise.resolve(handler(JSON.parse(process.env.SAMPLE_EVENT), {})).then(() => done(), done);
`;

function startOnce(name: string, { directory, environment }: Bundle, endpoint: string): Promise<Sample> {
  const env = {
    PATH: process.env.PATH,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL: endpoint,
    NODE_NO_WARNINGS: '1',
    LAMBDA_TASK_ROOT: directory,
    BUNDLE: join(directory, 'index.js'),
    SAMPLE_EVENT: JSON.stringify(sampleEvents[name] ?? { id: 'bench' }),
    ...environment,
  };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', probe], { env }, (error, stdout, stderr) => {
      if (error) return reject(new Error(`${name}: ${stderr || error.message}`));
      // what the function logs comes before
      resolve(JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Sample);
    });
  });
}

/** Answers any AWS call at once: what is measured is our code and the client, not a service. */
async function startStub(): Promise<{ server: Server; url: string }> {
  const secret = { VersionId: 'bench', SecretString: JSON.stringify({ key: 'k'.repeat(64) }) };
  const server = createServer((request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify(target.endsWith('GetSecretValue') ? secret : {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
