import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../cli/import/checkpoint.ts';
import { readConsentMapping, readFieldMapping } from '../../../cli/import/mapping.ts';
import { type ReadPerson, readPeople } from '../../../cli/import/people.ts';
import { auth0 } from '../../../cli/import/presets/auth0.ts';
import { cognito } from '../../../cli/import/presets/cognito.ts';
import { firebase } from '../../../cli/import/presets/firebase.ts';
import { generic } from '../../../cli/import/presets/generic.ts';
import { keycloak } from '../../../cli/import/presets/keycloak.ts';
import type { Preset } from '../../../cli/import/presets/preset.ts';
import { readRecords } from '../../../cli/import/records.ts';
import { lazyPasswordHashes } from '../../../lambdas/adapters/password-hashes.ts';
import { aConfiguration, NOW } from '../../support/registration.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/migration/', import.meta.url));
const { languages, purposes, profile } = aConfiguration();
const rules = {
  languages,
  purposes,
  profile,
  unusablePasswords: 'refuse' as const,
  exportedAt: '2026-11-01T00:00:00.000Z',
};

async function people(
  file: string,
  preset: Preset,
  fields: Record<string, string> = {},
): Promise<ReadPerson[]> {
  const found: ReadPerson[] = [];
  const options = { file: join(fixtures, file), preset, hasOwnForm: false, consents: [], rules, now: NOW };
  for await (const person of readPeople({ ...options, fields: new Map(Object.entries(fields)) }))
    found.push(person);
  return found;
}

const summary = (read: readonly ReadPerson[]) =>
  read.map((one) =>
    one.kind === 'admitted'
      ? `${one.line} ${one.person.email} ${one.person.password?.algorithm ?? 'none'}`
      : `${one.line} ${one.findings.map(({ code }) => code).join()}`,
  );

const bcryptOfAda = '$2b$10$fVH8e28OQRj9tqiDXs1e1uxpsjN0c7II7YPKXua2NAKYvM6iQk7dq';
const firebaseParameters = {
  signerKey: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  saltSeparator: 'Bw==',
  rounds: 8,
  memCost: 14,
};

describe('exports of other systems', () => {
  it('Auth0: users joined with their password file; banned and unverified ones are refused', async () => {
    const hashOf = (keys: readonly string[]) =>
      keys.includes('id:5f7c8ec7c33c6c004bbafe82') ? bcryptOfAda : undefined;
    const read = await people('auth0-users.jsonl', auth0(hashOf), { city: 'user_metadata.city' });
    expect(summary(read)).toEqual([
      '1 ada@example.com bcrypt',
      '2 ADDRESS_UNVERIFIED',
      '3 ACCOUNT_BLOCKED',
      '4 ada+shop@example.com none',
    ]);
    expect(read[0]).toMatchObject({ person: { fields: { city: { value: 'London', purpose: 'account' } } } });
  });

  it('Keycloak: the users of a realm document, PBKDF2 and argon2; disabled ones are refused', async () => {
    const read = await people('keycloak-realm.json', keycloak);
    expect(summary(read)).toEqual([
      '1 ada@example.com pbkdf2',
      '2 grace@example.com argon2id',
      '3 ACCOUNT_BLOCKED',
    ]);
    const [, grace] = read;
    const hash = grace?.kind === 'admitted' ? grace.person.password : undefined;
    expect(hash && (await lazyPasswordHashes.matches(hash, 'password'))).toBe(true);
  });

  it.each(['firebase-users.json', 'firebase-users.csv'])(
    'Firebase: %s, with the parameters of the project',
    async (file) => {
      const [ada, grace] = await people(file, firebase(firebaseParameters));
      const hash = ada?.kind === 'admitted' ? ada.person.password : undefined;
      expect(hash && (await lazyPasswordHashes.matches(hash, 'user1password'))).toBe(true);
      expect(grace?.kind).toBe('rejected');
    },
  );

  it('Firebase without its parameters: nobody comes in with a hash that cannot be checked', async () => {
    expect(summary(await people('firebase-users.json', firebase(undefined)))[0]).toBe(
      '1 PASSWORD_UNREADABLE',
    );
  });

  it('Cognito: without passwords; unconfirmed ones are refused', async () => {
    expect(summary(await people('cognito-users.csv', cognito))).toEqual([
      '2 ada@example.com none',
      '3 ADDRESS_UNVERIFIED',
    ]);
  });

  it('a CSV of our own: too costly, expired and unreadable lines are named', async () => {
    expect(summary(await people('shop-customers.csv', generic))).toEqual([
      '2 ada@example.com pbkdf2',
      '3 a.d.a@example.com none',
      '4 PASSWORD_TOO_COSTLY',
      '5 ACCOUNT_EXPIRED',
      '6 linus@example.com none',
      '7 PASSWORD_UNREADABLE',
    ]);
  });
});

describe('files', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'vestibule-files-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('finds the people of any document, however it is written', async () => {
    const value = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 3 })));
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 5 }), fc.nat(4), async (users, indent) => {
        const file = join(directory, 'document.json');
        const other = { realm: 'users', more: [{ users: [1] }] };
        await writeFile(file, JSON.stringify({ ...other, users, after: [{ x: 1 }] }, null, indent));
        const found: unknown[] = [];
        for await (const record of readRecords(file, 'json-array')) found.push(record.value);
        expect(JSON.stringify(found)).toEqual(JSON.stringify(users));
      }),
      { numRuns: 40 },
    );
  });

  it('reads on after a line that cannot be read', async () => {
    const file = join(directory, 'lines.jsonl');
    await writeFile(file, '{"a":1}\nnot json\n[1]\n\n{"a":2}');
    const found = [];
    for await (const record of readRecords(file, 'json-lines')) found.push([record.line, record.value]);
    expect(found).toEqual([
      [1, { a: 1 }],
      [2, undefined],
      [3, undefined],
      [5, { a: 2 }],
    ]);
  });

  it('refuses a document that ends in the middle', async () => {
    const file = join(directory, 'cut.json');
    await writeFile(file, '{"users":[{"a":1},{"a"');
    const read = async () => {
      for await (const _ of readRecords(file, 'json-array'));
    };
    await expect(read()).rejects.toThrow(/ends in the middle/);
  });

  it('keeps a checkpoint for exactly one input, and takes a damaged one for none', async () => {
    const file = join(directory, 'checkpoint.json');
    await (await openCheckpoint(file, 'input a')).reach(41);
    expect((await openCheckpoint(file, 'input a')).line).toBe(41);
    expect((await openCheckpoint(file, 'input b')).line).toBe(0);
    await writeFile(file, '{"version":1,"inp');
    expect((await openCheckpoint(file, 'input a')).line).toBe(0);
  });
});

describe('mappings', () => {
  it('are read as they are documented', () => {
    expect(readFieldMapping('city=user_metadata.city')).toEqual(['city', 'user_metadata.city']);
    expect(readConsentMapping('newsletter=optin,version=:2,at=since')).toEqual({
      purpose: 'newsletter',
      decision: 'optin',
      version: ':2',
      at: 'since',
    });
  });
  it.each(['city', '=city', 'city='])('%s is refused', (text) =>
    expect(() => readFieldMapping(text)).toThrow(),
  );
  it('a misspelt part of a consent is refused', () =>
    expect(() => readConsentMapping('newsletter=optin,vresion=2')).toThrow(/vresion/));
});
