import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { sessionEvents } from '../../lambdas/tables.ts';
import { functionNamed, ofType, synthesize } from '../support/synth.ts';

const dev = synthesize();
const prod = synthesize({ stage: 'prod' });

describe('event source mappings', () => {
  const mappings = ofType(dev, 'AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => Properties)
    .filter(({ EventSourceArn }) => JSON.stringify(EventSourceArn).includes('StreamArn'));

  const readBy = (name: string) => {
    const [Ref] = functionNamed(dev, name);
    return mappings.filter(({ FunctionName }) => (FunctionName as { Ref: string }).Ref === Ref);
  };
  const sourcesOf = (some: typeof mappings) =>
    some
      .map(({ EventSourceArn }) => (EventSourceArn as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0])
      .map((id) => id.replace(/[0-9A-F]{8}$/, ''))
      .sort();
  const patternsOf = (some: typeof mappings) =>
    some.map(({ FilterCriteria }) =>
      JSON.parse((FilterCriteria as { Filters: { Pattern: string }[] }).Filters[0]?.Pattern ?? '{}'),
    );
  const forwarder = readBy('audit-forwarder');
  const registry = readBy('session-registry');

  it('read the streams of Risk and Audit into the forwarder, and that of Audit into the list of sessions', () => {
    expect(sourcesOf(forwarder)).toEqual(['IdentityTablesAudit', 'IdentityTablesRisk']);
    expect(sourcesOf(registry)).toEqual(['IdentityTablesAudit']);
    expect(mappings).toHaveLength(3);
  });

  it('never let a bad record block its shard, and keep what failed', () => {
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({
        BatchSize: 100,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 10,
        MaximumRecordAgeInSeconds: 12 * 3600,
        StartingPosition: 'TRIM_HORIZON',
        DestinationConfig: {
          OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringContaining('DeadLetters'), 'Arn'] } },
        },
      });
    }
  });

  it('wait a second for more events, but not where the owner of a session is looking', () => {
    const windows = (some: typeof mappings) =>
      some.map(({ MaximumBatchingWindowInSeconds }) => MaximumBatchingWindowInSeconds);
    expect(windows(forwarder)).toEqual([1, 1]);
    expect(windows(registry)).toEqual([0]);
  });

  it('invoke for records with an event only', () => {
    const patterns = patternsOf(forwarder);
    for (const { dynamodb } of patterns)
      expect(dynamodb).toEqual({ NewImage: { event: { S: [{ exists: true }] } } });
    expect(patterns.map(({ eventName }) => eventName).sort()).toEqual([['INSERT'], ['INSERT', 'MODIFY']]);
  });

  it('invoke the list of sessions for new events about sessions only', () => {
    expect(patternsOf(registry)).toEqual([
      { eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: [...sessionEvents] } } } },
    ]);
  });
});

describe('archive', () => {
  const archive = (template: typeof dev) =>
    ofType(template, 'AWS::S3::Bucket').find(([id]) => id.includes('ArchiveBucket'))?.[1].Properties ?? {};

  it('locks every version: by governance in dev, by compliance where configured', () => {
    const lock = (template: typeof dev) => archive(template).ObjectLockConfiguration;
    expect(lock(dev)).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
    });
    expect(lock(prod)).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } },
    });
    expect(archive(prod)).toMatchObject({
      ObjectLockEnabled: true,
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });

  it('is encrypted with its own key, closed to the public, and logs who reads it', () => {
    expect(archive(prod)).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::GetAtt': ['IdentityKeysArchive9A20495D', 'Arn'] },
            },
          },
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LoggingConfiguration: { DestinationBucketName: { Ref: expect.stringContaining('AccessLogs') } },
    });
  });

  it('is written by day and deleted when due', () => {
    dev.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK' },
      ExtendedS3DestinationConfiguration: {
        Prefix: 'events/day=!{timestamp:yyyy-MM-dd}/',
        CompressionFormat: 'GZIP',
      },
    });
    expect(JSON.stringify(archive(prod).LifecycleConfiguration)).toContain('"ExpirationInDays":1095');
  });

  it('is queried by projected days, without a crawler', () => {
    dev.hasResourceProperties('AWS::Glue::Table', {
      TableInput: {
        PartitionKeys: [{ Name: 'day', Type: 'string' }],
        Parameters: Match.objectLike({
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy-MM-dd',
          'storage.location.template': {
            'Fn::Join': [
              '',
              ['s3://', { Ref: Match.stringLikeRegexp('ArchiveBucket') }, `/events/day=\${day}/`],
            ],
          },
        }),
      },
    });
  });
});

describe('event bus', () => {
  it('tells people about sign-ins on new devices, and keeps what could not be told', () => {
    dev.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: Match.stringLikeRegexp('AuditBus') },
      EventPattern: {
        source: ['vestibule'],
        'detail-type': ['sign-in.succeeded'],
        detail: { data: { newDevice: [true] } },
      },
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [functionNamed(dev, 'notifier')[0], 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('NoticesDeadLetters'), 'Arn'] } },
          RetryPolicy: { MaximumEventAgeInSeconds: 12 * 3600, MaximumRetryAttempts: 20 },
        }),
      ],
    });
  });

  it('keeps what the notifier throws too, which the queue of a rule never sees', () => {
    const [, notifier] = functionNamed(dev, 'notifier');
    expect(notifier.Properties.DeadLetterConfig).toEqual({
      TargetArn: { 'Fn::GetAtt': [expect.stringContaining('NoticesDeadLetters'), 'Arn'] },
    });
  });
});
