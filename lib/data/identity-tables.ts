import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type TableShape, tables } from '../../lambdas/tables.ts';
import { acknowledge } from '../rules/acknowledge.ts';

/** The tables of every installation. */
export type TableName = Exclude<keyof typeof tables, 'migration'>;
type IndexName<N extends TableName> = (typeof tables)[N] extends { readonly indexes: infer Indexes }
  ? keyof Indexes & string
  : never;

export interface IdentityTablesProps {
  readonly encryptionKey: kms.IKey;
  readonly retain: boolean;
  /** Whether people of another system are expected. @default false */
  readonly migration?: boolean;
}

type ItemAction =
  | 'GetItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'Query'
  | 'ConditionCheckItem'
  | 'BatchWriteItem';

const migrationRecovery =
  'Password hashes of another system wait in it for days and must be gone when they are deleted, not kept in backups for weeks. Losing it means importing the same file again.';
const riskRecovery =
  'Everything in it expires within days, and losing it makes a device unknown, never trusted: old counters and flows must not come back.';

/**
 * The tables. Their construct ids are a contract: a rename replaces the table.
 * Risk has no point-in-time recovery: all of it expires, and losing it makes everybody "unknown", never "trusted".
 */
export class IdentityTables extends Construct {
  readonly all: Readonly<Record<TableName, dynamodb.Table>>;
  /** Imported people until their first sign-in, where migration is enabled. */
  readonly migration?: dynamodb.Table;
  private readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: IdentityTablesProps) {
    super(scope, id);
    this.encryptionKey = props.encryptionKey;
    const table = (
      tableId: string,
      shape: TableShape,
      options: { recovery: boolean; stream?: dynamodb.StreamViewType },
    ) => {
      const made = new dynamodb.Table(this, tableId, {
        partitionKey: { name: shape.partitionKey, type: dynamodb.AttributeType.STRING },
        sortKey: { name: shape.sortKey, type: dynamodb.AttributeType.STRING },
        timeToLiveAttribute: shape.ttl,
        billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
        encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
        encryptionKey: props.encryptionKey,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: options.recovery },
        deletionProtection: props.retain,
        removalPolicy: props.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        stream: options.stream,
      });
      addIndexes(made, shape);
      return made;
    };
    this.all = {
      profiles: table('Profiles', tables.profiles, { recovery: true }),
      consents: table('Consents', tables.consents, { recovery: true }),
      // Both images: an item changed without a new event shows the same event twice and is passed over.
      risk: table('Risk', tables.risk, {
        recovery: false,
        stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
      }),
      audit: table('Audit', tables.audit, { recovery: true, stream: dynamodb.StreamViewType.NEW_IMAGE }),
      statistics: table('Statistics', tables.statistics, { recovery: true }),
    };
    if (props.migration) {
      this.migration = table('Migration', tables.migration, { recovery: false });
      acknowledge(this.migration, {
        'AwsSolutions-DDB3': migrationRecovery,
        'cdk-validator-cfnguard::dynamodb_table_pitr_enabled_check': migrationRecovery,
      });
    }
    acknowledge(this.all.risk, {
      'AwsSolutions-DDB3': riskRecovery,
      'cdk-validator-cfnguard::dynamodb_table_pitr_enabled_check': riskRecovery,
    });
  }

  /**
   * Lets `grantee` do exactly these item operations. DynamoDB opens the table key in the caller's name, hence
   * `kms:Decrypt`, and only through DynamoDB. No scans, no batch or index access.
   */
  grant(grantee: iam.IGrantable, name: TableName, ...actions: readonly ItemAction[]): void {
    iam.Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `dynamodb:${action}`),
      resourceArns: [this.all[name].tableArn], // table.grant() would open every index as well
    });
    this.grantKeyThrough(grantee, 'dynamodb');
  }

  /** The same for the Migration table. @throws Error where migration is not enabled */
  grantMigration(grantee: iam.IGrantable, ...actions: readonly ItemAction[]): void {
    if (!this.migration) throw new Error('migration: is not enabled');
    this.migration.grant(grantee, ...actions.map((action) => `dynamodb:${action}`));
    this.grantKeyThrough(grantee, 'dynamodb');
  }

  /** Lets `grantee` query one index of a table: not the table, and not another index. */
  grantIndex<N extends TableName>(grantee: iam.IGrantable, name: N, index: IndexName<N>): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [`${this.all[name].tableArn}/index/${index}`],
      }),
    );
    this.grantKeyThrough(grantee, 'dynamodb');
  }

  /** Item operations on items whose partition key begins with one of these: not another item of the table. */
  grantItems(
    grantee: iam.IGrantable,
    name: TableName,
    keyPrefixes: readonly string[],
    ...actions: readonly ItemAction[]
  ): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [this.all[name].tableArn],
        conditions: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': keyPrefixes.map((prefix) => `${prefix}*`),
          },
        },
      }),
    );
    this.grantKeyThrough(grantee, 'dynamodb');
  }

  /** Lets an event source mapping of `grantee` read the table's stream. */
  grantStream(grantee: iam.IGrantable, name: 'risk' | 'audit'): void {
    const streamArn = this.all[name].tableStreamArn;
    if (!streamArn) throw new Error(`${name}: has no stream`);
    const read = [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ];
    iam.Grant.addToPrincipal({ grantee, actions: read, resourceArns: [streamArn] });
    this.grantKeyThrough(grantee, 'dynamodb');
  }

  private grantKeyThrough(grantee: iam.IGrantable, service: string): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [this.encryptionKey.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `${service}.${Stack.of(this).region}.amazonaws.com` },
        },
      }),
    );
  }
}

function addIndexes(table: dynamodb.Table, { indexes = {} }: TableShape): void {
  for (const [indexName, { partitionKey, sortKey, attributes }] of Object.entries(indexes)) {
    table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: { name: partitionKey, type: dynamodb.AttributeType.STRING },
      sortKey: { name: sortKey, type: dynamodb.AttributeType.STRING },
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: [...attributes],
    });
  }
}
