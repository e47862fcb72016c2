import { execFile } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CheckpointLine, startOfCheckpoints } from '../../../lambdas/core/audit/chain.ts';
import { auditForwarder } from '../../../lambdas/core/audit/forward.ts';
import { anEvent } from '../../support/audit.ts';

let directory: string;
let archive: string;
let head: string;

/** Writes an archive of two batches with a real EC key, as the forwarder and KMS would. */
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vestibule-archive-'));
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeFile(join(directory, 'key.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  const day = join(directory, 'bucket', 'year=2026', 'month=11', 'day=22');
  archive = join(day, 'part-1');
  await mkdir(day, { recursive: true });
  let kept: CheckpointLine | undefined;
  const forward = auditForwarder({
    archive: {
      append: (lines) => appendFile(archive, lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
    },
    heads: {
      read: async () => ({
        head: kept ? { n: kept.checkpoint.n, hash: kept.hash } : startOfCheckpoints,
        line: kept,
      }),
      advance: async (_, line) => {
        kept = line;
        return true;
      },
    },
    signer: { sign: async (message) => sign('sha256', Buffer.from(message), privateKey).toString('base64') },
    bus: { publish: async () => {} },
    clock: { now: () => Date.parse('2026-11-22T12:00:00Z') },
    newChainId: () => 'chain-1',
  });
  await forward([anEvent(), anEvent()]);
  await forward([anEvent()]);
  head = `${kept?.checkpoint.n}:${kept?.hash}`;
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const vestibule = (...args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['cli/vestibule.mjs', ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
    );
  });
const verify = (...more: string[]) =>
  vestibule(
    'audit',
    'verify',
    join(directory, 'bucket'),
    '--public-key',
    join(directory, 'key.pem'),
    ...more,
  );

describe('vestibule audit verify', () => {
  it('finds an untouched archive intact and prints the head to keep', async () => {
    const { code, output } = await verify('--head', head);
    expect(output).toContain('intact: 3 events');
    expect(output).toContain(`head ${head}`);
    expect(code).toBe(0);
  });

  it('ends with 1 and names the line when a record was edited', async () => {
    await writeFile(
      archive,
      (await readFile(archive, 'utf8')).replace('"outcome":"success"', '"outcome":"refused"'),
    );
    const { code, output } = await verify('--head', head);
    expect(output).toMatch(/EVENT_CHANGED {2}year=2026\/month=11\/day=22\/part-1:1/);
    expect(code).toBe(1);
  });

  it('shows a cut tail against the head that was kept', async () => {
    await writeFile(archive, `${(await readFile(archive, 'utf8')).split('\n').slice(0, 3).join('\n')}\n`);
    expect((await verify()).code).toBe(0);
    expect((await verify('--head', head)).output).toContain('TAIL_CUT');
  });

  it('says which argument is wrong', async () => {
    expect(await vestibule('audit', 'verify', archive, '--public-key', '/nowhere.pem')).toMatchObject({
      code: 2,
      output: expect.stringContaining('--public-key /nowhere.pem: cannot be read'),
    });
    expect(await verify('--head', 'latest')).toMatchObject({
      output: expect.stringContaining('<number>:<64 hex digits>'),
    });
    expect(await vestibule('audit', 'verify', archive, '--public-key', archive)).toMatchObject({
      code: 2,
      output: expect.stringContaining('expected an EC public key'),
    });
  });
});
