import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { emptyBundles, emptyPages } from '../support/synth.ts';

const run = promisify(execFile);
/** Two whole processes per stage, which on a busy machine take several times their 6 s of work. */
const twiceMs = 120_000;
const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** A whole process, with no credentials in reach and every proxy pointing nowhere. */
async function synthesizeApart(stage: string): Promise<Record<string, string>> {
  const out = mkdtempSync(join(tmpdir(), `vestibule-synth-${stage}-`));
  made.push(out);
  await run(process.execPath, ['--import', 'tsx', 'test/support/synth-app.ts'], {
    env: {
      PATH: process.env.PATH,
      CDK_OUTDIR: out,
      CDK_VALIDATION: 'false',
      STAGE_TO_SYNTHESIZE: stage,
      BUNDLES: emptyBundles(),
      PAGES: emptyPages(),
      HTTPS_PROXY: 'http://127.0.0.1:9',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  return hashes(out);
}

function hashes(directory: string, root = directory): Record<string, string> {
  return Object.assign(
    {},
    ...readdirSync(directory).map((name) => {
      const path = join(directory, name);
      if (statSync(path).isDirectory()) return hashes(path, root);
      return { [relative(root, path)]: createHash('sha256').update(readFileSync(path)).digest('hex') };
    }),
  );
}

describe.each(['dev', 'prod'])('synthesizing %s twice', { timeout: twiceMs }, (stage) => {
  it('gives identical files, without credentials and network', async () => {
    const first = await synthesizeApart(stage);
    expect(Object.keys(first)).toContain(`Vestibule-${stage}.template.json`);
    expect(await synthesizeApart(stage)).toEqual(first);
  });
});
