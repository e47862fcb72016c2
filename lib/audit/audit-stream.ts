import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { ArchiveConfig } from '../config/types.ts';
import { customerKey, type EncryptionKeys } from '../data/encryption-keys.ts';
import type { IdentityTables } from '../data/identity-tables.ts';
import type { FunctionSetting } from '../functions/service-function.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { AuditArchive } from './audit-archive.ts';
import { AuditCatalogue } from './audit-catalogue.ts';
import { AuditDelivery } from './audit-delivery.ts';
import { AuditForwarding } from './audit-forwarding.ts';

export interface AuditStreamProps {
  /** Of the installation. */
  readonly name: string;
  readonly functions: FunctionSetting;
  readonly tables: IdentityTables;
  readonly parameters: OperatorParameters;
  readonly keys: EncryptionKeys;
  readonly retain: boolean;
  readonly archive?: ArchiveConfig;
}

/** From the outbox to the archive: table streams → forwarder → Firehose → locked bucket, and to the event bus. */
export class AuditStream extends Construct {
  readonly archive: AuditArchive;
  readonly delivery: AuditDelivery;
  readonly bus: events.EventBus;
  readonly forwarding: AuditForwarding;
  /** Signs checkpoints. Verifiers need only its public key. */
  readonly checkpointKey: kms.Key;

  constructor(
    scope: Construct,
    id: string,
    { name, functions, tables, parameters, keys, retain, archive }: AuditStreamProps,
  ) {
    super(scope, id);
    const { logs } = functions;
    this.archive = new AuditArchive(this, 'Archive', { encryptionKey: keys.archive, retain, archive });
    this.delivery = new AuditDelivery(this, 'Delivery', {
      archive: this.archive,
      encryptionKey: keys.archive,
      logs,
    });
    new AuditCatalogue(this, 'Catalogue', { name, archive: this.archive });
    this.bus = new events.EventBus(this, 'Bus', { description: `Audit events of ${name}` });
    this.checkpointKey = customerKey(this, 'CheckpointKey', {
      description: `${name}: signs checkpoints of the audit archive`,
      keySpec: kms.KeySpec.ECC_NIST_P256,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      // Old checkpoints must stay verifiable as long as anybody may ask.
      retain,
    });
    this.forwarding = new AuditForwarding(this, 'Forwarding', {
      functions,
      tables,
      parameters,
      delivery: this.delivery,
      bus: this.bus,
      checkpointKey: this.checkpointKey,
    });
  }
}
