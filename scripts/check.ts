import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Step {
  readonly name: string;
  readonly what: string;
  run(): Promise<Outcome>;
}

interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');

/** Runs a tool of this project; its output is shown only when it fails. */
function tool(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }));
  });
}

/** One after the other: a compiler takes all the memory that there is. */
async function inTurn(runs: readonly (() => Promise<Outcome>)[]): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const run of runs) outcomes.push(await run());
  return { ok: outcomes.every(({ ok }) => ok), output: outcomes.map(({ output }) => output).join('\n') };
}

/** cdk-nag and cfn-guard run while the app synthesizes, over the built bundles and pages; needs no credentials and no network. */
async function templateRules(): Promise<Outcome> {
  for (const script of ['scripts/build-functions.ts', 'scripts/build-portal.ts']) {
    const built = await tool('tsx', [script]);
    if (!built.ok) return built;
  }
  const outcomes = await Promise.all(['dev', 'prod'].map(synthesizeWithRules));
  return { ok: outcomes.every(({ ok }) => ok), output: outcomes.map(({ output }) => output).join('\n') };
}

async function synthesizeWithRules(stage: string): Promise<Outcome> {
  const assembly = mkdtempSync(join(tmpdir(), `vestibule-rules-${stage}-`));
  try {
    const { ok, output } = await tool('tsx', ['bin/vestibule.ts'], {
      CDK_OUTDIR: assembly,
      CDK_CONTEXT_JSON: JSON.stringify({ stage, rules: true }),
    });
    // The app ends with 0 whatever the rules found: what they say is in its output.
    return { ok: ok && !/^ERROR \[/m.test(output), output };
  } finally {
    rmSync(assembly, { recursive: true });
  }
}

/** Here rather than in a tool of its own: the configuration says which languages there have to be. */
async function messages(): Promise<Outcome> {
  const [{ default: config }, { findMessageProblems }] = await Promise.all([
    import('../vestibule.config.ts'),
    import('./messages/index.ts'),
  ]);
  const problems = findMessageProblems(root, config);
  return { ok: problems.length === 0, output: problems.join('\n') };
}

const rooms = [
  ...['bin', 'lib', 'lambdas', 'local', 'cli', 'client', 'portal/src', 'scripts', 'bench', 'test'],
  'vestibule.config.ts',
];

const steps: readonly Step[] = [
  {
    name: 'lint',
    what: 'format and lint (biome)',
    run: () => tool('biome', ['check', '--error-on-warnings', '.']),
  },
  {
    name: 'types',
    what: 'types of sources, tests and portal (tsc)',
    run: () => inTurn(['.', 'portal'].map((project) => () => tool('tsc', ['-p', project, '--noEmit']))),
  },
  {
    name: 'client',
    what: 'types of the client are those of the route table (openapi-typescript)',
    run: () => tool('tsx', ['scripts/build-client-types.ts', '--check']),
  },
  {
    name: 'imports',
    what: 'import direction between the rooms (dependency-cruiser)',
    run: () => tool('depcruise', ['--config', '.dependency-cruiser.cjs', ...rooms]),
  },
  {
    name: 'exports',
    what: 'unused files, exports and packages (knip)',
    run: () => tool('knip', ['--no-progress']),
  },
  { name: 'messages', what: 'texts of all languages against English', run: messages },
  { name: 'rules', what: 'templates of dev and prod (cdk-nag, cfn-guard)', run: templateRules },
];

async function check(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(
      `unknown step: ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}`,
    );
    return 2;
  }
  const chosen = steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const failed: string[] = [];
  for (const { name, what, run } of chosen) {
    const started = performance.now();
    const { ok, output } = await run();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(8)} ${what}, ${seconds} s`);
    if (!ok) {
      failed.push(name);
      console.log(output.trimEnd());
    }
  }
  const hint = failed.length > 0 ? ` (again alone: npm run check -- ${failed.join(' ')})` : '';
  console.log(`check: ${chosen.length - failed.length} passed, ${failed.length} failed${hint}`);
  return failed.length > 0 ? 1 : 0;
}

process.exitCode = await check(process.argv.slice(2));
