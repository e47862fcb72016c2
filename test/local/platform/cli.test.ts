import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const cli = join(import.meta.dirname, '..', '..', '..', 'local', 'cli.ts');
let directory: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vestibule-cli-'));
  await writeAssembly({
    Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
    Outputs: { UserPoolId: { Value: 'eu-west-1_Cli' } },
  });
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(directory, { recursive: true }));

async function writeAssembly(template: unknown): Promise<void> {
  const properties = { templateFile: 't.json' };
  const artifacts = { 'Vestibule-dev': { type: 'aws:cloudformation:stack', properties } };
  await writeFile(join(directory, 'manifest.json'), JSON.stringify({ artifacts }));
  await writeFile(join(directory, 't.json'), JSON.stringify(template));
}

/** Runs the command until it ends, or until it has said `until`. */
function run(args: readonly string[], until?: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', cli, ...args]);
  children.push(child);
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const said = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (until && output.includes(until)) resolve();
      });
    }
  });
  return { child, ended, output: () => output, reached: Promise.race([said, ended.then(() => {})]) };
}

const start = (...args: string[]) => [
  '--assembly',
  directory,
  '--directory',
  join(directory, 'state'),
  '--port',
  '0',
  ...args,
];

describe('the command line', () => {
  it('explains itself', async () => {
    const { ended, output } = run(['--help']);
    expect(await ended).toBe(0);
    for (const option of ['--port', '--ephemeral', '--stage', '--directory', '--parameter']) {
      expect(output()).toContain(option);
    }
  });

  it('prints a table of endpoints and "ready", and ends on Ctrl-C', async () => {
    const { child, ended, output, reached } = run(start('--port', '0'), 'ready in');
    await reached;
    const outputs = JSON.parse(await readFile(join(directory, 'state', 'outputs.json'), 'utf8')) as {
      url: string;
    };
    expect(output()).toContain('127.0.0.1 only');
    for (const shown of [`${outputs.url}/api`, `${outputs.url}/_mailbox`, 'eu-west-1_Cli', 'LOCALOPERATOR']) {
      expect(output()).toContain(shown);
    }
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    await expect(fetch(outputs.url)).rejects.toThrow();
  });

  it('names a port in use in one line, before it builds anything', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { ended, output } = run(['--port', String(port), '--ephemeral']);
    expect(await ended).toBe(1);
    expect(output().trim()).toBe(
      `port ${port} is in use: if that is another local cloud, end it; or choose another port with --port`,
    );
    other.close();
  });

  it.each([
    { args: ['--port', 'x'], message: 'expected 0 to 65535' },
    { args: ['--parameter', 'novalue'], message: 'expected Name=Value' },
    {
      args: ['--parameter', 'Gone=1', '--port', '0', '--ephemeral'],
      message: 'Gone: the template has no such parameter',
    },
    { args: ['--stage', 'prod'], message: 'has no stack Vestibule-prod; its stacks: Vestibule-dev' },
    {
      args: ['--assembly', '/nowhere'],
      message: '/nowhere/manifest.json does not exist: run "npm run synth"',
    },
  ])('refuses $args with one clear message', async ({ args, message }) => {
    const { ended, output } = run(start(...args));
    expect(await ended).toBe(1);
    expect(output()).toContain(message);
    expect(output()).not.toMatch(/\n\s+at /);
  });
});
