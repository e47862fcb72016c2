import { Aws } from 'aws-cdk-lib';
import * as glue from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { type AuditArchive, eventsPrefix } from './audit-archive.ts';

export interface AuditCatalogueProps {
  /** Of the installation. */
  readonly name: string;
  readonly archive: AuditArchive;
}

const event = [
  'v:int',
  'id:string',
  'type:string',
  'at:string',
  'subject:struct<sub:string,pseudonym:string>',
  'actor:string',
  'outcome:string',
  'reasons:array<string>',
  'flow:string',
  'door:string',
  'client:string',
  'network:string',
  'device:string',
  'data:map<string,string>',
].join(',');
const checkpoint = 'v:int,n:bigint,prev:string,chain:string,upto:bigint,head:string,at:string';

/** One line of the archive: an event in its chain, or a checkpoint that seals a chain. */
const columns: Readonly<Record<string, string>> = {
  chain: 'string',
  n: 'bigint',
  prev: 'string',
  event: `struct<${event}>`,
  hash: 'string',
  checkpoint: `struct<${checkpoint}>`,
  signature: 'string',
};

/** First day that queries may name; projection computes the partitions, so no crawler runs. */
const firstDay = '2026-01-01';

/** Makes the archive queryable with Athena: `SELECT event.type FROM events WHERE day = '2026-11-22'`. */
export class AuditCatalogue extends Construct {
  readonly database: glue.CfnDatabase;
  readonly table: glue.CfnTable;

  constructor(scope: Construct, id: string, { name: installation, archive }: AuditCatalogueProps) {
    super(scope, id);
    const location = `s3://${archive.bucket.bucketName}/${eventsPrefix}`;
    const name = `${installation.replaceAll('-', '_')}_audit`; // Athena wants no hyphens
    this.database = new glue.CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name, description: 'Audit events of Vestibule' },
    });
    this.table = new glue.CfnTable(this, 'Table', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: name,
      tableInput: {
        name: 'events',
        description: 'Archived audit events; deduplicate by event.id',
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [{ name: 'day', type: 'string' }],
        parameters: {
          EXTERNAL: 'TRUE',
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy-MM-dd',
          'projection.day.range': `${firstDay},NOW`,
          'projection.day.interval': '1',
          'projection.day.interval.unit': 'DAYS',
          'storage.location.template': `${location}day=\${day}/`,
        },
        storageDescriptor: {
          location,
          columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    });
    this.table.addResourceDependency(this.database);
  }
}
