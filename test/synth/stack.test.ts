import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { CustomerIdentity, VestibuleStack } from '../../lib/index.ts';
import { settingGroups } from '../../lib/parameters/definitions.ts';
import sample from '../../vestibule.config.ts';
import { emptyBundles, emptyPages, ofType, synthesize, testApp } from '../support/synth.ts';

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
  it('has one custom resource, the deployment of files, and nothing else that CDK would run behind our back', () => {
    const types = new Set(
      ofType(
        dev,
        ...Object.values(dev.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type),
      ).map(([, { Type }]) => Type),
    );
    expect([...types].filter((type) => /Custom|CDK::Metadata/.test(type))).toEqual([
      'Custom::CDKBucketDeployment',
    ]);
  });

  it('stays below the limits of CloudFormation: 500 resources, 1 MB', () => {
    expect(Object.keys(dev.toJSON().Resources as object).length).toBeLessThan(480);
    expect(JSON.stringify(dev.toJSON()).length).toBeLessThan(700_000);
  });

  it('is protected against deletion where data is kept', () => {
    const stack = (stage: 'dev' | 'prod') =>
      new VestibuleStack(testApp(), `Vestibule-${stage}`, {
        config: sample,
        stage,
        bundles: emptyBundles(),
        pages: emptyPages(),
      });
    expect(stack('prod').terminationProtection).toBe(true);
    expect(stack('dev').terminationProtection).toBe(false);
  });
});

describe('a missing bundle', () => {
  it('stops the synth and says what to do', () => {
    expect(
      () =>
        new VestibuleStack(testApp(), 'Vestibule-dev', {
          config: sample,
          stage: 'dev',
          bundles: '/nowhere',
          pages: emptyPages(),
        }),
    ).toThrow('The bundle of the function "registration" is missing in /nowhere: run "npm run build" first');
  });
});

/** What has to be unique in an account and Region, and what people and metrics tell installations apart by. */
const fixedNames = (template: Template): string[] => {
  const names = (type: string, read: (properties: Record<string, unknown>) => unknown) =>
    ofType(template, `AWS::${type}`).flatMap(([, { Properties }]) => {
      const name = read(Properties);
      return typeof name === 'string' ? [`${type} ${name}`] : [];
    });
  return [
    ...names('Logs::LogGroup', ({ LogGroupName }) => LogGroupName),
    ...names('CloudWatch::Dashboard', ({ DashboardName }) => DashboardName),
    ...names('Glue::Database', ({ DatabaseInput }) => (DatabaseInput as { Name: string }).Name),
    ...names('Cognito::UserPool', ({ UserPoolName }) => UserPoolName),
    ...names('ApiGateway::RestApi', ({ Name }) => Name),
  ];
};

describe('CustomerIdentity in another app', () => {
  it('needs nothing but a configuration, whatever the flags of that app', () => {
    const stack = new Stack(new App(), 'Shop');
    new CustomerIdentity(stack, 'Customers', {
      config: sample,
      bundles: emptyBundles(),
      pages: emptyPages(),
    });
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
    new CustomerIdentity(stack, 'Customers', {
      config: sample,
      dataKey,
      bundles: emptyBundles(),
      pages: emptyPages(),
    });
    Template.fromStack(stack).allResourcesProperties('AWS::DynamoDB::Table', {
      SSESpecification: { KMSMasterKeyId: stack.resolve(dataKey.keyArn) },
    });
  });

  it('lives twice in one stack with a prefix for its parameters', () => {
    // CloudFormation takes 500 resources per stack: two whole installations need nested stacks, or fewer routes.
    const app = new App({ context: { '@aws-cdk/core:stackResourceLimit': 2_000 } });
    const stack = new Stack(app, 'Shop');
    new CustomerIdentity(stack, 'Customers', {
      config: sample,
      bundles: emptyBundles(),
      pages: emptyPages(),
    });
    new CustomerIdentity(stack, 'Partners', {
      config: sample,
      parameterPrefix: 'Partner',
      bundles: emptyBundles(),
      pages: emptyPages(),
    });
    const { Parameters, Metadata } = Template.fromStack(stack).toJSON() as {
      Parameters: object;
      Metadata: Record<string, { ParameterGroups: unknown[] }>;
    };
    expect(Object.keys(Parameters)).toEqual(expect.arrayContaining(['RiskMode', 'PartnerRiskMode']));
    expect(Metadata['AWS::CloudFormation::Interface']?.ParameterGroups).toHaveLength(
      2 * Object.keys(settingGroups).length,
    );
    const names = fixedNames(Template.fromStack(stack));
    expect([...new Set(names)]).toEqual(names);
  });

  it.each(['dev', 'prod'] as const)(
    'has names of its own in %s, so that stages share an account',
    (stage) => {
      const name = `vestibule-${stage}`;
      expect(fixedNames(synthesize({ stage }))).toEqual([
        `Logs::LogGroup aws-waf-logs-${name}-api`,
        `Logs::LogGroup aws-waf-logs-${name}-pool`,
        `CloudWatch::Dashboard ${name}`,
        `Glue::Database vestibule_${stage}_audit`,
        `Cognito::UserPool ${name}`,
        `ApiGateway::RestApi ${name}`,
      ]);
    },
  );

  it('refuses a name that some service would refuse later', () => {
    const named = (name: string) => () =>
      new CustomerIdentity(new Stack(new App(), 'Shop'), 'Customers', {
        config: sample,
        name,
        bundles: emptyBundles(),
        pages: emptyPages(),
      });
    for (const name of ['Shop', 'x', 'shop_de', '-shop', 's'.repeat(65)]) {
      expect(named(name)).toThrow('name: expected 2 to 64 lower-case letters');
    }
    expect(named('linden-lark-de')).not.toThrow();
  });

  it('refuses a wrong configuration with its paths', () => {
    const config = { ...sample, tiers: [] };
    expect(
      () =>
        new CustomerIdentity(new Stack(new App(), 'Shop'), 'Customers', {
          config,
          bundles: emptyBundles(),
          pages: emptyPages(),
        }),
    ).toThrow(/tiers: expected at least one of tiers/);
  });
});
