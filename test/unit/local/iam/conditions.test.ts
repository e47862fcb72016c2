import { describe, expect, it } from 'vitest';
import { compileConditions, UnsupportedCondition } from '../../../../local/iam/conditions.ts';

type Values = Record<string, string | readonly string[]>;

const variable = (key: string): string => `\${${key}}`;

const holds = (block: unknown, values: Values): boolean => {
  const context = new Map(
    Object.entries(values).map(([key, value]) => [key.toLowerCase(), [value].flat() as readonly string[]]),
  );
  return compileConditions(block)?.(context) ?? true;
};

describe('IAM conditions', () => {
  it.each<[string, unknown, Values, boolean]>([
    ['StringEquals fits one of the values', { StringEquals: { 'a:k': ['x', 'y'] } }, { 'a:k': 'y' }, true],
    ['StringEquals compares case', { StringEquals: { 'a:k': 'x' } }, { 'a:k': 'X' }, false],
    ['StringEquals takes * literally', { StringEquals: { 'a:k': 'x*' } }, { 'a:k': 'xyz' }, false],
    ['StringEquals fits a literal *', { StringEquals: { 'a:k': 'x*' } }, { 'a:k': 'x*' }, true],
    ['StringEquals fails on a missing key', { StringEquals: { 'a:k': 'x' } }, {}, false],
    ['StringNotEquals holds on a missing key', { StringNotEquals: { 'a:k': 'x' } }, {}, true],
    ['StringNotEquals refuses each value', { StringNotEquals: { 'a:k': ['x', 'y'] } }, { 'a:k': 'y' }, false],
    [
      'keys compare without case',
      { StringEquals: { 'AWS:PrincipalArn': 'x' } },
      { 'aws:principalarn': 'x' },
      true,
    ],
    ['…IgnoreCase', { StringEqualsIgnoreCase: { 'a:k': 'abc' } }, { 'a:k': 'ABC' }, true],
    ['StringNotEqualsIgnoreCase', { StringNotEqualsIgnoreCase: { 'a:k': 'abc' } }, { 'a:k': 'ABC' }, false],
    ['StringLike with *', { StringLike: { 'a:k': 'ACCOUNT#*' } }, { 'a:k': 'ACCOUNT#1' }, true],
    ['StringLike with ?', { StringLike: { 'a:k': 'a?c' } }, { 'a:k': 'abbc' }, false],
    ['StringNotLike', { StringNotLike: { 'a:k': 'LEDGER#*' } }, { 'a:k': 'LEDGER#1' }, false],
    ['IfExists holds on a missing key', { StringEqualsIfExists: { 'a:k': 'x' } }, {}, true],
    ['IfExists still checks a present key', { StringEqualsIfExists: { 'a:k': 'x' } }, { 'a:k': 'y' }, false],
    ['Bool', { Bool: { 'aws:SecureTransport': false } }, { 'aws:SecureTransport': 'true' }, false],
    ['Null true asks for absence', { Null: { 'a:k': 'true' } }, {}, true],
    ['Null false asks for presence', { Null: { 'a:k': false } }, {}, false],
    ['NumericLessThanEquals', { NumericLessThanEquals: { 'a:k': '10' } }, { 'a:k': '10' }, true],
    ['NumericGreaterThan', { NumericGreaterThan: { 'a:k': 10 } }, { 'a:k': '10' }, false],
    [
      'DateLessThan with ISO',
      { DateLessThan: { 'a:t': '2026-11-22T00:00:00Z' } },
      { 'a:t': '2026-11-21T23:59:59Z' },
      true,
    ],
    [
      'DateGreaterThan with epoch',
      { DateGreaterThan: { 'a:t': '1000' } },
      { 'a:t': '1970-01-01T00:16:41Z' },
      true,
    ],
    [
      'ArnLike per part',
      { ArnLike: { 'a:k': 'arn:aws:execute-api:*:*:api1/*' } },
      { 'a:k': 'arn:aws:execute-api:r:1:api1/dev/GET' },
      true,
    ],
    [
      'ArnLike: * stays in its part',
      { ArnLike: { 'a:k': 'arn:aws:*:api1/x' } },
      { 'a:k': 'arn:aws:a:b:c:api1/x' },
      false,
    ],
    ['ArnNotEquals', { ArnNotEquals: { 'a:k': 'arn:aws:s3:::b' } }, { 'a:k': 'arn:aws:s3:::b' }, false],
    [
      'ForAllValues: all inside',
      { 'ForAllValues:StringLike': { 'd:LeadingKeys': ['A#*', 'B'] } },
      { 'd:LeadingKeys': ['A#1', 'B'] },
      true,
    ],
    [
      'ForAllValues: one outside',
      { 'ForAllValues:StringLike': { 'd:LeadingKeys': 'A#*' } },
      { 'd:LeadingKeys': ['A#1', 'C'] },
      false,
    ],
    ['ForAllValues holds without the key', { 'ForAllValues:StringEquals': { 'd:k': 'A' } }, {}, true],
    ['ForAnyValue: one inside', { 'ForAnyValue:StringEquals': { 'd:k': 'A' } }, { 'd:k': ['C', 'A'] }, true],
    ['ForAnyValue fails without the key', { 'ForAnyValue:StringEquals': { 'd:k': 'A' } }, {}, false],
    [
      'ForAnyValue negated fails without the key',
      { 'ForAnyValue:StringNotEquals': { 'd:k': 'A' } },
      {},
      false,
    ],
    ['several keys must all hold', { StringEquals: { a: '1', b: '2' } }, { a: '1', b: '3' }, false],
    [
      'several operators must all hold',
      { StringEquals: { a: '1' }, Bool: { b: 'true' } },
      { a: '1', b: 'true' },
      true,
    ],
    [
      'variables take request values',
      { StringEquals: { a: variable('aws:username') } },
      { a: 'kim', 'aws:username': 'kim' },
      true,
    ],
    [
      'variables are literal text',
      { StringLike: { a: variable('aws:username') } },
      { a: 'kim', 'aws:username': '*' },
      false,
    ],
    ['variables fall back', { StringEquals: { a: variable("aws:username, 'anon'") } }, { a: 'anon' }, true],
    [
      'variables without a value match nothing',
      { StringLike: { a: `${variable('aws:username')}*` } },
      { a: 'kim' },
      false,
    ],
  ])('%s', (_name, block, values, expected) => expect(holds(block, values)).toBe(expected));

  it('names an operator that it does not evaluate', () =>
    expect(() => compileConditions({ IpAddressish: { 'aws:SourceIp': 'x' } })).toThrow(UnsupportedCondition));
});
