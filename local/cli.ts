import { Command, InvalidArgumentError, Option } from 'commander';
import type { CloudOutputs } from './outputs.ts';

const leastNode = [20, 19] as const;
/** The terminal and the script runner may both hand over one Ctrl-C. */
const sameSignalMs = 500;
/** Errors whose message says all that a person needs. */
const explained = new Set([
  'DirectoryInUse',
  'DynamoEngineFailed',
  'DynamoEngineMissing',
  'PortInUse',
  'StateOfOtherVersion',
  'TemplateError',
  'UnsupportedNode',
]);

interface StartOptions {
  readonly port: number;
  readonly stage: string;
  readonly directory: string;
  readonly ephemeral: boolean;
  readonly parameter: Record<string, string>;
  readonly assembly?: string;
  readonly verbose: boolean;
}

const program = new Command('npm start --')
  .description(
    'The local cloud: builds, synthesizes, deploys the template to this machine and serves it until Ctrl-C. ' +
      'A development tool, on 127.0.0.1 only.',
  )
  .option('-p, --port <number>', 'port on 127.0.0.1', portNumber, 4400)
  .option('--stage <name>', 'stage of vestibule.config.ts', 'dev')
  .option('--directory <path>', 'where state and outputs.json live', '.vestibule')
  .option('--ephemeral', 'keep nothing', false)
  .addOption(
    new Option('--parameter <Name=Value>', 'value of a template parameter; may be repeated')
      .argParser(parameter)
      .default({}, 'those of the template'),
  )
  .option('--assembly <path>', 'deploy this cloud assembly (cdk.out) instead of building one')
  .option('--verbose', 'also log what goes well', false)
  .action(start);

try {
  await program.parseAsync();
} catch (error) {
  fail(error);
}

async function start(options: StartOptions): Promise<void> {
  requireNode();
  process.env.TZ = 'UTC'; // as Lambda has it
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
  const onProgress = (step: string) => console.log(`${seconds().padStart(5)} s  ${step}`);
  // Only now, so that an old Node.js is named before a module fails on it.
  const [{ requireFreePort }, { prepareAssembly }, { startCloud }, { createLog }] = await Promise.all([
    import('./gateway.ts'),
    import('./assembly/prepare.ts'),
    import('./cloud.ts'),
    import('./log.ts'),
  ]);
  await requireFreePort(options.port); // before a build that may take half a minute
  const running = await startCloud({
    assembly: options.assembly ?? (await prepareAssembly({ stage: options.stage, onProgress })),
    stage: options.stage,
    port: options.port,
    directory: options.directory,
    ephemeral: options.ephemeral,
    parameters: options.parameter,
    log: createLog({ level: options.verbose ? 'info' : 'warn' }),
    onProgress,
  });
  endWithSignals(running.stop);
  console.log(`\n${table(running.outputs, options)}\n`);
  console.log(
    'A development tool: it listens on 127.0.0.1 only and verifies no AWS signatures. Ctrl-C ends it.',
  );
  console.log(`ready in ${seconds()} s`);
}

function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])) return;
  throw Object.assign(
    new Error(`Node.js ${leastNode.join('.')} or later is needed, this is ${process.version}`),
    {
      name: 'UnsupportedNode',
    },
  );
}

/** A second Ctrl-C does not wait. `disconnect`: the process that started us was killed. */
function endWithSignals(stop: () => Promise<void>): void {
  let firstAt: number | undefined;
  const end = () => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      stop().then(() => process.exit(0), fail);
    } else if (performance.now() - firstAt > sameSignalMs) process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  process.on('disconnect', end);
}

function table(outputs: CloudOutputs, { directory, ephemeral }: StartOptions): string {
  const { endpoints, clients, credentials } = outputs;
  const rows: [string, string][] = [
    ...(endpoints.portal ? [['Portal', endpoints.portal] as [string, string]] : []),
    ['Console', endpoints.console],
    ['Identity API', endpoints.identityApi],
    ['OpenAPI', endpoints.openapi],
    ['Mailbox', endpoints.mailbox],
    ['Cognito', endpoints.cognitoIdp],
    ['Token issuer', endpoints.issuer],
    ...(endpoints.managedLogin ? [['Sign-in pages', endpoints.managedLogin] as [string, string]] : []),
    ['AWS (any service)', endpoints.aws],
    ['User pool', outputs.userPoolId],
    ['Client "web"', clients.web.id],
    ['Client "server"', clients.server.id],
    ['Audit archive', outputs.audit.directory],
    ['AWS access key', `${credentials.accessKeyId} (any secret), region ${outputs.region}`],
    ['All of it', `${directory}/outputs.json${ephemeral ? ' (ephemeral: data ends with the cloud)' : ''}`],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(18)} ${value}`).join('\n');
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('expected 0 to 65535');
}

function parameter(text: string, previous: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected Name=Value');
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
}

/** One line for what the user can do something about; the whole stack for a fault of ours. */
function fail(error: unknown): void {
  const isExplained = error instanceof Error && explained.has(error.name);
  console.error(isExplained ? `\n${error.message}` : error);
  process.exit(1);
}
