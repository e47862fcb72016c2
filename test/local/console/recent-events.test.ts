import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recentEvents } from '../../../local/console/audit-events.ts';
import { callApi } from '../../../local/console/sources.ts';
import { type DynamoService, dynamodbService } from '../../../local/services/dynamodb/index.ts';
import { FakeCloud, provision } from '../../support/fake-cloud.ts';

let dynamodb: DynamoService;

const createTable = (logicalId: string, hash: string, range: string) =>
  provision(dynamodb, 'AWS::DynamoDB::Table', logicalId, {
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: hash, KeyType: 'HASH' },
      { AttributeName: range, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [hash, range].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  });

const put = (TableName: string, item: Record<string, string>) =>
  callApi(dynamodb, 'PutItem', {
    TableName,
    Item: Object.fromEntries(Object.entries(item).map(([name, S]) => [name, { S }])),
  });

const event = (id: string, type: string) =>
  JSON.stringify({
    v: 1,
    id,
    type,
    at: '2026-11-22T12:00:00.000Z',
    subject: { pseudonym: 'p' },
    outcome: 'refused',
    reasons: ['DEVICE_NEW'],
  });

beforeAll(async () => {
  dynamodb = await dynamodbService(new FakeCloud());
});
afterAll(async () => dynamodb.stop?.());

describe('recent events on the real engine', () => {
  it('finds none where there are no tables', async () => expect(await recentEvents(dynamodb)).toEqual([]));

  it('reads audit rows and the events of risk items, newest first, and skips items without an event', async () => {
    const audit = await createTable('IdentityTablesAudit', 'subject', 'id');
    const risk = await createTable('IdentityTablesRisk', 'subject', 'kind');
    await put(audit.physicalId, { subject: 's', id: '01A', event: event('01A', 'sign-in.refused') });
    await put(risk.physicalId, { subject: 's', kind: 'HISTORY', event: event('01B', 'sign-in.succeeded') });
    await put(risk.physicalId, { subject: 's', kind: 'FLOW' });
    expect(await recentEvents(dynamodb)).toMatchObject([
      { id: '01B', type: 'sign-in.succeeded', subject: 'p', reasons: ['DEVICE_NEW'] },
      { id: '01A', type: 'sign-in.refused' },
    ]);
  });
});
