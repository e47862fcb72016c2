import { readFileSync } from 'node:fs';
import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { type Setting, settings } from '../../lib/parameters/definitions.ts';
import { ofType, synthesize } from '../support/synth.ts';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const operations = read('operations.md');
const deploying = read('deploying.md');
/** From the heading to the next one of its level. */
const section = (page: string, heading: string) =>
  page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
const dev = synthesize();
const prod = synthesize({ stage: 'prod' });

function allowedValues(setting: Setting): string {
  switch (setting.kind) {
    case 'number':
      return `${setting.min} – ${setting.max}`;
    case 'choice':
      return setting.allowed.join(', ');
    case 'text':
      return `up to ${setting.maxLength} characters`;
  }
}

describe('docs/operations.md', () => {
  it('lists every parameter with its default and bounds, and no other', () => {
    const rows = Object.entries<Setting>(settings).map(([name, setting]) => {
      const allowed = allowedValues(setting);
      return `| \`${name}\` | ${setting.default} | ${allowed} | ${setting.label}. ${setting.description} |`;
    });
    const lines = section(operations, 'Parameters').split('\n');
    expect(lines.filter((line) => line.startsWith('| `'))).toEqual(rows);
  });

  it('says of every alarm what to do, and of no other', () => {
    const described = section(operations, 'Alarms')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => line.split('|')[1]?.match(/\w+/g) ?? []);
    const alarms = ofType(dev, 'AWS::CloudWatch::Alarm').map(([id]) =>
      id.replace(/^IdentityAlarms|[0-9A-F]{8}$/g, ''),
    );
    expect(described.sort()).toEqual(alarms.sort());
  });
});

interface Line {
  readonly what: string;
  readonly price: number;
  count(template: Template): number;
}

const rulesOf = (template: Template) =>
  ofType(template, 'AWS::WAFv2::WebACL').flatMap(([, { Properties }]) => Properties.Rules as unknown[]);
const countOf = (type: string) => (template: Template) => ofType(template, type).length;

const fixedCosts: readonly Line[] = [
  { what: 'KMS keys', price: 1, count: countOf('AWS::KMS::Key') },
  { what: 'Secrets', price: 0.4, count: countOf('AWS::SecretsManager::Secret') },
  { what: 'Web ACLs', price: 5, count: countOf('AWS::WAFv2::WebACL') },
  { what: 'WAF rules and managed groups', price: 1, count: (template) => rulesOf(template).length },
  {
    what: 'Bot Control, per web ACL',
    price: 10,
    count: (template) =>
      rulesOf(template).filter((rule) => JSON.stringify(rule).includes('BotControl')).length,
  },
  { what: 'Alarms', price: 0.1, count: countOf('AWS::CloudWatch::Alarm') },
];

const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const costRows = (): string[] => {
  const total = (template: Template) =>
    fixedCosts.reduce((sum, { price, count }) => sum + price * count(template), 0).toFixed(2);
  const cell = ({ price, count }: Line, template: Template) =>
    `${count(template)} = ${(price * count(template)).toFixed(2)}`;
  return [
    ...fixedCosts.map((line) => row(line.what, line.price.toFixed(2), cell(line, dev), cell(line, prod))),
    row('**Together**', '', `**${total(dev)}**`, `**${total(prod)}**`),
  ];
};

describe('docs/deploying.md', () => {
  it('prices what the templates hold', () => {
    expect(
      section(deploying, 'What it costs before anybody signs in')
        .split('\n')
        .filter((line) => line.startsWith('| ')),
    ).toEqual([row('', 'Price', 'dev', 'prod').replace('|  |', '| |'), ...costRows()]);
  });

  it('has a stack policy that names types of the template', () => {
    const policy = JSON.parse(deploying.match(/```json\n([\s\S]*?)```/)?.[1] ?? '{}') as {
      readonly Statement: { readonly Condition?: { StringEquals: { ResourceType: string[] } } }[];
    };
    const types = policy.Statement.flatMap(({ Condition }) => Condition?.StringEquals.ResourceType ?? []);
    expect(types.length).toBeGreaterThan(4);
    for (const type of types) expect(ofType(prod, type)).not.toEqual([]);
  });

  it('stays true about the resources of a stack', () => {
    const count = Object.keys(prod.toJSON().Resources).length;
    expect(count).toBeGreaterThan(420);
    expect(count).toBeLessThan(480);
  });
});
