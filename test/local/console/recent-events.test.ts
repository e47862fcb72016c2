import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventFeed } from '../../../local/console/event-feed.ts';
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
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
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

const ids = async (feed: EventFeed) => (await feed.recent()).events.map(({ id }) => id);

const cloud = new FakeCloud();
beforeAll(async () => {
  dynamodb = await dynamodbService(cloud);
});
afterAll(async () => dynamodb.stop?.());

describe('recent events on the real engine', () => {
  it('are none where there are no tables', async () =>
    expect(await ids(new EventFeed(cloud, dynamodb))).toEqual([]));

  it('are those of audit rows and of risk items, also the ones that an item carries no more, each once', async () => {
    const audit = await createTable('IdentityTablesAudit', 'subject', 'id');
    const risk = await createTable('IdentityTablesRisk', 'subject', 'kind');
    const feed = new EventFeed(cloud, dynamodb);
    await put(audit.physicalId, { subject: 's', id: '01A', event: event('01A', 'sign-in.refused') });
    await put(risk.physicalId, { subject: 's', kind: 'FLOW', event: event('01B', 'sign-in.challenged') });
    expect(await ids(feed)).toEqual(['01B', '01A']);
    await put(risk.physicalId, { subject: 's', kind: 'FLOW', event: event('01C', 'sign-in.code-sent') });
    await put(risk.physicalId, { subject: 's', kind: 'COUNTER' });
    expect(await Promise.all([ids(feed), ids(feed)])).toEqual([
      ['01C', '01B', '01A'],
      ['01C', '01B', '01A'],
    ]);
    expect(await ids(new EventFeed(cloud, dynamodb))).toEqual(['01C', '01B', '01A']);
    expect((await feed.recent()).events.at(-1)).toMatchObject({
      type: 'sign-in.refused',
      subject: 'p',
      reasons: ['DEVICE_NEW'],
    });
    expect(cloud.logged).toEqual([]);
  });
});
