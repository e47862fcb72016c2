import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ulid } from 'ulid';
import { dynamoAttempts, dynamoOperatorActivity } from '../../lambdas/adapters/activity.ts';
import { dynamoAddressClaims } from '../../lambdas/adapters/address-claims.ts';
import { dynamoAuditOutbox } from '../../lambdas/adapters/audit-outbox.ts';
import { dynamoCohortSessions } from '../../lambdas/adapters/cohort-sessions.ts';
import { dynamoCohortEnder, dynamoCohorts } from '../../lambdas/adapters/cohorts.ts';
import { dynamoConsents } from '../../lambdas/adapters/consents.ts';
import { dynamoDecisionTraces } from '../../lambdas/adapters/decisions.ts';
import { dynamoIdentityOwners, dynamoLinks } from '../../lambdas/adapters/links.ts';
import { dynamoOperatorAccounts } from '../../lambdas/adapters/operator-accounts.ts';
import { dynamoRecoveries } from '../../lambdas/adapters/recoveries.ts';
import { dynamoStatisticsReader } from '../../lambdas/adapters/statistics.ts';
import { adminRoutes } from '../../lambdas/admin-api/routes.ts';
import { dispatch, type FaultLine } from '../../lambdas/api/dispatch.ts';
import type { Problem } from '../../lambdas/api/problem.ts';
import type { RouteAnswer, RouteIdOf } from '../../lambdas/api/types.ts';
import { cohortKeyOf } from '../../lambdas/core/administration/cohort-key.ts';
import type { OperatorDirectory } from '../../lambdas/core/administration/ports.ts';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import type { Sub } from '../../lambdas/core/ids.ts';
import { aSub, iso, NOW } from './account.ts';
import { auditTable, testPseudonyms } from './account-api.ts';
import type { TestTables } from './tables.ts';

export type AdminRoute = RouteIdOf<'admin-api'>;

export interface AdminCall<Id extends AdminRoute = AdminRoute> {
  readonly route: Id;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What the authorizer says about the caller; an operator with a passkey unless changed. */
  readonly caller?: Readonly<Record<string, string>>;
}

export interface AdminAnswered<Id extends AdminRoute> {
  readonly status: number;
  readonly body: RouteAnswer<Id> extends { readonly body: infer Body } ? Body : undefined;
  readonly problem: Problem;
}

/** The user pool as far as operators see it. */
class FakeOperatorDirectory implements OperatorDirectory {
  readonly people = new Map<string, { enabled: boolean; status: string; address?: Identifier }>();
  readonly calls: string[] = [];
  failure: Error | undefined;

  add(sub = aSub()): Sub {
    this.people.set(sub, { enabled: true, status: 'CONFIRMED' });
    return sub;
  }
  async find(sub: string) {
    const person = this.people.get(sub);
    return person && { sub: sub as Sub, userName: sub, ...person };
  }
  readonly addresses = new Map<string, Sub[]>();
  async subsWith(address: string) {
    return this.addresses.get(address) ?? [];
  }
  async disable(sub: string) {
    this.change('disable', sub, { enabled: false });
  }
  async enable(sub: string) {
    this.change('enable', sub, { enabled: true });
  }
  async endSessions(sub: string) {
    this.change('endSessions', sub, {});
  }
  async forceReset(sub: string) {
    this.change('forceReset', sub, { status: 'RESET_REQUIRED' });
  }
  private change(call: string, sub: string, changes: { enabled?: boolean; status?: string }) {
    if (this.failure) throw this.failure;
    this.calls.push(call);
    const person = this.people.get(sub);
    if (person) Object.assign(person, changes);
  }
}

/** The whole function over real tables, with a clock and a user pool of its own. */
export function adminApi(tables: TestTables) {
  const clock = { time: NOW, now: () => clock.time };
  const faults: FaultLine[] = [];
  const directory = new FakeOperatorDirectory();
  const operator = aSub();
  const audit = auditTable(tables);
  const named = { ...tables.names, audit };
  const recoveries = dynamoRecoveries(tables.client, named);
  const outbox = dynamoAuditOutbox(tables.client, audit);
  const ownerOf = dynamoAddressClaims(tables.client, tables.names.profiles).find;
  let ids = 0;
  const random = { id: () => `recovery-${++ids}`, ulid, digits: () => '00000000' };
  const handle = dispatch(
    'admin-api',
    adminRoutes({
      people: {
        directory,
        accounts: dynamoOperatorAccounts(tables.client, named, recoveries),
        recoveries,
        outbox,
        clock,
        random,
      },
      cohorts: {
        sessions: dynamoCohortSessions(tables.client, tables.names.profiles),
        store: dynamoCohorts(tables.client, named, clock),
        ender: dynamoCohortEnder(tables.client, tables.names.risk, clock),
        ownerOf,
        outbox,
        clock,
        random,
      },
      finding: { ownerOf, identityOwnerOf: dynamoIdentityOwners(tables.client, tables.names.profiles).find },
      links: dynamoLinks(tables.client, named),
      activity: dynamoOperatorActivity(tables.client, tables.names.audit),
      attempts: dynamoAttempts(tables.client, tables.names.audit),
      consents: dynamoConsents(tables.client, named),
      decisions: dynamoDecisionTraces(tables.client, tables.names),
      statistics: dynamoStatisticsReader(tables.client, tables.names.statistics),
      outbox,
      pseudonyms: testPseudonyms,
      recovery: { delayHours: 72 },
      clientIds: ['web', 'server'],
    }),
    { clock, origins: [], log: (fault) => faults.push(fault) },
  );
  const send = async <Id extends AdminRoute>(call: AdminCall<Id>): Promise<AdminAnswered<Id>> => {
    const { statusCode, body: text } = await handle(operatorEventOf(operator, call, clock.time));
    const body = JSON.parse(text);
    return { status: statusCode, body, problem: body };
  };
  return { send, clock, faults, directory, operator };
}

/** What the registry writes about one session. */
export async function registerSession(
  { client, names }: TestTables,
  session: { sub: Sub; flow: string; client: string; startedAt: number; network?: string; provider?: string },
): Promise<void> {
  const { sub, flow, startedAt, client: clientId, ...more } = session;
  await client.send(
    new PutItemCommand({
      TableName: names.profiles,
      Item: marshall({
        sub,
        item: `session#${flow}`,
        flow,
        cohortKey: cohortKeyOf(clientId, startedAt),
        startedAt: iso(startedAt),
        client: clientId,
        ...more,
      }),
    }),
  );
}

function operatorEventOf(operator: Sub, call: AdminCall, now: number): APIGatewayProxyEvent {
  const [method = '', resource = ''] = call.route.split(' ');
  const headers = call.body === undefined ? {} : { 'content-type': 'application/json' };
  const query = Object.entries(call.query ?? {}).map(([name, value]) => [name, [value]]);
  return {
    httpMethod: method,
    resource,
    path: resource,
    headers,
    multiValueHeaders: {},
    pathParameters: call.params ?? null,
    queryStringParameters: call.query ?? null,
    multiValueQueryStringParameters: Object.fromEntries(query),
    body: call.body === undefined ? null : JSON.stringify(call.body),
    isBase64Encoded: false,
    requestContext: {
      identity: { sourceIp: '203.0.113.7', userAgent: 'vestibule-cli' },
      requestId: 'request-1',
      extendedRequestId: 'extended-1',
      authorizer: {
        sub: operator,
        scopes: 'vestibule/operators.read vestibule/operators.write',
        clientId: 'server',
        sessionKey: 'session-of-the-operator',
        level: '2',
        methods: 'passkey',
        authenticatedAt: String(Math.floor(now / 1000) - 60),
        ...call.caller,
      },
    },
  } as unknown as APIGatewayProxyEvent;
}
