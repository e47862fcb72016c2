import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import {
  cookieOption,
  endpointOption,
  type OperatorApi,
  type OperatorOptions,
  operatorApi,
  reasonOption,
} from './operator-api.ts';

interface EndOptions extends OperatorOptions {
  readonly person?: string;
  readonly from?: string;
  readonly to?: string;
  readonly client?: string;
  readonly network?: string;
  readonly address?: string;
  readonly provider?: string;
  readonly list?: string;
  readonly resume?: string;
  readonly batch: number;
  readonly yes?: boolean;
  readonly note?: string;
}

interface Cohort {
  readonly id: string;
  readonly state: 'previewed' | 'expired' | 'running' | 'finished';
  readonly matches: { readonly sessions: number; readonly people: number; readonly exact: boolean };
  readonly ended: { readonly sessions: number; readonly people: number };
  readonly expiresAt?: string;
}

interface Preview extends Cohort {
  readonly sample: readonly string[];
  readonly unknown: number;
}

export function sessionsCommand(): Command {
  const sessions = new Command('sessions').description('Sessions of a person or of a cohort');
  sessions
    .command('end')
    .description(
      'Ends sessions: of one person, of those who share a client, network, provider and time, or of a list. A cohort is previewed first. Exit code 1 when it was not confirmed.',
    )
    .option('--person <sub>', 'every session of this person')
    .option('--from <time>', 'began at or after, RFC 3339 in UTC')
    .option('--to <time>', 'began at or before; default now')
    .option('--client <id>', 'app client')
    .option('--network <pseudonym>', 'network, as sessions and events name it')
    .option('--address <ip>', 'network of this IP address')
    .option('--provider <name>', 'identity provider')
    .option('--list <file>', 'one e-mail address or sub per line, 10,000 at the most; - reads standard input')
    .option('--resume <id>', 'go on with an ending that was interrupted')
    .option('--batch <sessions>', 'per call, 1 to 500', readBatch, 200)
    .option('--yes', 'confirm without asking')
    .option('--note <text>', 'for your colleagues; never in an event')
    .addOption(endpointOption())
    .addOption(reasonOption())
    .addOption(cookieOption())
    .action(endSessions);
  sessions
    .command('status')
    .description('How far the ending of a cohort has come')
    .argument('<id>')
    .addOption(endpointOption())
    .addOption(reasonOption())
    .addOption(cookieOption())
    .action(async (id: string, options: OperatorOptions) => {
      const api = await operatorApi(options);
      const query = `reason=${encodeURIComponent(options.reason)}`;
      console.log(line(await api.send<Cohort>('GET', `${pathOf(id)}?${query}`)));
    });
  return sessions;
}

function readBatch(text: string): number {
  const batch = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (batch < 1 || batch > 500) throw new InvalidArgumentError('Expected a number from 1 to 500.');
  return batch;
}

const pathOf = (id: string) => `/v1/admin/session-endings/${encodeURIComponent(id)}`;

async function endSessions(options: EndOptions): Promise<void> {
  const { person, list, resume, from } = options;
  const chosen = [person, list, resume, from].filter((option) => option !== undefined);
  if (chosen.length !== 1) throw new Error('give exactly one of --person, --from, --list and --resume');
  const api = await operatorApi(options);
  if (person !== undefined) return endPerson(api, person, options);
  if (resume !== undefined) return run(api, resume, options);
  const preview = await api.send<Preview>('POST', '/v1/admin/session-endings', {
    reason: options.reason,
    note: options.note,
    ...(list === undefined ? { query: queryOf(options) } : { list: await readList(list) }),
  });
  console.log(line(preview));
  if (preview.unknown > 0) console.log(`${preview.unknown} addresses of the list have no account`);
  if (preview.sample.length > 0) console.log(`for example ${preview.sample.join(' ')}`);
  if (!options.yes && !(await isConfirmed())) {
    console.log(`Nothing was ended. To go on: --resume ${preview.id} --yes, until ${preview.expiresAt}`);
    process.exitCode = 1;
    return;
  }
  await run(api, preview.id, { ...options, yes: true });
}

async function endPerson(api: OperatorApi, sub: string, { reason }: EndOptions): Promise<void> {
  await api.send('POST', `/v1/admin/people/${encodeURIComponent(sub)}/sessions/end`, { reason });
  console.log(`${sub}: every session ended`);
}

const queryOf = ({ from, to, client, network, address, provider }: EndOptions) =>
  Object.fromEntries(
    Object.entries({ from, to, client, network, address, provider }).filter(
      ([, value]) => value !== undefined,
    ),
  );

/** Lines that are addresses and lines that are subs; empty ones and the rest of a CSV line do not count. */
async function readList(file: string): Promise<{ subs: string[]; identifiers: string[] }> {
  const text = await (file === '-' ? readInput() : readFile(file, 'utf8')).catch((cause: unknown) => {
    throw new Error(`--list ${file}: cannot be read`, { cause });
  });
  const entries = text
    .split(/\r?\n/)
    .map((entry) => entry.split(/[,;\t]/)[0]?.trim() ?? '')
    .filter((entry) => entry !== '');
  if (entries.length === 0) throw new Error(`--list ${file}: is empty`);
  if (entries.length > 10_000)
    throw new Error(`--list ${file}: has ${entries.length} lines; split it into parts of 10,000`);
  return {
    subs: entries.filter((entry) => !entry.includes('@')),
    identifiers: entries.filter((entry) => entry.includes('@')),
  };
}

async function readInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

async function isConfirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('End these sessions? Type yes: ');
  terminal.close();
  return answer.trim() === 'yes';
}

/** Confirms (again, where it was) and calls until everything is done; every call can be repeated. */
async function run(api: OperatorApi, id: string, { reason, batch }: EndOptions): Promise<void> {
  const body = { reason };
  let cohort = await api.send<Cohort>('POST', `${pathOf(id)}/confirm`, body);
  const isList = cohort.matches.sessions === 0;
  const total = isList ? cohort.matches.people : cohort.matches.sessions;
  const done = () => (isList ? cohort.ended.people : cohort.ended.sessions);
  const bar = new SingleBar({
    format: '{bar} {value}/{total} {unit}',
    clearOnComplete: true,
    noTTYOutput: false,
  });
  bar.start(total, done(), { unit: isList ? 'people' : 'sessions' });
  try {
    while (cohort.state !== 'finished') {
      cohort = await api.send<Cohort>('POST', `${pathOf(id)}/run`, { ...body, limit: batch });
      bar.update(Math.min(total, done()));
    }
  } catch (error) {
    bar.stop();
    console.error(`Interrupted; nothing is ended twice. To go on: --resume ${id}`);
    throw error;
  }
  bar.stop();
  console.log(line(cohort));
}

const line = ({ id, state, matches, ended }: Cohort): string => {
  const people = counted(matches.people, 'person', 'people');
  const atLeast = matches.exact ? '' : 'at least ';
  const found =
    matches.sessions > 0
      ? `${atLeast}${counted(matches.sessions, 'session', 'sessions')} of ${people}`
      : people;
  const told = counted(ended.people, 'person', 'people');
  const isList = matches.sessions === 0;
  const ends = isList ? '' : `ended ${counted(ended.sessions, 'session', 'sessions')}, `;
  return `${id}: ${state}, ${found}; ${ends}${told} told`;
};

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
