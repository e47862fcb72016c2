import { DynamoDBClient, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionRecord } from '../../../lambdas/core/risk/record.ts';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { ConsentText } from '../../../scripts/journey/registration.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { becomeOperator, subIn } from '../../support/operator.ts';

type Counts = Record<string, number>;
interface Report {
  readonly families: Record<string, { at: string; counts: Counts }[]>;
  readonly topNetworks: { network: string; count: number; error: number; refused: number }[];
}
interface Decision {
  readonly source: string;
  readonly outcome: string;
  readonly score: number;
  readonly signals: { code: string; value: unknown; weight: number }[];
  readonly methods: string[];
}

/** The record as the Risk table holds it. */
async function storedRecord({ outputs }: RunningCloud, flow: string): Promise<DecisionRecord> {
  const { region, endpoints, credentials } = outputs;
  const client = new DynamoDBClient({ region, endpoint: endpoints.aws, credentials });
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const TableName = TableNames.find((name) => name.includes('TablesRisk'));
  const Key = marshall({ subject: `FLOW#${flow}`, kind: 'FLOW' });
  const { Item = {} } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  client.destroy();
  return JSON.parse(String(unmarshall(Item).record)) as DecisionRecord;
}

/** The clock may pass midnight. */
const todayIn = ({ clock }: RunningCloud) => new Date(clock.now()).toISOString().slice(0, 10);

describe.each([
  { what: 'delivered once', deliveries: 1 },
  { what: 'delivered three times, and forwarded twice', deliveries: 3 },
])('statistics of events that are $what', ({ deliveries }) => {
  let cloud: RunningCloud;
  let operator: Customer;
  let first: string;
  beforeAll(async () => {
    cloud = await openCloud();
    first = todayIn(cloud);
    if (deliveries > 1) {
      const repeated = (operation: string, times: number) =>
        cloud.faults.add({
          service: 'lambda',
          operation,
          effect: { kind: 'duplicate', deliveries: times },
          times: 10_000,
        });
      repeated('statistics', deliveries);
      repeated('audit-forwarder', 2);
    }
    operator = await (await new Customer(cloud.outputs).register()).signIn();
    await becomeOperator(cloud, operator);
  });
  afterAll(() => cloud?.stop());

  const report = async () => {
    const query = `from=${first}&to=${todayIn(cloud)}`;
    return (await operator.api.expect<Report>(200, 'GET', `/v1/admin/statistics?${query}`)).body;
  };
  const totals = async (family: string): Promise<Counts> => {
    const sum: Counts = {};
    for (const { counts } of (await report()).families[family] ?? [])
      for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
    return sum;
  };

  it('show exactly what happened', { timeout: 60_000 }, async () => {
    const ada = await (await new Customer(cloud.outputs).register()).signIn();
    await ada.startSignIn(); // its device is known now
    await new Customer(cloud.outputs, ada.email).startSignIn(); // with another password
    const { consents } = (
      await ada.api.expect<{ consents: (ConsentText & { basis: string })[] }>(200, 'GET', '/v1/me/consents')
    ).body;
    const { purpose, version, language, textHash } = consents.find(({ basis }) => basis === 'consent') ?? {};
    for (const decision of ['granted', 'withdrawn', 'granted'])
      await ada.api.expect(200, 'PUT', `/v1/me/consents/${purpose}`, {
        decision,
        version,
        language,
        textHash,
      });
    await operator.api.expect(200, 'POST', `/v1/admin/people/${subIn(ada.api.accessToken)}/lock`, {
      reason: 'abuse',
    });

    await expect
      .poll(() => totals('operators'), { timeout: 30_000 })
      .toEqual({ 'act:account.locked': 1, 'reason:abuse': 1 });
    // Whatever is still on its way arrives; what came would be more than this if anything counted twice.
    const seen = async () => ({
      registrations: await totals('registrations'),
      signIns: await totals('signIns'),
      denials: await totals('denials'),
      consents: await totals('consents'),
      factors: await totals('factors'),
    });
    await expect.poll(seen, { timeout: 30_000 }).toEqual({
      registrations: { requested: 2, confirmed: 2, 'first-sign-in': 2 },
      signIns: {
        challenged: 2,
        succeeded: 3,
        refused: 1,
        'refused-door:api': 1,
        'door:api': 3,
        'level:1': 3,
        'method:password': 3,
        'method:email-code': 2,
        'new-device': 2,
      },
      denials: { all: 1, 'reason:SIGN_IN_REJECTED': 1 },
      consents: expect.objectContaining({ [`granted:${purpose}`]: 2, [`withdrawn:${purpose}`]: 1 }),
      factors: {},
    });
    const challenges = await totals('challenges');
    expect(challenges).toMatchObject({
      asked: 2,
      'offered:email-code': 2,
      'sent:email-code': 2,
      'passed:email-code': 2,
      'reason:DEVICE_NEW': 2,
    });
    expect(await totals('messages')).toMatchObject({
      'mail:registration-code': 2,
      'mail:sign-in-code': 2,
      'mail:new-device': 2,
    });
    const { topNetworks } = await report();
    expect(topNetworks).toHaveLength(1); // all of this comes from one machine
    expect(topNetworks[0]).toMatchObject({ error: 0, refused: 1 });
  });

  it('explain the decision of a challenged sign-in as it is stored', { timeout: 60_000 }, async () => {
    const ada = await new Customer(cloud.outputs).register();
    const { flow, code } = await ada.challenged();
    const { body } = await ada.answer(flow, code);
    if (body.state !== 'signed-in') throw new Error('expected tokens');
    const sub = subIn(body.accessToken);
    type Seen = { activity: { type: string; flow?: string; reasons: string[]; data: { score?: number } }[] };
    const challenged = async () => {
      const look = { sub, reason: 'review' };
      const person = (await operator.api.expect<Seen>(200, 'POST', '/v1/admin/people/look-up', look)).body;
      return person.activity.find(({ type }) => type === 'sign-in.challenged');
    };
    await expect.poll(challenged, { timeout: 15_000 }).toBeDefined();
    const event = await challenged();
    const why = await operator.api.expect<Decision>(
      200,
      'GET',
      `/v1/admin/people/${sub}/decisions/${event?.flow}?reason=review`,
    );
    const { decision } = await storedRecord(cloud, event?.flow ?? '');
    expect(why.body).toMatchObject({
      source: 'record',
      outcome: 'challenge',
      enforcedOutcome: decision.enforcedOutcome,
      score: decision.score,
      policyVersion: decision.policyVersion,
      signals: decision.reasons,
      methods: decision.methods,
      state: 'proven',
    });
    expect(why.body.score).toBe(event?.data.score);
    expect(why.body.signals.map((signal) => signal.code)).toEqual(event?.reasons);
    expect(why.body.signals.reduce((sum, { weight }) => sum + weight, 0)).toBe(why.body.score);
  });
});
