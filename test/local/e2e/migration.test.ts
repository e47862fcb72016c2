import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bcrypt } from 'hash-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { openMigrationCloud } from '../../support/migration-cloud.ts';
import { MigrationTables } from '../../support/migration-tables.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const people = 1_000;
const password = 'the old password of everybody';
let cloud: RunningCloud;
let directory: string;
let file: string;
let tables: MigrationTables;

beforeAll(async () => {
  cloud = await openMigrationCloud();
  directory = await mkdtemp(join(tmpdir(), 'vestibule-import-test-'));
  file = join(directory, 'people.jsonl');
  await writeFile(join(directory, 'outputs.json'), JSON.stringify(cloud.outputs));
  tables = new MigrationTables(cloud.outputs);
  const hash = await bcrypt({ password, salt: Buffer.alloc(16, 5), costFactor: 6, outputType: 'encoded' });
  const lines = Array.from({ length: people }, (_, number) => person(number, hash));
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
});
afterAll(async () => {
  tables?.close();
  await cloud?.stop();
  await rm(directory, { recursive: true, force: true });
});

const emailOf = (number: number) => `person.${number}@example.com`;

function person(number: number, hash: string) {
  return {
    email: emailOf(number),
    email_verified: number !== 13,
    password_hash: hash,
    locale: 'de',
    profile: { displayName: `Person ${number}`, city: 'Bergen' },
    consents: [
      {
        purpose: 'newsletter',
        decision: 'granted',
        version: '2',
        language: 'de',
        at: '2025-03-01T10:00:00Z',
      },
      { purpose: 'personalisation', decision: 'granted', at: '2025-03-01T10:00:00Z' },
    ],
  };
}

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** The command as an operator runs it; `until` kills it, as a power cut would. */
function run(args: readonly string[], until?: () => Promise<boolean>): Promise<Run> {
  const command = [join(root, 'cli', 'vestibule.mjs'), 'import', file];
  const options = [
    '--outputs',
    join(directory, 'outputs.json'),
    '--config',
    join(root, 'vestibule.config.ts'),
  ];
  const child = spawn(process.execPath, [...command, ...options, ...args], { cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
    if (!until) return;
    const look = async () => {
      if (child.exitCode !== null) return;
      if (await until()) child.kill('SIGKILL');
      else setImmediate(() => void look().catch(reject));
    };
    void look().catch(reject);
  });
}

describe('an import of 1,000 people', () => {
  it('is a dry run first: it says what would happen and writes nothing', async () => {
    const { code, output } = await run([]);
    expect(output).toMatch(/999 {2}people come in/);
    expect(output).toMatch(/line 14: refused: email_verified: ADDRESS_UNVERIFIED/);
    expect(output).toMatch(/999 {2}left-behind CONSENT_WITHOUT_VERSION/);
    expect(output).not.toContain('@example.com');
    expect(code).toBe(1);
    expect(await tables.waiting()).toBe(0);
    const report = JSON.parse(await readFile(`${file}.report.json`, 'utf8'));
    expect(report.summary.counts).toMatchObject({ lines: people, added: 999, rejected: 1 });
    expect(JSON.stringify(report)).not.toContain('@example.com');
  });

  it('goes on where it was killed, and applied once more changes nothing', { timeout: 90_000 }, async () => {
    const killed = await run(['--apply', '--concurrency', '8'], async () => (await tables.waiting()) > 100);
    expect(killed.code).toBeNull();
    const before = await tables.waiting();
    expect(before).toBeGreaterThan(100);
    expect(before).toBeLessThan(999);

    const resumed = await run(['--apply']);
    expect(resumed.output).toMatch(/refused/);
    expect(await tables.waiting()).toBe(999);
    expect(await tables.events('migration.imported')).toBe(999);

    const again = await run(['--apply']);
    expect(again.output).toMatch(/999 {2}wait already, unchanged/);
    expect(await tables.waiting()).toBe(999);
    expect(await tables.events('migration.imported')).toBe(999);
  });

  it('leaves nothing readable in the table', async () => {
    const items = await tables.raw();
    expect(items).not.toMatch(/example\.com|Bergen|\$2a\$|Person/);
  });
});

describe('the first sign-in over the Identity API', () => {
  it('takes the old password, brings profile and consents along, and is native from then on', async () => {
    const customer = new Customer(cloud.outputs, emailOf(1));
    Object.assign(customer, { password });
    await customer.signIn();
    const { body: profile } = await customer.api.expect<Record<string, unknown>>(
      200,
      'GET',
      '/v1/me/profile',
    );
    expect(JSON.stringify(profile)).toMatch(/Person 1/);
    expect(JSON.stringify(profile)).not.toMatch(/Bergen/); // its consent could not be proven
    const { body: consents } = await customer.api.expect(200, 'GET', '/v1/me/consents');
    expect(JSON.stringify(consents)).toMatch(/newsletter/);
    expect(await tables.record(emailOf(1))).toMatchObject({ state: 'done', isEmpty: true });

    const later = new Customer(cloud.outputs, emailOf(1));
    Object.assign(later, { password });
    await later.signIn();
    expect(await tables.events('migration.completed')).toBe(1);
  });

  it('refuses a wrong password, and the right one still works', async () => {
    const customer = new Customer(cloud.outputs, emailOf(2));
    expect((await customer.startSignIn()).status).toBe(401);
    Object.assign(customer, { password });
    await customer.signIn();
  });
});
