import { ulid } from 'ulid';
import type { SecurityServices } from '../../lambdas/account-api/security/services.ts';
import { dynamoAddressBook } from '../../lambdas/adapters/address-book.ts';
import { dynamoAuditOutbox } from '../../lambdas/adapters/audit-outbox.ts';
import { sealedFactorSecrets } from '../../lambdas/adapters/factor-secrets.ts';
import { dynamoFactorStore } from '../../lambdas/adapters/factor-store.ts';
import { compromisedPasswords } from '../../lambdas/adapters/password-lists.ts';
import { dynamoPendingChanges } from '../../lambdas/adapters/pending-changes.ts';
import { dynamoProfiles } from '../../lambdas/adapters/profiles.ts';
import { dynamoRiskCounters } from '../../lambdas/adapters/risk-counters.ts';
import { keyedPseudonyms } from '../../lambdas/adapters/secrets.ts';
import { dynamoPasswordResets } from '../../lambdas/adapters/session-cutoffs.ts';
import { systemRandom } from '../../lambdas/adapters/system.ts';
import type { Accounts } from '../../lambdas/core/account/ports.ts';
import type { FactorPolicy } from '../../lambdas/core/factor/policy.ts';
import type { Sub } from '../../lambdas/core/ids.ts';
import type { Clock, Mail, SmsMessage } from '../../lambdas/ports.ts';
import type { TestTables } from './tables.ts';

export const testOrigin = 'http://localhost:4000';

/** The user pool, as far as a signed-in person's changes reach it; it can be told to refuse or to fail. */
export class FakeAccounts implements Accounts {
  readonly passwords = new Map<Sub, string>();
  readonly signedOut: Sub[] = [];
  readonly addresses = new Map<string, Sub>();
  readonly history = new Set<string>();
  failing = false;

  private reach(): void {
    if (this.failing) throw new Error('the user pool is down');
  }

  async setPassword(sub: Sub, password: string) {
    this.reach();
    if (this.history.has(password)) return 'refused' as const;
    this.passwords.set(sub, password);
    return 'changed' as const;
  }

  async endSessions(sub: Sub) {
    this.reach();
    this.signedOut.push(sub);
  }

  async isTaken(address: string) {
    this.reach();
    return this.addresses.has(address);
  }

  async moveAddress(sub: Sub, address: string): Promise<'moved' | 'taken' | 'unavailable'> {
    this.reach();
    if ((this.addresses.get(address) ?? sub) !== sub) return 'taken' as const;
    this.addresses.set(address, sub);
    return 'moved' as const;
  }
}

/** Real stores on real tables; mails, messages and the user pool are noted instead. */
export function testSecurity(tables: TestTables, clock: Clock) {
  const names = tables.names;
  const audit = { name: names.audit, ttlDays: 90 };
  const stores = { profiles: names.profiles, risk: names.risk, audit };
  const accounts = new FakeAccounts();
  const mails: Mail[] = [];
  const messages: SmsMessage[] = [];
  const waits: number[] = [];
  const faults: unknown[] = [];
  const policy: { current: FactorPolicy } = { current: { banned: [], required: [] } };
  const brake: { outcome: 'sent' | 'refused' } = { outcome: 'sent' };
  const key = { id: 'key-1', secret: Buffer.from('a sealing key of the tests') };
  const services: SecurityServices = {
    configuration: {
      brand: { name: 'Harbour: Shop' },
      languages: ['en', 'de'],
      mailDomains: { allow: [], deny: ['mailinator.example'] },
      password: { minLength: 15, minLengthWithFactor: 8 },
      portalUrl: 'https://account.harbour.example',
    },
    profiles: dynamoProfiles(tables.client, names.profiles, audit),
    factors: dynamoFactorStore(tables.client, stores),
    pending: dynamoPendingChanges(
      tables.client,
      names.risk,
      dynamoRiskCounters(tables.client, names.risk, clock),
    ),
    secrets: sealedFactorSecrets({ current: async () => key, find: async () => key }),
    accounts,
    addresses: dynamoAddressBook(tables.client, stores),
    passwords: compromisedPasswords(),
    endSessions: dynamoPasswordResets(tables.client, stores).record,
    policyOf: async () => policy.current,
    outbox: dynamoAuditOutbox(tables.client, audit),
    mailer: { send: async (mail) => void mails.push(mail) },
    sms: {
      send: async (message) => {
        if (brake.outcome === 'sent') messages.push(message);
        return brake.outcome;
      },
      answered: async () => {},
    },
    relyingParty: { id: 'localhost', name: 'Harbour', origins: [testOrigin] },
    codeLifetimeSeconds: 300,
    pseudonyms: keyedPseudonyms('pseudonym', async () => ({
      versionId: 'v1',
      key: 'a test key of more than thirty-two characters',
    })),
    random: { ...systemRandom, ulid },
    clock,
    wait: async (milliseconds) => void waits.push(milliseconds),
    noticeFailed: (error) => void faults.push(error),
  };
  return { services, accounts, mails, messages, waits, faults, policy, brake };
}
