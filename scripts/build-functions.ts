import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, stop } from 'esbuild';

export interface BuildOptions {
  /** Directory with `<function>/handler.ts`. @default - `lambdas/` of this project */
  readonly source?: string;
  /** Receives `<function>/index.js`. @default - `dist/lambdas/` of this project */
  readonly output?: string;
}

export interface BuiltFunction {
  readonly name: string;
  readonly directory: string;
  readonly bytes: number;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Bundles every function. The same sources give the same bytes; a function whose source is gone loses its bundle,
 * so that nothing deploys what no longer exists.
 */
export async function buildFunctions(options: BuildOptions = {}): Promise<readonly BuiltFunction[]> {
  const source = options.source ?? join(root, 'lambdas');
  const output = options.output ?? join(root, 'dist', 'lambdas');
  const names = await functionNames(source);
  await removeStale(output, names);
  await mkdir(output, { recursive: true });
  // Lambda sees no package.json and so takes index.js for CommonJS; below ours it would be a module.
  await writeFile(join(output, 'package.json'), '{ "type": "commonjs" }\n');
  running += 1;
  try {
    return await Promise.all(names.map((name) => bundle(name, source, output)));
  } finally {
    running -= 1;
    if (running === 0) await stop(); // its process would stay as long as ours, with 400 MB
  }
}

/** Builds of this process that share esbuild's own one. */
let running = 0;

async function functionNames(source: string): Promise<string[]> {
  const folders = await readdir(source, { withFileTypes: true });
  return folders
    .filter((folder) => folder.isDirectory() && existsSync(join(source, folder.name, 'handler.ts')))
    .map((folder) => folder.name)
    .sort();
}

async function removeStale(output: string, names: readonly string[]): Promise<void> {
  const built = existsSync(output) ? await readdir(output, { withFileTypes: true }) : [];
  const stale = built.filter((entry) => entry.isDirectory() && !names.includes(entry.name));
  await Promise.all(stale.map(({ name }) => rm(join(output, name), { recursive: true })));
}

/** One function: `index.js`, and beside it one file for each lazily loaded module that it reaches. */
async function bundle(name: string, source: string, output: string): Promise<BuiltFunction> {
  const directory = join(output, name);
  await mkdir(directory, { recursive: true });
  const lazy = new Map<string, string>();
  const index = await compile(join(source, name, 'handler.ts'), lazy);
  for (const [file, entry] of lazy) await replace(directory, file, await compile(entry, new Map()));
  await replace(directory, 'index.js', index); // last: it names the others
  const stale = (await readdir(directory)).filter((file) => file !== 'index.js' && !lazy.has(file));
  await Promise.all(stale.map((file) => rm(join(directory, file), { recursive: true })));
  return { name, directory, bytes: index.byteLength };
}

/** Whoever reads meanwhile sees a whole file. */
async function replace(directory: string, file: string, contents: Uint8Array): Promise<void> {
  const written = join(directory, '..', `.${basename(directory)}-${randomUUID()}.js`);
  await writeFile(written, contents);
  await rename(written, join(directory, file));
}

/** `module` before `main` and no credential providers: 32 ms instead of 55 ms of init, 23 ms with both. */
async function compile(entry: string, lazy: Map<string, string>): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    supported: { 'dynamic-import': false }, // a plain require
    mainFields: ['module', 'main'],
    legalComments: 'none',
    absWorkingDir: root,
    plugins: [environmentCredentialsOnly, lazyModules(lazy)],
    logLevel: 'silent',
    write: false,
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error(`${entry}: esbuild wrote no bundle`);
  return file.contents;
}

/**
 * `import('./lazy/…')` becomes a file of its own. In one file with the rest, a module that most calls never need costs
 * init all the same: the whole text is parsed, and everything it shares with eager code is wrapped (66 ms instead of
 * 47 ms for the sign-in function).
 */
const lazyModules = (found: Map<string, string>): Plugin => ({
  name: 'lazy-modules',
  setup(setup) {
    setup.onResolve({ filter: /\/lazy\/[\w-]+\.ts$/ }, ({ path, kind, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const file = basename(path).replace(/\.ts$/, '.cjs'); // CommonJS whatever package.json is above it
      found.set(file, join(resolveDir, path));
      return { path: `./${file}`, external: true };
    });
  },
});

const unusedProviders =
  /^@aws-sdk\/credential-provider-(sso|ini|process|http|web-identity|login|cognito-identity)$|^@smithy\/credential-provider-imds$/;

/** Each name that the default chain imports from the providers which are left out. */
const stub = `
const unavailable = () => { throw new Error('no credentials in the environment: functions use no other source'); };
export const fromSSO = unavailable, fromIni = unavailable, fromProcess = unavailable, fromHttp = unavailable,
  fromTokenFile = unavailable, fromWebToken = unavailable, fromLoginCredentials = unavailable,
  fromContainerMetadata = unavailable, fromInstanceMetadata = unavailable;
export const ENV_CMDS_FULL_URI = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
export const ENV_CMDS_RELATIVE_URI = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
`;

/** Lambda gives credentials through the environment; the other sources are a third of the SDK's init time. */
const environmentCredentialsOnly: Plugin = {
  name: 'environment-credentials-only',
  setup(setup) {
    setup.onResolve({ filter: unusedProviders }, ({ path }) => ({ path, namespace: 'unused-provider' }));
    setup.onLoad({ filter: /.*/, namespace: 'unused-provider' }, () => ({ contents: stub, loader: 'js' }));
  },
};

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, bytes } of await buildFunctions()) {
    console.log(`${name.padEnd(20)} ${(bytes / 1024).toFixed(1).padStart(8)} kB`);
  }
}
