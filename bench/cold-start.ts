import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { sampleEvents } from './sample-events.ts';

export interface ColdStart {
  readonly name: string;
  readonly bytes: number;
  /** Medians over the rounds, in milliseconds. */
  readonly initMs: number;
  readonly firstCallMs: number;
}

export interface ColdStartInput {
  /** Directory with `<function>/index.js` and `config.json`, as deployed. */
  readonly bundles: ReadonlyMap<string, string>;
  readonly environment: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly rounds: number;
}

/** Each function beside the reference in the same rounds, one fresh process per start, interleaved. */
export async function measureColdStarts(input: ColdStartInput): Promise<readonly ColdStart[]> {
  const stub = await startStub();
  const workspace = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
  try {
    const bundles = new Map([['reference', await buildReference(workspace)], ...input.bundles]);
    const samples = new Map([...bundles.keys()].map((name) => [name, [] as { init: number; first: number }[]]));
    for (let round = 0; round < input.rounds; round += 1) {
      for (const [name, directory] of bundles) {
        samples.get(name)?.push(await startOnce(name, directory, stub.url, input.environment[name] ?? {}));
      }
    }
    return await Promise.all(
      [...bundles].map(async ([name, directory]) => ({
        name,
        bytes: (await stat(join(directory, 'index.js'))).size,
        initMs: median(samples.get(name)?.map((sample) => sample.init) ?? []),
        firstCallMs: median(samples.get(name)?.map((sample) => sample.first) ?? []),
      })),
    );
  } finally {
    stub.server.close();
    await rm(workspace, { recursive: true });
  }
}

async function buildReference(workspace: string): Promise<string> {
  const directory = join(workspace, 'reference');
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

const probe = `
const { performance } = require('node:perf_hooks');
const started = performance.now();
const { handler } = require(process.env.BUNDLE);
const initialised = performance.now();
const done = (error) => {
  process.stdout.write(JSON.stringify({ init: initialised - started, first: performance.now() - initialised, error: error?.message }));
  process.exit(0);
};
Promise.resolve(handler(JSON.parse(process.env.SAMPLE_EVENT), {})).then(() => done(), done);
`;

function startOnce(
  name: string,
  directory: string,
  endpoint: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ init: number; first: number }> {
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
      resolve(JSON.parse(stdout) as { init: number; first: number });
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
