import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { compromisedPasswords } from '../../lambdas/adapters/password-lists.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { ServiceConfiguration } from '../../lambdas/core/configuration.ts';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import type { Pseudonym, Sub } from '../../lambdas/core/ids.ts';
import type {
  Directory,
  PendingRegistration,
  PendingRegistrations,
} from '../../lambdas/core/registration/ports.ts';
import type { RegistrationPorts } from '../../lambdas/core/registration/register.ts';
import type { Mail, Pseudonyms } from '../../lambdas/ports.ts';
import { compileAuthentication } from '../../lib/config/authentication.ts';

export const NOW = Date.parse('2026-11-22T12:00:00.000Z');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const version = (name: string, texts: Record<string, string>, material = true) => ({
  version: name,
  material,
  texts,
  textHashes: Object.fromEntries(Object.entries(texts).map(([language, text]) => [language, sha256(text)])),
});

export const aConfiguration = (changes: Partial<ServiceConfiguration> = {}): ServiceConfiguration => ({
  stage: 'test',
  authentication: compileAuthentication(),
  brand: { name: 'Harbour' },
  languages: ['en', 'de'],
  mail: { from: 'no-reply@harbour.example' },
  mailDomains: { allow: [], deny: ['mailinator.example'] },
  password: { minLength: 10 },
  profile: {
    fields: [
      {
        name: 'givenName',
        type: 'text',
        label: { en: 'Given name', de: 'Vorname' },
        purpose: 'account',
        collect: 'registration',
        weight: 10,
      },
      {
        name: 'birthday',
        type: 'date',
        label: { en: 'Birthday', de: 'Geburtstag' },
        purpose: 'offers',
        collect: 'registration',
        required: true,
        weight: 10,
      },
      {
        name: 'city',
        type: 'text',
        label: { en: 'City', de: 'Stadt' },
        purpose: 'account',
        collect: 'prompt',
        weight: 10,
      },
    ],
    prompting: { perVisit: 2, coolDownHours: 24, skipDays: 30, maxSkips: 3 },
  },
  purposes: [
    {
      name: 'terms',
      basis: 'contract',
      requiredAtRegistration: true,
      versions: [
        version('2', { en: 'Terms, second', de: 'Bedingungen, zweite' }),
        version('1', { en: 'Terms', de: 'B' }),
      ],
    },
    {
      name: 'offers',
      basis: 'consent',
      requiredAtRegistration: false,
      versions: [version('1', { en: 'Offers by mail', de: 'Angebote per Mail' })],
    },
  ],
  tiers: ['basic'],
  providers: [],
  origins: ['https://app.harbour.example'],
  portalUrl: 'https://account.harbour.example',
  ...changes,
});

export const aConsent = (purpose: string, changes: Record<string, string> = {}) => {
  const known = aConfiguration().purposes.find(({ name }) => name === purpose);
  const current = known?.versions[0];
  return {
    purpose,
    decision: 'granted' as 'granted' | 'withdrawn',
    version: current?.version ?? '1',
    language: 'en',
    textHash: current?.textHashes.en ?? '',
    ...changes,
  };
};

/** The keyed hash without a secret: readable in a failing test, and as good for telling things apart. */
export const plainPseudonyms: Pseudonyms = {
  of: async (kind, value) => sha256(`${kind}\0${value}`).slice(0, 22) as Pseudonym,
};

/** What the user pool does, as far as our ports see it: the first password stays, an unconfirmed account is taken. */
export class FakeDirectory implements Directory {
  readonly users = new Map<string, { sub: Sub; password: string; confirmed: boolean; code: string }>();
  readonly calls: string[] = [];
  refusal: string | undefined;
  failure: Error | undefined;

  async signUp({ identifier, password }: { identifier: Identifier; password: string }) {
    this.calls.push(`signUp ${identifier}`);
    if (this.failure) throw this.failure;
    if (this.refusal) return { kind: 'refused' as const, code: this.refusal };
    if (this.users.has(identifier)) return { kind: 'taken' as const };
    const sub = `sub-of-${identifier}-${this.users.size}` as Sub;
    this.users.set(identifier, { sub, password, confirmed: false, code: '111111' });
    return { kind: 'created' as const, sub };
  }
  async confirmSignUp(identifier: Identifier, code: string) {
    this.calls.push(`confirmSignUp ${identifier}`);
    const user = this.users.get(identifier);
    if (!user || user.confirmed || user.code !== code) return false;
    user.confirmed = true;
    return true;
  }
  async resendConfirmation(identifier: Identifier) {
    this.calls.push(`resend ${identifier}`);
    const user = this.users.get(identifier);
    return user !== undefined && !user.confirmed;
  }
  async requestPasswordReset(identifier: Identifier) {
    this.calls.push(`forgot ${identifier}`);
  }
  async confirmPasswordReset(identifier: Identifier, code: string, password: string) {
    this.calls.push(`reset ${identifier}`);
    const user = this.users.get(identifier);
    if (user?.code !== code) return 'code-rejected' as const;
    user.password = password;
    return 'reset' as const;
  }
}

/** In memory, with the same atomic steps as the table. */
export class FakePending implements PendingRegistrations {
  readonly items = new Map<string, PendingRegistration>();
  readonly events: AuditEvent[];
  constructor(events: AuditEvent[]) {
    this.events = events;
  }
  async find(identifier: Pseudonym) {
    return this.items.get(identifier);
  }
  async reserve(pending: PendingRegistration, replaces?: Pseudonym) {
    const standing = this.items.get(pending.identifier);
    if (standing && standing.handle !== replaces) return false;
    this.items.set(pending.identifier, pending);
    return true;
  }
  async settle(pending: PendingRegistration, sub: Sub, event: AuditEvent) {
    this.items.set(pending.identifier, { ...pending, sub });
    this.events.push(event);
  }
  async release(pending: PendingRegistration) {
    if (this.items.get(pending.identifier)?.handle === pending.handle) this.items.delete(pending.identifier);
  }
}

export function registrationWorld() {
  const events: AuditEvent[] = [];
  const mails: Mail[] = [];
  const faults: unknown[] = [];
  const directory = new FakeDirectory();
  const pending = new FakePending(events);
  const notices = new Set<string>();
  const counts = new Map<string, number>();
  const time = { now: NOW };
  let serial = 0;
  const ports: RegistrationPorts = {
    directory,
    pending,
    limits: {
      take: async (address, kind, limit) => {
        const count = (counts.get(`${address} ${kind}`) ?? 0) + 1;
        counts.set(`${address} ${kind}`, count);
        return count > limit ? 3_600 : undefined;
      },
    },
    notices: {
      claim: async (identifier) => {
        if (notices.has(identifier)) return false;
        notices.add(identifier);
        return true;
      },
    },
    passwords: compromisedPasswords(),
    outbox: {
      put: async (event) => {
        events.push(event);
      },
    },
    mailer: {
      send: async (mail) => {
        mails.push(mail);
      },
    },
    pseudonyms: plainPseudonyms,
    clock: { now: () => time.now },
    random: {
      id: () => `handle${String(serial++).padStart(16, '0')}`,
      ulid: (now) => `${now}-${serial++}`,
      digits: (count) => '1'.repeat(count),
    },
    noticeFailed: (error) => {
      faults.push(error);
    },
  };
  return { ports, directory, pending, events, mails, faults, time };
}

/** A proxy event as API Gateway sends it. */
export function proxyEvent(
  method: string,
  resource: string,
  options: {
    body?: unknown;
    rawBody?: string;
    base64?: boolean;
    headers?: Record<string, string>;
    query?: Record<string, string[]>;
    params?: Record<string, string>;
    authorizer?: Record<string, unknown>;
    sourceIp?: string;
  } = {},
): APIGatewayProxyEvent {
  const body = options.rawBody ?? (options.body === undefined ? null : JSON.stringify(options.body));
  const headers = { ...(body !== null && { 'Content-Type': 'application/json' }), ...options.headers };
  const event = {
    resource,
    path: resource,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: options.query ?? null,
    pathParameters: options.params ?? null,
    stageVariables: null,
    body,
    isBase64Encoded: options.base64 ?? false,
    requestContext: {
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      extendedRequestId: 'JKJaXmPLvHcESHA=',
      authorizer: options.authorizer,
      identity: {
        sourceIp: options.sourceIp ?? '203.0.113.7',
        userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0',
      },
    },
  };
  return event as unknown as APIGatewayProxyEvent;
}
