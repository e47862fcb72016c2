import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { functionNamed, ofType, synthesize } from '../support/synth.ts';

const dev = synthesize();
const prod = synthesize({ stage: 'prod' });

describe('event source mappings', () => {
  const mappings = ofType(dev, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);

  it('read the streams of Risk and Audit into the forwarder', () => {
    const [forwarderId] = functionNamed(dev, 'audit-forwarder');
    const sources = mappings.map(
      ({ EventSourceArn }) => (EventSourceArn as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0],
    );
    expect(sources.map((id) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'IdentityTablesAudit',
      'IdentityTablesRisk',
    ]);
    for (const { FunctionName } of mappings) expect(FunctionName).toEqual({ Ref: forwarderId });
  });

  it('never let a bad record block its shard, and keep what failed', () => {
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 1,
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

  it('invoke for records with an event only', () => {
    const patterns = mappings.map(({ FilterCriteria }) =>
      JSON.parse((FilterCriteria as { Filters: { Pattern: string }[] }).Filters[0]?.Pattern ?? '{}'),
    );
    for (const { dynamodb } of patterns)
      expect(dynamodb).toEqual({ NewImage: { event: { S: [{ exists: true }] } } });
    expect(patterns.map(({ eventName }) => eventName).sort()).toEqual([['INSERT'], ['INSERT', 'MODIFY']]);
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
