import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ulid } from 'ulid';
import type { PrivacyServices } from '../../lambdas/account-api/privacy/routes.ts';
import { accountRoutes } from '../../lambdas/account-api/routes.ts';
import { ownSessionServices } from '../../lambdas/account-api/sessions/wiring.ts';
import { dynamoActivity } from '../../lambdas/adapters/activity.ts';
import { dynamoAuditOutbox } from '../../lambdas/adapters/audit-outbox.ts';
import { dynamoConsents } from '../../lambdas/adapters/consents.ts';
import { dynamoErasureRequests } from '../../lambdas/adapters/erasure-marks.ts';
import { dynamoPersonalRecords } from '../../lambdas/adapters/personal-records.ts';
import { dynamoProfiles } from '../../lambdas/adapters/profiles.ts';
import { dynamoRiskCounters } from '../../lambdas/adapters/risk-counters.ts';
import { keyedPseudonyms } from '../../lambdas/adapters/secrets.ts';
import { systemRandom } from '../../lambdas/adapters/system.ts';
import { dispatch, type FaultLine } from '../../lambdas/api/dispatch.ts';
import type { Problem } from '../../lambdas/api/problem.ts';
import type { RouteAnswer, RouteIdOf } from '../../lambdas/api/types.ts';
import type { Sub } from '../../lambdas/core/ids.ts';
import type { OwnDirectoryEntry } from '../../lambdas/core/privacy/ports.ts';
import type { AccountRules } from '../../lambdas/core/profile/owner-request.ts';
import { reachableLevel } from '../../lambdas/core/session/assurance.ts';
import type { Clock } from '../../lambdas/ports.ts';
import { accountRules, NOW } from './account.ts';
import { testSecurity } from './account-security.ts';
import { testLinks } from './links.ts';
import { lifetimes } from './sessions.ts';
import type { TestTables } from './tables.ts';

export const testPseudonyms = keyedPseudonyms('pseudonym', async () => ({
  versionId: 'v1',
  key: 'a test key of more than thirty-two characters',
}));

export const auditTable = (tables: TestTables) => ({ name: tables.names.audit, ttlDays: 90 });

/** The three stores of this function on real tables. */
export const accountStores = (tables: TestTables) => ({
  profiles: dynamoProfiles(tables.client, tables.names.profiles, auditTable(tables)),
  consents: dynamoConsents(tables.client, { ...tables.names, audit: auditTable(tables) }),
  activity: dynamoActivity(tables.client, tables.names.audit),
  ulid,
});

export type AccountRoute = RouteIdOf<'account-api'>;

export interface Call<Id extends AccountRoute = AccountRoute> {
  readonly route: Id;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  readonly scopes?: string;
  /** What the authorizer says beyond the person, for example a level or an age. */
  readonly authorizer?: Readonly<Record<string, string>>;
}

export interface Answered<Id extends AccountRoute> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The answer's body as the route promises it. */
  readonly body: RouteAnswer<Id> extends { readonly body: infer Body } ? Body : undefined;
  /** The same body, for the calls that are refused. */
  readonly problem: Problem;
}

const allScopes = [
  'profile.read',
  'profile.write',
  'consents.read',
  'consents.write',
  'activity.read',
  'security.read',
  'security.write',
  'sessions.read',
  'sessions.write',
  'privacy.read',
  'privacy.write',
]
  .map((scope) => `vestibule/${scope}`)
  .join(' ');

/** The user pool, as far as these rights reach it. */
export class FakeDirectoryEntry implements OwnDirectoryEntry {
  readonly closed: string[] = [];
  readonly known: Record<string, string> = { name: 'As the provider writes it' };
  failing = false;

  async attributes(): Promise<Readonly<Record<string, string>>> {
    return this.known;
  }

  async close(names: readonly string[]): Promise<void> {
    if (this.failing) throw new Error('the user pool is down');
    this.closed.push(...names);
  }
}

const testPrivacy = (tables: TestTables, clock: Clock, directory: OwnDirectoryEntry): PrivacyServices => ({
  configuration: { brands: [] },
  records: dynamoPersonalRecords(tables.client, tables.names),
  erasures: dynamoErasureRequests(tables.client, { ...tables.names, audit: auditTable(tables) }),
  counters: dynamoRiskCounters(tables.client, tables.names.risk, clock),
  directory,
  outbox: dynamoAuditOutbox(tables.client, auditTable(tables)),
  pseudonyms: testPseudonyms,
  random: systemRandom,
  closingFailed: () => {},
});

/** The whole function behind API Gateway's event, over real tables and with a clock of its own. */
export function accountApi(tables: TestTables, rules: AccountRules = accountRules()) {
  const clock = { time: NOW, now: () => clock.time };
  const faults: FaultLine[] = [];
  const security = testSecurity(tables, clock);
  const entry = new FakeDirectoryEntry();
  const handle = dispatch(
    'account-api',
    accountRoutes({
      configuration: rules,
      ...accountStores(tables),
      pseudonyms: testPseudonyms,
      random: { ulid },
      security: security.services,
      links: testLinks(tables, clock),
      privacy: testPrivacy(tables, clock, entry),
      ownSessions: ownSessionServices(
        {
          profiles: tables.names.profiles,
          risk: tables.names.risk,
          audit: { name: tables.names.audit, ttlDays: 90 },
        },
        { client: tables.client, pseudonyms: testPseudonyms, lifetimes, clock },
      ),
    }),
    {
      clock,
      origins: [],
      log: (fault) => faults.push(fault),
      bestLevel: async (sub) => reachableLevel((await security.services.factors.read(sub)).factors),
    },
  );
  const send = async <Id extends AccountRoute>(sub: Sub, call: Call<Id>): Promise<Answered<Id>> => {
    const { statusCode, headers = {}, body: text } = await handle(proxyEvent(sub, call));
    const body = text === '' ? undefined : JSON.parse(text);
    return { status: statusCode, headers: headers as Record<string, string>, body, problem: body };
  };
  return { send, clock, faults, rules, security, entry };
}

/** What API Gateway sends for a caller that its authorizer let in. */
export function proxyEvent(sub: Sub, call: Call): APIGatewayProxyEvent {
  const [method = '', resource = ''] = call.route.split(' ');
  const text = typeof call.body === 'string' ? call.body : JSON.stringify(call.body);
  const headers = { ...(call.body !== undefined && { 'content-type': 'application/json' }), ...call.headers };
  const query = Object.entries(call.query ?? {}).map(([name, value]) => [name, [value]]);
  const event = {
    httpMethod: method,
    resource,
    path: resource.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(call.params?.[name] ?? '')),
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    pathParameters: call.params ?? null,
    queryStringParameters: call.query ?? null,
    multiValueQueryStringParameters: Object.fromEntries(query),
    body: text ?? null,
    isBase64Encoded: false,
    requestContext: {
      identity: {
        sourceIp: '203.0.113.7',
        userAgent: call.headers?.['user-agent'] ?? 'Mozilla/5.0 (Windows NT 10.0) Firefox/145.0',
      },
      requestId: 'request-1',
      extendedRequestId: 'extended-1',
      authorizer: {
        sub,
        scopes: call.scopes ?? allScopes,
        clientId: 'web',
        sessionKey: 'session-1',
        level: '1',
        methods: 'password',
        authenticatedAt: '0',
        ...call.authorizer,
      },
    },
  };
  return event as unknown as APIGatewayProxyEvent;
}
