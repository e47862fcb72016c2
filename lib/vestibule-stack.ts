import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { StageName, VestibuleConfig } from './config/types.ts';
import { CustomerIdentity } from './customer-identity.ts';

export interface VestibuleStackProps extends StackProps {
  readonly config: VestibuleConfig;
  readonly stage: StageName;
  /** Folder with one built bundle per function. @default - `dist/lambdas` of this package */
  readonly bundles?: string;
  /** Folder with the built pages of the portal. @default - `dist/portal` of this package */
  readonly pages?: string;
}

/** One installation: the construct, and what apps need to know about it as outputs and SSM parameters. */
export class VestibuleStack extends Stack {
  readonly identity: CustomerIdentity;

  constructor(
    scope: Construct,
    id: string,
    { config, stage, bundles, pages, ...props }: VestibuleStackProps,
  ) {
    super(scope, id, {
      description: `Vestibule customer identity (${stage})`,
      env: { account: config.stages[stage].account, region: config.stages[stage].region },
      terminationProtection: config.stages[stage].data !== 'disposable',
      ...props,
    });
    this.identity = new CustomerIdentity(this, 'Identity', { config, stage, bundles, pages });
    const { directory, clients, managedLogin, api, audit, tables, secrets, portalUrl } = this.identity;
    this.publish(stage, {
      Region: { value: this.region, description: 'Region of everything here' },
      UserPoolId: { value: directory.pool.userPoolId, description: 'Cognito user pool' },
      WebClientId: {
        value: clients.web.userPoolClientId,
        description: 'Public client for SDKs',
      },
      ServerClientId: {
        value: clients.server.userPoolClientId,
        description: 'Confidential client of the Identity API',
      },
      IdentityApiUrl: { value: api.url, description: 'Base of every route, for example <url>/v1/sessions' },
      PortalUrl: { value: portalUrl, description: 'Pages for customers and operators; links in mails' },
      Issuer: { value: directory.pool.userPoolProviderUrl, description: 'Issuer of the tokens' },
      AuditBucket: { value: audit.archive.bucket.bucketName, description: 'Archive of audit events' },
      AuditTableName: {
        value: tables.all.audit.tableName,
        description: 'Outbox of audit events; holds the head of the checkpoints',
      },
      CheckpointKeyId: {
        value: audit.checkpointKey.keyId,
        description: 'KMS key that signs the checkpoints of the archive',
      },
      EventBusName: { value: audit.bus.eventBusName, description: 'Bus that publishes every audit event' },
    });
    if (tables.migration) {
      this.publish(stage, {
        MigrationTableName: {
          value: tables.migration.tableName,
          description: 'People of another system until their first sign-in',
        },
        ProfilesTableName: { value: tables.all.profiles.tableName, description: 'Profiles; address claims' },
        PseudonymSecretArn: {
          value: secrets.pseudonym.secretArn,
          description: 'Key of pseudonyms, for the import',
        },
      });
    }
    if (managedLogin) {
      this.publish(stage, {
        ManagedLoginUrl: {
          value: managedLogin.url,
          description: 'Sign-in pages and OAuth endpoints of the user pool',
        },
      });
    }
    for (const { config: client, client: resource } of clients.configured) {
      this.publish(stage, {
        [`${pascal(client.name)}ClientId`]: {
          value: resource.userPoolClientId,
          description: `Client ${client.name} (${client.door})`,
        },
      });
    }
  }

  private publish(stage: StageName, values: Record<string, { value: string; description: string }>): void {
    for (const [name, { value, description }] of Object.entries(values)) {
      new CfnOutput(this, name, { value, description });
      new ssm.StringParameter(this, `${name}Parameter`, {
        parameterName: `/vestibule/${stage}/${name}`,
        stringValue: value,
        description,
      });
    }
  }
}

/** `order-desk` → `OrderDesk` */
const pascal = (name: string): string =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
