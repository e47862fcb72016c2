import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeClientPackage } from '../../../scripts/client-package.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const compileMs = 120_000;

const app = `
import { createClient, createSignIn, type AnswerOf, IdentityProblem } from 'vestibule/client';
const fetched: string[] = [];
const client = createClient({
  url: 'https://id.example',
  fetch: async (address) => {
    fetched.push(String(address));
    return Response.json({ code: 'SIGN_IN_REJECTED', detail: 'No.' }, { status: 401 });
  },
});
const signIn = createSignIn(client, { mode: 'tokens' });
const state = await signIn.start({ identifier: 'ada@example.com', password: 'four words are plenty' });
const version: AnswerOf<'GET /v1/me/profile'>['version'] = 1;
// @ts-expect-error a route that is not there
const none = client.call('GET /v1/nothing');
await none.catch(() => undefined);
console.log(JSON.stringify([state.step, state.step === 'identify' && state.problem instanceof IdentityProblem, version, fetched[0]]));
`;

const oldApp = `
import { createClient } from 'vestibule/client';
console.log(typeof createClient);
`;

/** A project that has the package installed, and nothing else of ours. */
let project: string;
let installed: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'vestibule-client-'));
  installed = join(project, 'node_modules/vestibule');
  mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
  for (const name of ['@types/node', 'undici-types'])
    cpSync(join(root, 'node_modules', name), join(project, 'node_modules', name), { recursive: true });
  const config = { extends: join(root, 'tsconfig.package.json'), include: [join(root, 'client/index.ts')] };
  writeFileSync(join(project, 'tsconfig.package.json'), JSON.stringify(config));
  execFileSync(
    process.execPath,
    [tsc, '-p', 'tsconfig.package.json', '--rootDir', root, '--outDir', 'compiled'],
    { cwd: project, stdio: 'inherit' },
  );
  writeClientPackage(join(project, 'compiled'), installed);
  writeFileSync(join(project, 'app.ts'), app);
  writeFileSync(join(project, 'old.cts'), oldApp);
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
}, compileMs);
afterAll(() => rmSync(project, { recursive: true, force: true }));

function compile(options: object, file = 'app.ts'): void {
  const compilerOptions = { strict: true, target: 'es2022', outDir: 'out', ...options };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
  execFileSync(process.execPath, [tsc, '-p', '.'], { cwd: project, stdio: 'inherit' });
}

describe('the package as an app installs it', () => {
  it('has types without a trace of our sources or other packages', () => {
    const files = readdirSync(join(installed, 'client'), { recursive: true, encoding: 'utf8' });
    const modules = files.filter((file) => /\.(js|d\.ts)$/.test(file));
    expect(modules).toContain('index.d.ts');
    for (const file of modules) {
      const text = readFileSync(join(installed, 'client', file), 'utf8');
      const imported = Array.from(text.matchAll(/from ["']([^"']+)["']/g), ([, from]) => from);
      expect(imported.filter((from) => !from?.startsWith('.'))).toEqual([]);
    }
  });

  it('brings nothing along', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'vestibule-client', sideEffects: false });
    expect(Object.keys(manifest).filter((key) => /dependencies/i.test(key))).toEqual([]);
  });

  it.each(['vestibule', 'vestibule/client'])('is found as %s', (name) => {
    const shown = execFileSync(
      process.execPath,
      ['-e', `import('${name}').then((all) => console.log(Object.keys(all).join()))`],
      { cwd: project, encoding: 'utf8' },
    );
    expect(shown).toContain('createTokenSession');
  });

  it('compiles in a Node.js project without types of a browser, and runs there', {
    timeout: compileMs,
  }, () => {
    compile({ module: 'nodenext', lib: ['es2023'], types: ['node'] });
    const shown = execFileSync(process.execPath, ['out/app.js'], { cwd: project, encoding: 'utf8' });
    expect(JSON.parse(shown)).toEqual(['identify', true, 1, 'https://id.example/v1/sessions']);
  });

  it.each([
    { module: 'esnext', moduleResolution: 'bundler' },
    { module: 'node16', moduleResolution: 'node16' },
  ])(
    'compiles in a browser project with $moduleResolution, without types of Node.js',
    {
      timeout: compileMs,
    },
    (resolution) => {
      const strictest = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
      compile({ ...resolution, ...strictest, lib: ['es2023', 'dom'], types: [] });
    },
  );

  it('is required by a CommonJS app, too', { timeout: compileMs }, () => {
    compile({ module: 'nodenext', lib: ['es2023'], types: ['node'] }, 'old.cts');
    const shown = execFileSync(process.execPath, ['--no-warnings', 'out/old.cjs'], { cwd: project });
    expect(`${shown}`.trim()).toBe('function');
  });

  it.each([
    { names: 'createClient', limit: 2_000 },
    { names: 'createClient, createSignIn, createCookieSession', limit: 4_096 },
    // 150 bytes more for tabs that share a session: nobody signs in twice for want of a lock.
    { names: 'createClient, createSignIn, createTokenSession', limit: 4_250 },
  ])('is at most $limit bytes for $names', async ({ names, limit }) => {
    const { outputFiles } = await build({
      stdin: { contents: `export { ${names} } from 'vestibule/client'`, resolveDir: project },
      ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, platform: 'browser' },
    });
    expect(gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length).toBeLessThanOrEqual(limit);
  });
});

describe('the whole package', () => {
  it('has what its users need: no tests, no pictures, no sources of the portal', () => {
    const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toContain('cli/vestibule.mjs');
    expect(paths).toContain('docs/client.md');
    expect(paths.filter((path) => /^(test|portal\/src|local|examples)\/|\.test\.|\.png$/.test(path))).toEqual(
      [],
    );
  });

  it('leaves the CDK to the app that embeds it: constructs of two copies do not fit each other', () => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(Object.keys(peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
    expect(Object.keys(dependencies)).not.toContain('aws-cdk-lib');
  });
});
