import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFunctions } from '../../scripts/build-functions.ts';
import { buildPortal } from '../../scripts/build-portal.ts';
import { TemplateError } from './template.ts';

export interface PrepareOptions {
  /** @default 'dev' */
  readonly stage?: string;
  readonly onProgress?: (step: string) => void;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const assemblies = join(root, 'dist', 'assembly');
/** Everything that the pages are made of; of the routes they have the types alone, which leave nothing in a build. */
const pageInputs = ['portal', 'client', 'scripts/build-portal.ts', 'package.json', 'package-lock.json'];
/** Everything that bundles and template are made of. */
const inputs = [
  ...pageInputs,
  'bin',
  'lambdas',
  'lib',
  'scripts/build-functions.ts',
  'cdk.json',
  'vestibule.config.ts',
];
/** A cloud that still runs may load code from an older assembly. */
const keepMs = 24 * 3_600_000;

/**
 * Builds functions and pages and synthesizes the stack of a stage, unless nothing changed since that was last done.
 * Several processes may do so at the same time.
 * @returns the directory of the cloud assembly
 * @throws TemplateError with what the app said when it does not synthesize
 */
export async function prepareAssembly(options: PrepareOptions = {}): Promise<string> {
  const { stage = 'dev', onProgress = () => {} } = options;
  const directory = join(assemblies, `${stage}-${await fingerprint(inputs)}`);
  if (existsSync(join(directory, 'manifest.json'))) return directory;
  onProgress('building functions');
  await buildFunctions();
  const pages = await builtPages(onProgress);
  onProgress('synthesizing the template');
  const fresh = `${directory}.${randomUUID()}`;
  await mkdir(assemblies, { recursive: true });
  await synthesize({ stage, pages, output: fresh });
  await removeLayers(fresh);
  await moveInto(directory, fresh);
  await removeOld(directory);
  return directory;
}

/**
 * Kept by what they are made of: tests of the functions change none of it.
 * @returns the folder of the portal's pages
 */
export async function builtPages(onProgress: (step: string) => void = () => {}): Promise<string> {
  const directory = join(assemblies, `pages-${await fingerprint(pageInputs)}`);
  if (existsSync(directory)) return directory;
  onProgress('building the portal');
  const fresh = `${directory}.${randomUUID()}`;
  await buildPortal(fresh);
  await moveInto(directory, fresh);
  return directory;
}

/** Another process may have been faster; the same inputs gave it the same result. */
async function moveInto(directory: string, fresh: string): Promise<void> {
  await rename(fresh, directory).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(fresh, { recursive: true });
  });
}

/** The AWS CLI, 15 MB each time, for the one function that is not run here. */
async function removeLayers(assembly: string): Promise<void> {
  const archives = (await readdir(assembly)).filter((name) => /^asset\..*\.zip$/.test(name));
  await Promise.all(archives.map((name) => rm(join(assembly, name))));
}

async function fingerprint(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const input of paths) {
    for (const file of await filesIn(join(root, input))) {
      hash.update(`\0${file}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesIn(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

interface Synthesis {
  readonly stage: string;
  readonly pages: string;
  readonly output: string;
}

const synthesize = ({ stage, pages, output }: Synthesis): Promise<void> =>
  new Promise((resolve, reject) => {
    const app = spawn(process.execPath, ['--import', 'tsx', join(root, 'bin', 'vestibule.ts')], {
      cwd: root,
      env: {
        ...process.env,
        CDK_OUTDIR: output,
        CDK_VALIDATION: 'false',
        CDK_CONTEXT_JSON: JSON.stringify({ stage, pages }),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    app.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    app.once('error', reject);
    app.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new TemplateError(`the app does not synthesize:\n${withoutStack(said)}`));
    });
  });

/** The message of what the app refused; a fault in its code keeps its stack. */
function withoutStack(text: string): string {
  if (/^(Type|Reference|Syntax|Range)Error\b/m.test(text)) return text.trim();
  const [, message] = /^\w*Error: ([\s\S]*?)(?=\n\s+at |\n\nNode\.js|$(?![\s\S]))/m.exec(text) ?? [];
  return message?.trim() ?? text.trim();
}

async function removeOld(current: string): Promise<void> {
  for (const name of await readdir(dirname(current))) {
    const path = join(dirname(current), name);
    // What another process has just moved into its place is gone by now, and young.
    const isOld = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs > keepMs,
      () => false,
    );
    if (path !== current && isOld) await rm(path, { recursive: true, force: true });
  }
}
