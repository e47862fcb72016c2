import { stat } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readConfiguration } from './import/configuration.ts';
import { type ConsentMapping, readConsentMapping, readFieldMapping } from './import/mapping.ts';
import { auth0, auth0Password } from './import/presets/auth0.ts';
import { cognito } from './import/presets/cognito.ts';
import { firebase } from './import/presets/firebase.ts';
import { generic } from './import/presets/generic.ts';
import { keycloak } from './import/presets/keycloak.ts';
import type { Preset } from './import/presets/preset.ts';
import { type FileFormat, readRecords } from './import/records.ts';
import { type ImportOutcome, runImport } from './import/run.ts';
import { openTarget } from './import/target.ts';

interface ImportCommandOptions {
  readonly from: 'auth0' | 'keycloak' | 'firebase' | 'cognito' | 'generic';
  readonly apply?: boolean;
  readonly replace?: boolean;
  readonly map: ReadonlyMap<string, string>;
  readonly consent: readonly ConsentMapping[];
  readonly format?: FileFormat;
  readonly config: string;
  readonly outputs: string;
  readonly stage?: string;
  readonly region?: string;
  readonly report?: string;
  readonly exportedAt?: string;
  readonly waitDays: number;
  readonly unusablePasswords: 'refuse' | 'reset';
  readonly concurrency: number;
  readonly auditTtlDays: number;
  readonly auth0Passwords?: string;
  readonly firebaseSignerKey?: string;
  readonly firebaseSaltSeparator: string;
  readonly firebaseRounds: number;
  readonly firebaseMemCost: number;
}

const wholeNumber = (min: number, max: number) => (text: string) => {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
};

/** What a parser of ours throws becomes commander's own words. */
function inWords<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

export function importCommand(): Command {
  return new Command('import')
    .description(
      'People of another system, with their password hashes, until their first sign-in. Without --apply nothing is written.',
    )
    .argument('<file>', 'CSV, JSON lines, or the document that the other system exports')
    .addOption(
      new Option('--from <system>', 'whose export it is')
        .choices(['auth0', 'keycloak', 'firebase', 'cognito', 'generic'])
        .default('generic'),
    )
    .option('--apply', 'write; the report of the dry run is made first')
    .option('--replace', 'people who wait with other content are replaced')
    .option(
      '--map <field=column>',
      'profile field from a column or a path such as user_metadata.city; repeatable',
      (text, before: ReadonlyMap<string, string>) =>
        new Map([...before, inWords(() => readFieldMapping(text))]),
      new Map<string, string>(),
    )
    .option(
      '--consent <purpose=column,version=column,at=column,language=column>',
      'a consent with its evidence; ":value" in place of a column is the same for everybody; repeatable',
      (text, before: readonly ConsentMapping[]) => [...before, inWords(() => readConsentMapping(text))],
      [] as readonly ConsentMapping[],
    )
    .addOption(
      new Option('--format <format>', 'when the file name does not tell').choices([
        'csv',
        'csv-without-header',
        'json-lines',
        'json-array',
      ]),
    )
    .addOption(
      new Option('--unusable-passwords <what>', 'people whose hash cannot be checked here')
        .choices(['refuse', 'reset'])
        .default('refuse'),
    )
    .option(
      '--exported-at <time>',
      'RFC 3339: when the other system was exported. Default: the time of the file',
    )
    .option(
      '--wait-days <days>',
      'days until a person who never came is forgotten',
      wholeNumber(1, 3_650),
      365,
    )
    .option('--config <file>', 'fields, purposes and languages', 'vestibule.config.ts')
    .option('--outputs <file>', 'a local cloud', '.vestibule/outputs.json')
    .option('--stage <stage>', 'an installation in AWS, by its parameters /vestibule/<stage>/…')
    .option('--region <region>', 'of that installation')
    .option('--report <file>', 'default: <file>.report.json')
    .option('--concurrency <count>', 'people at once', wholeNumber(1, 500), 32)
    .option('--audit-ttl-days <days>', "the stack's parameter AuditTtlDays", wholeNumber(30, 90), 90)
    .option('--auth0-passwords <file>', "JSON lines from Auth0's support")
    .option('--firebase-signer-key <base64>', 'base64_signer_key of the project')
    .option('--firebase-salt-separator <base64>', 'base64_salt_separator', 'Bw==')
    .option('--firebase-rounds <count>', 'rounds', wholeNumber(1, 64), 8)
    .option('--firebase-mem-cost <count>', 'mem_cost', wholeNumber(1, 30), 14)
    .action(importFile);
}

async function importFile(file: string, options: ImportCommandOptions): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new Error(`${file}: expected a file`);
  const now = Date.now();
  const rules = {
    ...(await readConfiguration(options.config)),
    unusablePasswords: options.unusablePasswords,
    exportedAt: exportTime(options.exportedAt, found.mtimeMs, now),
  };
  const reportFile = options.report ?? `${file}.report.json`;
  const outcome = await runImport({
    file,
    ...(options.format && { format: options.format }),
    preset: await presetOf(options),
    hasOwnForm: options.from === 'generic',
    fields: options.map,
    consents: options.consent,
    rules,
    now,
    target: await openTarget(options),
    apply: options.apply === true,
    replace: options.replace === true,
    waitDays: options.waitDays,
    concurrency: options.concurrency,
    auditTtlDays: options.auditTtlDays,
    reportFile,
    checkpointFile: `${file}.checkpoint.json`,
    fingerprint: JSON.stringify([
      options.from,
      [...options.map],
      options.consent,
      options.replace === true,
      options.unusablePasswords,
    ]),
  });
  print(outcome, options.apply === true, reportFile);
  if (outcome.counts('rejected') + outcome.counts('conflicts') > 0) process.exitCode = 1;
}

function exportTime(given: string | undefined, modifiedMs: number, now: number): string {
  const time = given === undefined ? modifiedMs : Date.parse(given);
  if (Number.isNaN(time) || time > now + 60_000)
    throw new Error('--exported-at: expected a time that has passed');
  return new Date(time).toISOString();
}

async function presetOf(options: ImportCommandOptions): Promise<Preset> {
  switch (options.from) {
    case 'auth0':
      return auth0(await auth0Hashes(options.auth0Passwords));
    case 'firebase':
      return firebase(
        options.firebaseSignerKey === undefined
          ? undefined
          : {
              signerKey: options.firebaseSignerKey,
              saltSeparator: options.firebaseSaltSeparator,
              rounds: options.firebaseRounds,
              memCost: options.firebaseMemCost,
            },
      );
    default:
      return { keycloak, cognito, generic }[options.from];
  }
}

/** The password file in memory: about 150 bytes a person, half a gigabyte for three million. */
async function auth0Hashes(
  file: string | undefined,
): Promise<(keys: readonly string[]) => string | undefined> {
  const hashes = new Map<string, string>();
  if (file !== undefined) {
    for await (const { line, value } of readRecords(file, 'json-lines')) {
      const password = value && auth0Password(value);
      if (!password) throw new Error(`--auth0-passwords: line ${line} has no passwordHash with _id or email`);
      for (const key of password.keys) hashes.set(key, password.hash);
    }
  }
  return (keys) => keys.map((key) => hashes.get(key)).find((hash) => hash !== undefined);
}

const lines = [
  ['lines', 'lines'],
  ['added', 'people come in'],
  ['replaced', 'replaced'],
  ['unchanged', 'wait already, unchanged'],
  ['moved', 'have arrived already'],
  ['withoutPassword', 'without a password: they set a new one by mail'],
  ['repeated', 'lines that are there twice'],
  ['rejected', 'refused'],
  ['conflicts', 'conflicts within the file: not imported'],
  ['alreadyWaiting', 'wait already with other content: not imported'],
  ['accountExists', 'have an account here: not imported'],
  ['duplicateGroups', 'groups of lines that may be one person'],
  ['resumedAfter', 'lines were done before and passed over'],
] as const;

function print({ summary, counts }: ImportOutcome, isApplied: boolean, reportFile: string): void {
  if (summary) console.log(`${summary}\n`);
  for (const [name, words] of lines) {
    if (name === 'lines' || counts(name) > 0) console.log(`${String(counts(name)).padStart(9)}  ${words}`);
  }
  console.log(`report: ${reportFile}`);
  if (!isApplied) console.log('dry run: nothing was written. Run it again with --apply.');
}
