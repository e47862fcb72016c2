// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its placeholders so
import { describe, expect, it } from 'vitest';
import { resolveCondition, resolveValue, type Scope } from '../../../../local/assembly/intrinsics.ts';

const scope: Scope = {
  parameters: { Mode: 'count', Limit: '30', Zones: ['a', 'b'], 'AWS::Region': 'eu-west-1' },
  mappings: { Sizes: { dev: { memory: 128, zones: ['a'] } } },
  conditions: {
    Counts: { 'Fn::Equals': [{ Ref: 'Mode' }, 'count'] },
    Blocks: { 'Fn::Not': [{ Condition: 'Counts' }] },
    Both: { 'Fn::And': [{ Condition: 'Counts' }, { 'Fn::Equals': [{ Ref: 'Limit' }, 30] }] },
    Either: { 'Fn::Or': [{ Condition: 'Blocks' }, { Condition: 'Counts' }] },
  },
  resources: new Map([
    [
      'Table',
      { physicalId: 'table-1', attributes: { Arn: 'arn:table', 'Endpoint.Address': 'host', Port: 5 } },
    ],
  ]),
  dynamicReference: async (service, reference) => `<${service} ${reference}>`,
};

describe('resolveValue', () => {
  it.each<{ given: unknown; expected: unknown }>([
    { given: { Ref: 'Mode' }, expected: 'count' },
    { given: { Ref: 'Table' }, expected: 'table-1' },
    { given: { Ref: 'AWS::Region' }, expected: 'eu-west-1' },
    { given: { Ref: 'Zones' }, expected: ['a', 'b'] },
    { given: { 'Fn::GetAtt': ['Table', 'Arn'] }, expected: 'arn:table' },
    { given: { 'Fn::GetAtt': 'Table.Arn' }, expected: 'arn:table' },
    { given: { 'Fn::GetAtt': 'Table.Endpoint.Address' }, expected: 'host' },
    { given: { 'Fn::GetAtt': ['Table', 'Port'] }, expected: 5 },
    { given: { 'Fn::Sub': 'x/${Table}/${Table.Arn}/${Mode}' }, expected: 'x/table-1/arn:table/count' },
    { given: { 'Fn::Sub': '${!Literal} ${Table.Port}' }, expected: '${Literal} 5' },
    {
      given: { 'Fn::Sub': ['${Mode}-${Own}', { Own: { Ref: 'Limit' }, Mode: 'mine' }] },
      expected: 'mine-30',
    },
    { given: { 'Fn::Sub': '{{resolve:ssm:/${Mode}}}' }, expected: '<ssm /count>' },
    { given: { 'Fn::Join': ['-', ['a', { Ref: 'Mode' }]] }, expected: 'a-count' },
    { given: { 'Fn::Join': [',', { Ref: 'Zones' }] }, expected: 'a,b' },
    { given: { 'Fn::Join': ['', []] }, expected: '' },
    { given: { 'Fn::Join': ['', ['a', { Ref: 'AWS::NoValue' }]] }, expected: 'a' },
    { given: { 'Fn::Select': [1, { Ref: 'Zones' }] }, expected: 'b' },
    { given: { 'Fn::Select': ['0', { 'Fn::Split': ['/', 'x/y'] }] }, expected: 'x' },
    { given: { 'Fn::Split': ['|', 'a|b|'] }, expected: ['a', 'b', ''] },
    { given: { 'Fn::Base64': { Ref: 'Mode' } }, expected: 'Y291bnQ=' },
    { given: { 'Fn::FindInMap': ['Sizes', 'dev', 'memory'] }, expected: 128 },
    { given: { 'Fn::GetAZs': '' }, expected: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] },
    { given: { 'Fn::If': ['Counts', { Ref: 'Limit' }, 'no'] }, expected: '30' },
    { given: { 'Fn::If': ['Blocks', { Ref: 'Unknown' }, 'no'] }, expected: 'no' },
    { given: { a: { Ref: 'AWS::NoValue' }, b: 1 }, expected: { b: 1 } },
    {
      given: [1, { Ref: 'AWS::NoValue' }, { 'Fn::If': ['Blocks', 2, { Ref: 'AWS::NoValue' }] }],
      expected: [1],
    },
    { given: { Ref: 'AWS::NoValue' }, expected: undefined },
    {
      given: '{{resolve:secretsmanager:s:SecretString:key}} and {{resolve:ssm:/n}}',
      expected: '<secretsmanager s:SecretString:key> and <ssm /n>',
    },
    { given: { 'Fn::Join': ['', ['{{resolve:ssm:/', 'n}}']] }, expected: '<ssm /n>' },
    {
      given: { Condition: { StringEquals: { a: 'b' } } },
      expected: { Condition: { StringEquals: { a: 'b' } } },
    },
    { given: { Ref: 'Mode', Other: 1 }, expected: { Ref: 'Mode', Other: 1 } },
    { given: [null, true, 0, ''], expected: [null, true, 0, ''] },
  ])('gives $expected for $given', async ({ given, expected }) => {
    expect(await resolveValue(given, scope)).toEqual(expected);
  });

  it.each<{ given: unknown; message: string }>([
    { given: { Ref: 'Gone' }, message: 'Ref: there is no parameter and no deployed resource "Gone"' },
    { given: { Ref: 'toString' }, message: 'toString' },
    { given: { 'Fn::GetAtt': ['Gone', 'Arn'] }, message: 'no deployed resource "Gone"' },
    {
      given: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      message: 'Table has no attribute "StreamArn" locally; it has: Arn, Endpoint.Address, Port',
    },
    { given: { 'Fn::Sub': '${Gone}' }, message: '"Gone"' },
    { given: { 'Fn::Sub': '${Zones}' }, message: '${Zones} stands for ["a","b"], not for text' },
    { given: { 'Fn::Join': ['-', 'text'] }, message: 'Fn::Join: expected a list, got "text"' },
    { given: { 'Fn::Join': ['-'] }, message: 'Fn::Join: expected two items, got 1' },
    { given: { 'Fn::Select': [2, ['a']] }, message: 'Fn::Select: there is no item 2' },
    { given: { 'Fn::FindInMap': ['Sizes', 'prod', 'memory'] }, message: 'nothing at Sizes.prod.memory' },
    { given: { 'Fn::If': ['Gone', 1, 2] }, message: 'there is no condition "Gone"' },
    { given: { 'Fn::Transform': {} }, message: 'Fn::Transform is not known to the local cloud' },
  ])('refuses $given', async ({ given, message }) => {
    await expect(resolveValue(given, scope)).rejects.toMatchObject({
      name: 'TemplateError',
      message: expect.stringContaining(message),
    });
  });
});

describe('resolveCondition', () => {
  it.each([
    { name: 'Counts', expected: true },
    { name: 'Blocks', expected: false },
    { name: 'Both', expected: true },
    { name: 'Either', expected: true },
  ])('$name is $expected', async ({ name, expected }) => {
    expect(await resolveCondition(name, scope)).toBe(expected);
  });
});
