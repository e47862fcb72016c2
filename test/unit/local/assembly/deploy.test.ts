import { describe, expect, it } from 'vitest';
import { type DeployOptions, deploy, type KnownResource } from '../../../../local/assembly/deploy.ts';
import type { Template } from '../../../../local/assembly/template.ts';
import { createLog } from '../../../../local/log.ts';
import type { ResourceProvider, ResourceRequest } from '../../../../local/platform.ts';
import { memoryStore } from '../../../../local/store.ts';

const warnings: string[] = [];

function recording(type: string, requests: ResourceRequest[]): ResourceProvider {
  return {
    type,
    provision: async (request) => {
      requests.push(request);
      const physicalId = request.previous?.physicalId ?? `${request.logicalId}-${request.suffix}`;
      return { physicalId, attributes: { Arn: `arn:${physicalId}` } };
    },
  };
}

const options = (template: Template, overrides: Partial<DeployOptions> = {}): DeployOptions => ({
  assembly: { stackName: 'Probe', template },
  cloud: {
    region: 'eu-west-1',
    accountId: '000000000000',
    log: createLog({ write: (line) => warnings.push(line) }),
  },
  providers: [],
  accepted: { 'X::Only::Accepted': 'a test' },
  parameters: {},
  known: memoryStore().collection<KnownResource>('resources'),
  dynamicReference: async () => 'resolved',
  ...overrides,
});

describe('deploy', () => {
  it('says which properties have no effect here, and takes the rest', async () => {
    const type = 'AWS::Lambda::Function';
    const Properties = { Handler: 'index.handler', Architectures: ['arm64'], SnapStart: { ApplyOn: 'All' } };
    const template: Template = { Resources: { Worker: { Type: type, Properties } } };
    warnings.length = 0;
    await deploy(options(template, { providers: [recording(type, [])] }));
    expect(warnings).toEqual([
      `warn  properties without effect in the local cloud {"logicalId":"Worker","type":"${type}","properties":["SnapStart"]}`,
    ]);
  });

  it('provisions in order, with properties resolved, and gives the outputs', async () => {
    const requests: ResourceRequest[] = [];
    const template: Template = {
      Parameters: { Name: { Type: 'String', Default: 'n' } },
      Conditions: { Never: { 'Fn::Equals': [1, 2] } },
      Resources: {
        Reader: {
          Type: 'X::A::B',
          Properties: { source: { 'Fn::GetAtt': ['Table', 'Arn'] }, region: { Ref: 'AWS::Region' } },
          Metadata: { note: 1 },
        },
        Table: { Type: 'X::A::B', Properties: { name: { Ref: 'Name' } } },
        Skipped: { Type: 'X::A::B', Condition: 'Never' },
        Alarm: { Type: 'X::Only::Accepted' },
      },
      Outputs: {
        Table: { Value: { Ref: 'Table' } },
        Alarm: { Value: { 'Fn::GetAtt': ['Alarm', 'Arn'] } },
        Skipped: { Value: { Ref: 'Skipped' }, Condition: 'Never' },
      },
    };
    const { outputs, resources } = await deploy(
      options(template, { providers: [recording('X::A::B', requests)] }),
    );
    expect(requests.map(({ logicalId }) => logicalId)).toEqual(['Table', 'Reader']);
    expect(requests[0]?.properties).toEqual({ name: 'n' });
    expect(requests[1]?.properties).toEqual({ source: `arn:${outputs.Table}`, region: 'eu-west-1' });
    expect(requests[1]?.metadata).toEqual({ note: 1 });
    expect(outputs.Table).toMatch(/^Table-[0-9a-f]{12}$/);
    expect(outputs.Alarm).toMatch(/^arn:aws:only:eu-west-1:000000000000:accepted\/Alarm-[0-9a-f]{12}$/);
    expect(Object.keys(outputs)).toEqual(['Table', 'Alarm']);
    expect([...resources.keys()]).toEqual(['Table', 'Reader', 'Alarm']);
  });

  it('hands over what the last start provisioned, unless its type changed', async () => {
    const known = memoryStore().collection<KnownResource>('resources');
    const requests: ResourceRequest[] = [];
    const providers = ['X::A::B', 'X::C::D'].map((type) => recording(type, requests));
    const start = (Type: string) => deploy(options({ Resources: { Table: { Type } } }, { known, providers }));
    await start('X::A::B');
    await start('X::A::B');
    await start('X::C::D');
    const [first, second, third] = requests;
    expect(first?.previous).toBeUndefined();
    expect(second?.previous?.physicalId).toBe(`Table-${first?.suffix}`);
    expect([second?.suffix, third?.previous]).toEqual([first?.suffix, undefined]);
  });

  it('warns about what is no longer in the template', async () => {
    const known = memoryStore().collection<KnownResource>('resources');
    await known.set('Gone', { type: 'X::A::B', physicalId: 'g', attributes: {} });
    await deploy(options({ Resources: {} }, { known }));
    expect(warnings.join()).toContain('no longer in the template');
    expect(known.has('Gone')).toBe(true);
  });

  it('names every resource of an unknown type before it provisions anything', async () => {
    const requests: ResourceRequest[] = [];
    const template: Template = {
      Resources: {
        A: { Type: 'X::A::B' },
        Queue: { Type: 'X::New::Queue' },
        Topic: { Type: 'X::New::Topic' },
      },
    };
    const started = deploy(options(template, { providers: [recording('X::A::B', requests)] }));
    await expect(started).rejects.toMatchObject({
      name: 'TemplateError',
      message: 'the local cloud has no resource type for: Queue (X::New::Queue), Topic (X::New::Topic)',
    });
    expect(requests).toEqual([]);
  });

  it('names the resource that cannot be provisioned', async () => {
    const failing: ResourceProvider = {
      type: 'X::A::B',
      provision: async () => {
        throw new Error('KeySchema: missing');
      },
    };
    const started = deploy(options({ Resources: { T: { Type: 'X::A::B' } } }, { providers: [failing] }));
    await expect(started).rejects.toThrow('T (X::A::B): KeySchema: missing');
  });

  it('names the resource that refers to nothing', async () => {
    const template: Template = { Resources: { T: { Type: 'X::A::B', Properties: { a: { Ref: 'Gone' } } } } };
    const started = deploy(options(template, { providers: [recording('X::A::B', [])] }));
    await expect(started).rejects.toThrow('T (X::A::B): Ref: there is no parameter');
  });
});
