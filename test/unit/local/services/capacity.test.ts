import { describe, expect, it } from 'vitest';
import { createMeter } from '../../../../local/meter.ts';
import type { AwsRequest, Caller } from '../../../../local/platform.ts';
import {
  askingForCapacity,
  countCapacity,
  takeCapacity,
} from '../../../../local/services/dynamodb/capacity.ts';

const answer = (body: object | string, status = 200) => ({
  status,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  headers: {},
});
const units = (TableName: string, CapacityUnits: number) => ({ TableName, CapacityUnits });
const twoTables = [units('profiles', 2), units('audit', 4)];
const spent = [
  { table: 'profiles', units: 2 },
  { table: 'audit', units: 4 },
];

describe('units of an answer', () => {
  it.each([
    { where: 'alone', body: { ConsumedCapacity: twoTables }, left: {} },
    { where: 'first', body: { ConsumedCapacity: twoTables, Responses: [] }, left: { Responses: [] } },
    { where: 'last', body: { Responses: [], ConsumedCapacity: twoTables }, left: { Responses: [] } },
    {
      where: 'in the middle',
      body: { Responses: [{}], ConsumedCapacity: twoTables, UnprocessedKeys: {} },
      left: { Responses: [{}], UnprocessedKeys: {} },
    },
  ])('of a transaction over two tables are all taken out, $where', ({ body, left }) => {
    const accounted = takeCapacity('TransactWriteItems', {}, answer(body));
    expect(JSON.parse(accounted.body.toString())).toEqual(left);
    expect(accounted.consumed).toEqual(spent);
  });

  it('of one table leave the other bytes as they are, whatever alphabet they are in', () => {
    const item = '"Item":{"name":{"S":"Zoë \u{1f600} \\"ConsumedCapacity\\":{"}}';
    const consumed = `"ConsumedCapacity":${JSON.stringify(units('profiles', 0.5))}`;
    const accounted = takeCapacity('GetItem', {}, answer(`{${consumed},${item}}`));
    expect(accounted.body.toString('utf8')).toBe(`{${item}}`);
    expect(accounted.consumed).toEqual([{ table: 'profiles', units: 0.5 }]);
  });

  it('stay for a caller who asked, and are counted all the same', () => {
    const input = { ReturnConsumedCapacity: 'TOTAL' };
    const given = answer({ ConsumedCapacity: twoTables });
    expect(takeCapacity('TransactWriteItems', input, given)).toEqual({ body: given.body, consumed: spent });
  });

  it('are nothing where the engine reports none, and for a read that failed', () => {
    expect(takeCapacity('GetItem', {}, answer({ Item: {} })).consumed).toEqual([]);
    const failed = answer({ __type: 'TransactionCanceledException' }, 400);
    expect(takeCapacity('TransactGetItems', {}, failed).consumed).toEqual([]);
  });

  it('of a cancelled transaction are two per action, each at its own table', () => {
    const input = {
      TransactItems: [
        { Update: { TableName: 'profiles' } },
        { Put: { TableName: 'audit' } },
        { Put: { TableName: 'audit' } },
      ],
    };
    const cancelled = answer({ __type: 'com.amazonaws#TransactionCanceledException' }, 400);
    expect(takeCapacity('TransactWriteItems', input, cancelled).consumed).toEqual([
      { table: 'profiles', units: 2 },
      { table: 'audit', units: 2 },
      { table: 'audit', units: 2 },
    ]);
  });
});

describe('the question for units', () => {
  const asked = (input: object) => askingForCapacity(Buffer.from(JSON.stringify(input)), input).toString();

  it('is put into the call once, and not where the caller has said what to report', () => {
    expect(JSON.parse(asked({ TableName: 'risk' }))).toEqual({
      ReturnConsumedCapacity: 'TOTAL',
      TableName: 'risk',
    });
    for (const ReturnConsumedCapacity of ['NONE', 'TOTAL', 'INDEXES'])
      expect(asked({ ReturnConsumedCapacity })).toBe(JSON.stringify({ ReturnConsumedCapacity }));
    expect(asked({})).toBe('{}');
  });
});

describe('the meter', () => {
  const count = (operation: string, caller: Caller) => {
    const meter = createMeter();
    countCapacity(meter, { operation, caller } as AwsRequest, spent);
    return meter.read();
  };

  it('has the units in all, by table, and by the function that caused them', () => {
    const role = { kind: 'role', roleArn: 'arn', functionName: 'sign-in' } as Caller;
    expect(count('TransactWriteItems', role)).toMatchObject({
      'dynamodb:wru': 6,
      'dynamodb:wru:profiles': 2,
      'dynamodb:wru:audit': 4,
      'dynamodb:wru:function:sign-in': 6,
    });
  });

  it('counts reads apart from writes, and charges no function for what an operator did', () => {
    const counted = count('Query', { kind: 'operator' });
    expect(Object.keys(counted).filter((name) => /wru|function/.test(name))).toEqual([]);
    expect(counted).toMatchObject({ 'dynamodb:rru': 6 });
  });
});
