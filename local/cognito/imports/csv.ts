import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { checkRequired, checkValues } from '../attributes.ts';
import type { Engine } from '../engine.ts';
import type { Pool, User } from '../model.ts';
import { newIdentity, newUser } from '../operations/sign-up.ts';
import type { ImportJob, ImportJobs } from './jobs.ts';

const usernameColumn = 'cognito:username';
const mfaColumn = 'cognito:mfa_enabled';

/** Columns of a pool's file: its attributes except `sub`, then the two of the service (GetCSVHeader). */
export const csvHeader = (pool: Pool): string[] => [
  ...pool.schema
    .map(({ Name }) => Name)
    .filter((name) => name !== 'sub' && name !== 'identities' && !name.startsWith('dev:')),
  mfaColumn,
  usernameColumn,
];

/**
 * Imports the uploaded file line by line. People come without a password and have to set one (`RESET_REQUIRED`); lines
 * whose user exists are skipped, wrong ones fail, and neither stops the rest.
 */
export async function runImportJob(engine: Engine, jobs: ImportJobs, started: ImportJob): Promise<void> {
  const pool = engine.pools.get(started.poolId);
  const end = (changes: Partial<ImportJob>) => {
    const { csv: _, ...current } = jobs.find(started.id) ?? started;
    return jobs.put({ ...current, completedAt: engine.cloud.clock.now(), ...changes });
  };
  const rows = readRows(pool, started.csv ?? '');
  if (typeof rows === 'string') {
    await end({ status: 'Failed', message: rows });
    return;
  }
  await jobs.put({ ...started, status: 'InProgress' });
  const counts = { imported: 0, skipped: 0, failed: 0 };
  for (const row of rows) {
    if (jobs.find(started.id)?.status === 'Stopping') {
      await end({
        ...counts,
        status: 'Stopped',
        message: 'The user import job was stopped by the developer.',
      });
      return;
    }
    counts[await importRow(engine, pool, row)] += 1;
  }
  const status = counts.imported + counts.skipped > 0 || rows.length === 0 ? 'Succeeded' : 'Failed';
  const message =
    status === 'Failed' ? 'Too many users have failed or been skipped during the import.' : undefined;
  await end({ ...counts, status, ...(message && { message }) });
}

type Row = Readonly<Record<string, string>>;

function readRows(pool: Pool, csv: string): readonly Row[] | string {
  try {
    const rows: Row[] = parse(csv, { bom: true, columns: true, skip_empty_lines: true });
    const expected = new Set(csvHeader(pool));
    const given = Object.keys(rows[0] ?? {});
    const unknown = given.find((name) => !expected.has(name));
    if (unknown) return `The header in the CSV file does not match the expected headers: ${unknown}`;
    return given.includes(usernameColumn) ? rows : `The CSV file has no column ${usernameColumn}.`;
  } catch (error) {
    return `The CSV file cannot be read: ${error instanceof Error ? error.message : 'unknown'}`;
  }
}

async function importRow(engine: Engine, pool: Pool, row: Row): Promise<'imported' | 'skipped' | 'failed'> {
  const { [usernameColumn]: name = '', [mfaColumn]: _mfa, ...values } = row;
  const attributes = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  for (const flag of ['email_verified', 'phone_number_verified']) {
    if (attributes[flag] !== undefined) attributes[flag] = attributes[flag].toLowerCase();
  }
  if (name === '' || engine.directory.find(pool.id, name)) return name === '' ? 'failed' : 'skipped';
  try {
    checkValues(pool, attributes);
    checkRequired(pool, attributes);
    // An address or number that nobody proved would be of no use: there is no password to begin with.
    if (attributes.email_verified !== 'true' && attributes.phone_number_verified !== 'true') return 'failed';
    await engine.directory.insert(userOf(engine, pool, name, attributes), 'User already exists');
    return 'imported';
  } catch (error) {
    engine.cloud.log.info('user import: a line was not imported', {
      pool: pool.id,
      reason: error instanceof Error ? error.name : 'unknown',
    });
    return 'failed';
  }
}

function userOf(engine: Engine, pool: Pool, name: string, attributes: Record<string, string>): User {
  const byAttribute = (pool.settings.UsernameAttributes ?? []).length > 0;
  const identity = byAttribute
    ? newIdentity(pool, attributes.email ?? attributes.phone_number ?? name, attributes)
    : { sub: randomUUID(), username: name, attributes };
  return newUser(engine, pool, identity, { status: 'RESET_REQUIRED' });
}
