import type { Clock, Pseudonyms, Random } from '../../ports.ts';
import type { AuditEvent, AuditEventType } from '../audit/event.ts';
import type { LedgerEntry } from '../consent/ledger.ts';
import { canonicalIdentifier } from '../identifier.ts';
import type { Sub } from '../ids.ts';
import type { CompletedMigration, CompletedMigrations, WaitingPeople } from './ports.ts';
import type { WaitingPerson } from './record.ts';

export interface CompletionPorts {
  readonly waiting: Pick<WaitingPeople, 'find'>;
  readonly migrations: CompletedMigrations;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly random: Random;
}

export interface SignedInPerson {
  readonly sub: Sub;
  readonly email: string;
  readonly client: string;
}

const attempts = 3;

/**
 * Turns the record of a person who is moving into profile, consents and address claim. Cognito tells the migration
 * trigger no `sub` and runs no PostConfirmation for migrated people, so this waits for the first tokens: none are given
 * before it is done. Repeating it changes nothing.
 */
export async function completeMigration(ports: CompletionPorts, person: SignedInPerson): Promise<void> {
  const identifier = canonicalIdentifier(person.email);
  if (!identifier) return;
  const address = await ports.pseudonyms.of('identifier', identifier);
  const record = await ports.waiting.find(address);
  if (record?.state !== 'moving' || record.person.email !== identifier) return;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const migration = { address, ...completed(ports, person, record.person) };
    if ((await ports.migrations.complete(migration)) === 'done') return;
  }
  throw new Error('completing a migration kept losing races');
}

function completed(
  { clock, random }: CompletionPorts,
  { sub, client }: SignedInPerson,
  person: WaitingPerson,
): Omit<CompletedMigration, 'address'> {
  const now = clock.now();
  const at = new Date(now).toISOString();
  const event = (type: AuditEventType, data: AuditEvent['data']): AuditEvent => ({
    v: 1,
    id: random.ulid(now),
    type,
    at,
    subject: { sub },
    actor: 'self',
    outcome: 'success',
    reasons: [],
    client,
    data,
  });
  const consents = person.consents.map(
    (consent): LedgerEntry => ({ id: random.ulid(Date.parse(consent.at)), ...consent, source: 'import' }),
  );
  const fields = Object.entries(person.fields).map(([name, field]) => [
    name,
    { ...field, source: 'import' as const, at: person.exportedAt },
  ]);
  return {
    profile: {
      sub,
      email: person.email,
      ...(person.locale && { locale: person.locale }),
      createdAt: at,
      fields: Object.fromEntries(fields),
    },
    consents,
    events: [
      event('migration.completed', {
        fields: Object.keys(person.fields),
        consents: consents.map(({ purpose }) => purpose),
        ...(person.password && { algorithm: person.password.algorithm }),
      }),
      ...consents.map(({ id: ledgerId, purpose, decision, version, language, textHash, at: given }) =>
        event(`consent.${decision}`, {
          purpose,
          version,
          language,
          textHash,
          ledgerId,
          given,
          source: 'import',
        }),
      ),
    ],
  };
}
