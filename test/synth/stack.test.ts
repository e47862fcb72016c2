import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { CustomerIdentity, VestibuleStack } from '../../lib/index.ts';
import sample from '../../vestibule.config.ts';
import { emptyBundles, ofType, synthesize, testApp } from '../support/synth.ts';

const dev = synthesize();

describe('outputs', () => {
  const names = [
    'Region',
    'UserPoolId',
    'WebClientId',
    'ServerClientId',
    'IdentityApiUrl',
    'Issuer',
    'AuditBucket',
    'EventBusName',
  ];

  it('are the agreed ones, each also an SSM parameter', () => {
    const outputs = dev.toJSON().Outputs as Record<string, { Value: unknown }>;
    expect(Object.keys(outputs)).toEqual(expect.arrayContaining(names));
    for (const [name, { Value }] of Object.entries(outputs)) {
      dev.hasResourceProperties('AWS::SSM::Parameter', { Name: `/vestibule/dev/${name}`, Value });
    }
  });

  it('hold no secret', () => {
    expect(JSON.stringify(dev.toJSON().Outputs)).not.toMatch(/[Ss]ecret/);
  });
});

describe('template', () => {
  it('has no custom resource and nothing that CDK would run behind our back', () => {
    const types = new Set(
      ofType(
        dev,
        ...Object.values(dev.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type),
      ).map(([, { Type }]) => Type),
    );
    expect([...types].filter((type) => /Custom|CDK::Metadata/.test(type))).toEqual([]);
  });

  it('stays far below the limits of CloudFormation', () => {
    expect(Object.keys(dev.toJSON().Resources as object).length).toBeLessThan(400);
    expect(JSON.stringify(dev.toJSON()).length).toBeLessThan(700_000);
  });

  it('is protected against deletion where data is kept', () => {
    const stack = (stage: 'dev' | 'prod') =>
      new VestibuleStack(testApp(), `Vestibule-${stage}`, { config: sample, stage, bundles: emptyBundles() });
    expect(stack('prod').terminationProtection).toBe(true);
    expect(stack('dev').terminationProtection).toBe(false);
  });
});

describe('a missing bundle', () => {
  it('stops the synth and says what to do', () => {
    expect(
      () =>
        new VestibuleStack(testApp(), 'Vestibule-dev', { config: sample, stage: 'dev', bundles: '/nowhere' }),
    ).toThrow('The bundle of the function "registration" is missing in /nowhere: run "npm run build" first');
  });
});

describe('CustomerIdentity in another app', () => {
  it('needs nothing but a configuration, whatever the flags of that app', () => {
    const stack = new Stack(new App(), 'Shop');
    new CustomerIdentity(stack, 'Customers', { config: sample, bundles: emptyBundles() });
    const shapes = (template: Template) =>
      Object.values(template.toJSON().Resources as Record<string, { Type: string }>)
        .map(({ Type }) => Type)
        .sort();
    const parameters = Array.from(
      { length: Object.keys(dev.toJSON().Outputs).length },
      () => 'AWS::SSM::Parameter',
    );
    expect([...shapes(Template.fromStack(stack)), ...parameters].sort()).toEqual(shapes(dev));
  });

  it('uses the key it is given', () => {
    const stack = new Stack(new App(), 'Shop');
    const dataKey = new kms.Key(stack, 'OurKey');
    new CustomerIdentity(stack, 'Customers', { config: sample, dataKey, bundles: emptyBundles() });
    Template.fromStack(stack).allResourcesProperties('AWS::DynamoDB::Table', {
      SSESpecification: { KMSMasterKeyId: stack.resolve(dataKey.keyArn) },
    });
  });

  it('lives twice in one stack with a prefix for its parameters', () => {
    const stack = new Stack(new App(), 'Shop');
    new CustomerIdentity(stack, 'Customers', { config: sample, bundles: emptyBundles() });
    new CustomerIdentity(stack, 'Partners', {
      config: sample,
      parameterPrefix: 'Partner',
      bundles: emptyBundles(),
    });
    const { Parameters, Metadata } = Template.fromStack(stack).toJSON() as {
      Parameters: object;
      Metadata: Record<string, { ParameterGroups: unknown[] }>;
    };
    expect(Object.keys(Parameters)).toEqual(expect.arrayContaining(['RiskMode', 'PartnerRiskMode']));
    expect(Metadata['AWS::CloudFormation::Interface']?.ParameterGroups).toHaveLength(12);
  });

  it('refuses a wrong configuration with its paths', () => {
    const config = { ...sample, tiers: [] };
    expect(
      () =>
        new CustomerIdentity(new Stack(new App(), 'Shop'), 'Customers', { config, bundles: emptyBundles() }),
    ).toThrow(/tiers: expected at least one of tiers/);
  });
});
