import { readFileSync } from 'node:fs';
import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { CustomerIdentity } from '../../../lib/index.ts';
import sample from '../../../vestibule.config.ts';
import { emptyBundles, emptyPages, ofType, resourcesOf } from '../../support/synth.ts';
import { addShops } from './shop-app.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const resourcesPerStack = 500;

describe('the app of docs/deploying.md', () => {
  const app = new App();
  const shared = { config: sample, bundles: emptyBundles(), pages: emptyPages() };
  const stacks = addShops(app, shared);
  const templates = stacks.map((stack) => Template.fromStack(stack));

  it('is the one in the document', () => {
    const code = read('./shop-app.ts').replace('../../../lib/index.ts', 'vestibule');
    expect(read('../../../docs/deploying.md')).toContain(`\`\`\`ts\n${code}\`\`\``);
  });

  it('synthesizes, without the flags of this repository and without an account', () => {
    expect(() => app.synth()).not.toThrow();
  });

  it('uses the key and the topic it brings, and makes no others for them', () => {
    for (const template of templates) {
      expect(ofType(template, 'AWS::SNS::Topic')).toEqual([]);
      const descriptions = ofType(template, 'AWS::KMS::Key').map(
        ([, { Properties }]) => Properties.Description,
      );
      expect(descriptions).toHaveLength(3);
      expect(descriptions).toEqual(
        expect.not.arrayContaining([expect.stringContaining('tables, secrets and queues')]),
      );
      for (const [, { Properties }] of ofType(template, 'AWS::CloudWatch::Alarm'))
        expect(Properties.AlarmActions).toHaveLength(1);
    }
  });

  it('gives each brand names of its own', () => {
    const pools = templates.flatMap((template) =>
      ofType(template, 'AWS::Cognito::UserPool').map(([, { Properties }]) => Properties.UserPoolName),
    );
    expect(pools).toEqual(['linden-customers', 'lark-customers']);
  });
});

describe('two installations under one stack', () => {
  const shared = { config: sample, bundles: emptyBundles(), pages: emptyPages() };
  function sharedBy(stack: Stack) {
    return { ...shared, dataKey: new kms.Key(stack, 'Key'), alarmTopic: new sns.Topic(stack, 'Topic') };
  }

  it('are more than CloudFormation takes of one, whatever they share', () => {
    const stack = new Stack(new App(), 'Shops');
    const common = sharedBy(stack);
    for (const parameterPrefix of ['Linden', 'Lark'])
      new CustomerIdentity(stack, parameterPrefix, { ...common, parameterPrefix });
    expect(() => Template.fromStack(stack)).toThrow(`greater than allowed maximum of ${resourcesPerStack}`);
  });

  it('synthesize as nested stacks, with different prefixes, one key and one topic', () => {
    const stack = new Stack(new App(), 'Shops');
    const common = sharedBy(stack);
    const nested = ['Linden', 'Lark'].map((parameterPrefix) => {
      const own = new NestedStack(stack, parameterPrefix);
      new CustomerIdentity(own, 'Identity', { ...common, parameterPrefix });
      return own;
    });
    for (const each of nested) {
      const resources = resourcesOf(Template.fromStack(each));
      expect(Object.keys(resources).length).toBeLessThanOrEqual(resourcesPerStack);
    }
  });
});
