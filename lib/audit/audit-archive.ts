import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ArchiveConfig } from '../config/types.ts';
import { acknowledge } from '../rules/acknowledge.ts';

export interface AuditArchiveProps {
  readonly encryptionKey: kms.IKey;
  readonly retain: boolean;
  readonly archive?: ArchiveConfig;
}

/** Below this prefix one folder per day: `events/day=2026-11-22/`. The day is Firehose's arrival time, UTC. */
export const eventsPrefix = 'events/';

/**
 * The bucket of archived events. Object Lock keeps every version for `lockDays`; the lock cannot be taken off a bucket,
 * and in compliance mode not off an object either. Records hold no raw personal data, so that this can be.
 */
export class AuditArchive extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, { encryptionKey, retain, archive = {} }: AuditArchiveProps) {
    super(scope, id);
    const { lock = 'governance', lockDays = 365, deleteAfterDays = 1095 } = archive;
    const retention = Duration.days(lockDays);
    const removalPolicy = retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.bucket = new s3.Bucket(this, 'Bucket', {
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        lock === 'compliance'
          ? s3.ObjectLockRetention.compliance(retention)
          : s3.ObjectLockRetention.governance(retention),
      encryption: s3.BucketEncryption.KMS,
      encryptionKey,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      serverAccessLogsBucket: accessLogs(this, removalPolicy, lockDays),
      removalPolicy,
      lifecycleRules: [
        {
          id: 'cheaper-when-old',
          transitions: [
            { storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
          ],
          enabled: deleteAfterDays > 180, // Glacier bills 90 days at the least
        },
        {
          id: 'delete-when-due',
          expiration: Duration.days(deleteAfterDays),
          noncurrentVersionExpiration: retention, // a locked version outlives this until its lock ends
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    acknowledge(this.bucket, {
      'cdk-validator-cfnguard::s3_event_notifications_enabled_check':
        'Events are published on the event bus before they are archived; nothing acts on an archive object.',
    });
  }
}

/** Who read the archive. Not locked itself: S3 cannot deliver access logs into a locked bucket. */
function accessLogs(scope: Construct, removalPolicy: RemovalPolicy, lockDays: number): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'AccessLogs', {
    encryption: s3.BucketEncryption.S3_MANAGED, // S3's log delivery; the log names objects, not people
    versioned: true,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy,
    lifecycleRules: [{ expiration: Duration.days(lockDays), noncurrentVersionExpiration: Duration.days(1) }],
  });
  acknowledge(bucket, {
    'AwsSolutions-S1': 'This is the bucket that the access logs go to; logging itself would never end.',
    'cdk-validator-cfnguard::s3_bucket_logging_enabled_check':
      'This is the bucket that the access logs go to; logging itself would never end.',
    'cdk-validator-cfnguard::s3_bucket_object_lock_enabled_check':
      'S3 cannot deliver access logs into a bucket with a default lock.',
    'cdk-validator-cfnguard::s3_bucket_default_encryption_kms_check':
      'S3 documents SSE-S3 as the one default encryption for every log delivery; the log names objects, not people.',
    'cdk-validator-cfnguard::s3_event_notifications_enabled_check': 'Nothing acts on an access log.',
  });
  return bucket;
}
