import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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
    [tsc, '-p', 'tsconfig.package.json', '--rootDir', root, '--outDir', join(installed, 'dist/package')],
    { cwd: project, stdio: 'inherit' },
  );
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  writeFileSync(join(project, 'app.ts'), app);
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
}, compileMs);
afterAll(() => rmSync(project, { recursive: true, force: true }));

function compile(options: object): void {
  const compilerOptions = { strict: true, target: 'es2022', outDir: 'out', ...options };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
  execFileSync(process.execPath, [tsc, '-p', '.'], { cwd: project, stdio: 'inherit' });
}

describe('the package as an app installs it', () => {
  it('has types without a trace of our sources or other packages', () => {
    const files = readdirSync(join(installed, 'dist/package'), { recursive: true, encoding: 'utf8' });
    const modules = files.filter((file) => /\.(js|d\.ts)$/.test(file));
    expect(modules).toContain(join('client', 'index.d.ts'));
    for (const file of modules) {
      expect(file).toMatch(/^client/);
      const text = readFileSync(join(installed, 'dist/package', file), 'utf8');
      const imported = Array.from(text.matchAll(/from '([^']+)'/g), ([, from]) => from);
      expect(imported.filter((from) => !from?.startsWith('.'))).toEqual([]);
    }
  });

  it('compiles in a Node.js project without types of a browser, and runs there', {
    timeout: compileMs,
  }, () => {
    compile({ module: 'nodenext', lib: ['es2023'], types: ['node'] });
    const shown = execFileSync(process.execPath, ['out/app.js'], { cwd: project, encoding: 'utf8' });
    expect(JSON.parse(shown)).toEqual(['identify', true, 1, 'https://id.example/v1/sessions']);
  });

  it('compiles in a browser project without types of Node.js', { timeout: compileMs }, () => {
    compile({ module: 'esnext', moduleResolution: 'bundler', lib: ['es2023', 'dom'], types: [] });
  });

  it.each([
    { names: 'createClient', limit: 2_000 },
    { names: 'createClient, createSignIn, createCookieSession', limit: 4_096 },
    { names: 'createClient, createSignIn, createTokenSession', limit: 4_096 },
  ])('is at most $limit bytes for $names', async ({ names, limit }) => {
    const { outputFiles } = await build({
      stdin: { contents: `export { ${names} } from 'vestibule/client'`, resolveDir: project },
      ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, platform: 'browser' },
    });
    expect(gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length).toBeLessThanOrEqual(limit);
  });
});
