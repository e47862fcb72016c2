import { describe, expect, it } from 'vitest';
import { ofType, resourcesOf, synthesize } from '../support/synth.ts';

const dev = synthesize();
const alarms = Object.fromEntries(
  ofType(dev, 'AWS::CloudWatch::Alarm').map(([id, { Properties }]) => [
    id.replace(/^IdentityAlarms|[0-9A-F]{8}$/g, ''),
    Properties,
  ]),
);

describe('alarms', () => {
  it('are these: what somebody is woken up for', () => {
    expect(Object.keys(alarms).sort()).toEqual(
      [
        ...['Registration', 'SignIn', 'Messages'].flatMap((name) => [
          `${name}Errors`,
          `${name}Slow`,
          `${name}Throttled`,
        ]),
        ...['AuditForwarder', 'SecretRotation', 'Housekeeping'].map((name) => `${name}Errors`),
        ...[
          'ApiServerErrors',
          'AuditDeadLetters',
          'NoticesDeadLetters',
          'SessionsDeadLetters',
          'StatisticsDeadLetters',
          'AuditLag',
          'ArchiveLag',
          'DeniedSignIns',
        ],
      ].sort(),
    );
  });

  it('say what is wrong and where to look, and tell somebody', () => {
    for (const alarm of Object.values(alarms)) {
      expect(alarm.AlarmDescription).toMatch(/.{40,}/);
      expect(alarm.AlarmActions).toEqual([{ Ref: expect.stringContaining('AlarmTopic') }]);
    }
  });

  it('may publish to their topic and use its key: a topic policy of our own replaces the one of SNS', () => {
    const [policy] = ofType(dev, 'AWS::SNS::TopicPolicy').map(([, { Properties }]) => Properties);
    expect(policy?.PolicyDocument).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
        }),
      ]),
    });
    const key = resourcesOf(dev).IdentityKeysOperationsA7FEF6B1?.Properties.KeyPolicy as {
      readonly Statement: readonly Record<string, unknown>[];
    };
    const statement = key.Statement.find(({ Sid }) => Sid === 'AlarmsOfThisAccount');
    expect(statement?.Principal).toEqual({ Service: 'cloudwatch.amazonaws.com' });
    // What SNS says on behalf of an alarm; other condition keys are not known to come along.
    expect(Object.keys(statement?.Condition as object)).toEqual(['ArnLike']);
    expect(JSON.stringify(statement?.Condition)).toContain('kms:EncryptionContext:aws:sns:topicArn');
  });

  it('fire for a rotation that fails once in a month, and for a forwarder that fails for a while', () => {
    expect(alarms.SecretRotationErrors?.EvaluationPeriods).toBe(1);
    expect(alarms.AuditForwarderErrors?.EvaluationPeriods).toBe(3);
  });

  it('come before Cognito gives up on a slow trigger', () => {
    expect(alarms.SignInSlow).toMatchObject({ ExtendedStatistic: 'p99', Threshold: 4000 });
  });

  it('tell of one failed run of what runs once an hour', () =>
    expect(alarms.HousekeepingErrors).toMatchObject({ Period: 3_600, EvaluationPeriods: 1, Threshold: 0 }));

  it('count refused sign-ins by a rule of the bus, against a threshold of the operator', () => {
    expect(alarms.DeniedSignIns).toMatchObject({
      Namespace: 'AWS/Events',
      MetricName: 'MatchedEvents',
      Threshold: { Ref: 'DeniedSignInsAlarm' },
    });
    const rule = ofType(dev, 'AWS::Events::Rule').find(([id]) => id.includes('DeniedSignIns'))?.[1]
      .Properties;
    expect(rule?.EventPattern).toEqual({ source: ['vestibule'], 'detail-type': ['sign-in.refused'] });
  });

  it('stay quiet without traffic', () => {
    for (const alarm of Object.values(alarms)) expect(alarm.TreatMissingData).toBe('notBreaching');
  });
});

describe('logs', () => {
  it('are encrypted and kept as long as the operator says', () => {
    const groups = ofType(dev, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(20);
    for (const [, { Properties }] of groups) {
      expect(Properties).toMatchObject({
        RetentionInDays: { Ref: 'LogRetentionDays' },
        KmsKeyId: { 'Fn::GetAtt': ['IdentityKeysOperationsA7FEF6B1', 'Arn'] },
      });
    }
  });
});

it('has one dashboard', () => {
  dev.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
});
