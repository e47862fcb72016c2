import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptedService, acceptedTypes } from '../../../local/services/accepted/index.ts';
import { type Harness, startHarness } from './harness.ts';

describe('resources that are accepted by name', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness([acceptedService]);
  });
  afterAll(() => harness.stop());

  it('all say why they do nothing', () =>
    expect(acceptedTypes.filter(({ reason }) => reason.length < 10)).toEqual([]));

  it.each([
    [
      'AWS::Logs::LogGroup',
      { LogGroupName: '/a/b' },
      '/a/b',
      'Arn',
      'arn:aws:logs:eu-west-1:000000000000:log-group:/a/b:*',
    ],
    ['AWS::SNS::Topic', { TopicName: 'ops' }, 'arn:aws:sns:eu-west-1:000000000000:ops', 'TopicName', 'ops'],
    [
      'AWS::CloudWatch::Alarm',
      { AlarmName: 'up' },
      'up',
      'Arn',
      'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:up',
    ],
    ['AWS::Glue::Database', { DatabaseInput: { Name: 'audit' } }, 'audit', 'none', undefined],
    [
      'AWS::Logs::LogGroup',
      {},
      'Resource-0A1B2C3D',
      'Arn',
      'arn:aws:logs:eu-west-1:000000000000:log-group:Resource-0A1B2C3D:*',
    ],
  ])('%s has its Ref and attributes', async (type, properties, ref, attribute, value) => {
    const provisioned = await harness.provision(type, properties);
    expect(provisioned.physicalId).toBe(ref);
    expect(provisioned.attributes[attribute]).toBe(value);
  });
});
