import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltFunction, buildFunctions } from '../../../scripts/build-functions.ts';

const run = promisify(execFile);

// Inside the project, so that the probe finds the SDK in node_modules.
const scratch = join(import.meta.dirname, '..', '..', '..', 'dist');
const probe = `
  import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
  const client = new DynamoDBClient({ maxAttempts: 1 });
  export const handler = async () =>
    (await client.send(new GetItemCommand({ TableName: 't', Key: { id: { S: '1' } } }))).Item;
`;
const call = (directory: string) =>
  `require(${JSON.stringify(join(directory, 'index.js'))}).handler()
    .then((item) => console.log(JSON.stringify(item)), (error) => console.log(error.message))`;

describe('buildFunctions', () => {
  let directory: string;
  let built: readonly BuiltFunction[];
  let engine: Server;
  const signatures: string[] = [];

  beforeAll(async () => {
    await mkdir(scratch, { recursive: true });
    directory = await mkdtemp(join(scratch, 'probe-'));
    await mkdir(join(directory, 'lambdas', 'probe'), { recursive: true });
    await mkdir(join(directory, 'lambdas', 'core'), { recursive: true });
    await mkdir(join(directory, 'out', 'gone'), { recursive: true });
    await writeFile(join(directory, 'lambdas', 'probe', 'handler.ts'), probe);
    built = await buildFunctions({ source: join(directory, 'lambdas'), output: join(directory, 'out') });
    engine = createServer((request, response) => {
      signatures.push(request.headers.authorization ?? '');
      response.end('{"Item":{"id":{"S":"1"}}}');
    });
    await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    engine.close();
    await rm(directory, { recursive: true });
  });

  const runProbe = (env: Record<string, string>) =>
    run(process.execPath, ['-e', call(join(directory, 'out', 'probe'))], {
      env: {
        AWS_REGION: 'eu-west-1',
        AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${(engine.address() as AddressInfo).port}`,
        ...env,
      },
    }).then(({ stdout }) => stdout.trim());

  it('bundles folders with a handler only, and removes bundles without source', async () => {
    expect(built.map(({ name }) => name)).toEqual(['probe']);
    expect(await readdir(join(directory, 'out'))).toEqual(['package.json', 'probe']);
  });

  it('leaves the unused credential providers out', async () => {
    const code = await readFile(join(directory, 'out', 'probe', 'index.js'), 'utf8');
    expect(['GetRoleCredentials', 'AssumeRoleWithWebIdentity'].filter((call) => code.includes(call))).toEqual(
      [],
    );
    expect(built[0]?.bytes).toBeLessThan(260_000);
  });

  it('signs with the credentials of the environment', async () => {
    const answer = await runProbe({ AWS_ACCESS_KEY_ID: 'KEYOFPROBE', AWS_SECRET_ACCESS_KEY: 'secret' });
    expect(answer).toBe('{"id":{"S":"1"}}');
    expect(signatures.at(-1)).toContain('Credential=KEYOFPROBE/');
  });

  it('says what is missing when the environment has no credentials', async () => {
    expect(await runProbe({})).toContain('no credentials in the environment');
  });

  it('loads a lazy module from a file of its own, and removes the file when nobody imports it any more', async () => {
    const sources = join(directory, 'lazy-lambdas');
    const output = join(directory, 'lazy-out');
    const handler = join(sources, 'probe', 'handler.ts');
    await mkdir(join(sources, 'probe'), { recursive: true });
    await mkdir(join(sources, 'lazy'), { recursive: true });
    await writeFile(
      join(sources, 'lazy', 'greeting.ts'),
      `export const greeting = 'loaded at the first call';`,
    );
    await writeFile(
      handler,
      `export const handler = async () => (await import('../lazy/greeting.ts')).greeting;`,
    );
    await buildFunctions({ source: sources, output });
    expect(await readdir(join(output, 'probe'))).toEqual(['greeting.cjs', 'index.js']);
    expect(await readFile(join(output, 'probe', 'index.js'), 'utf8')).not.toContain(
      'loaded at the first call',
    );
    const { stdout } = await run(process.execPath, ['-e', call(join(output, 'probe'))]);
    expect(stdout).toContain('loaded at the first call');

    await writeFile(handler, 'export const handler = async () => 1;');
    await buildFunctions({ source: sources, output });
    expect(await readdir(join(output, 'probe'))).toEqual(['index.js']);
  });

  it('gives the same bytes twice', async () => {
    const read = () => readFile(join(directory, 'out', 'probe', 'index.js'));
    const first = await read();
    await buildFunctions({ source: join(directory, 'lambdas'), output: join(directory, 'out') });
    expect((await read()).equals(first)).toBe(true);
  });
});
