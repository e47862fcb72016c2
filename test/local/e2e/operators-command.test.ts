import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

let running: RunningCloud;
let person: Customer;
let folder: string;
beforeAll(async () => {
  running = await openCloud();
  person = await new Customer(running.outputs).register();
  folder = await mkdtemp(join(tmpdir(), 'vestibule-operators-'));
  await writeFile(join(folder, 'outputs.json'), JSON.stringify(running.outputs));
});
afterAll(async () => {
  await running?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The command line as whoever runs the installation uses it. */
async function operators(...parts: string[]): Promise<{ readonly ok: boolean; readonly output: string }> {
  const command = ['cli/vestibule.mjs', 'operators', ...parts];
  if (!parts.includes('--outputs')) command.push('--outputs', join(folder, 'outputs.json'));
  return promisify(execFile)(process.execPath, command).then(
    ({ stdout }) => ({ ok: true, output: stdout }),
    ({ stdout, stderr }) => ({ ok: false, output: `${stdout}${stderr}` }),
  );
}

it('makes somebody an operator, lists them by sub, and takes it back', async () => {
  expect((await operators('list')).output).toBe('');
  const added = await operators('add', person.email);
  expect(added.output).toContain('is an operator from the next sign-in with a passkey');
  const { output: listed } = await operators('list');
  expect(listed).toMatch(/^[0-9a-f-]{36} {2}CONFIRMED\n$/);
  const sub = listed.slice(0, 36);
  expect((await operators('remove', sub)).ok).toBe(true);
  expect((await operators('list')).output).toBe('');
});

it('says that an account has to be there first, and where it looked for the installation', async () => {
  const unknown = await operators('add', 'nobody@example.com');
  expect(unknown.output).toContain('there is no such account; it has to sign up first');
  expect(unknown.ok).toBe(false);
  const elsewhere = await operators('list', '--outputs', '/nowhere/outputs.json');
  expect(elsewhere.output).toContain('--outputs /nowhere/outputs.json: cannot be read; name a stage in AWS');
});
