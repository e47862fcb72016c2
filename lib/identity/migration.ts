import { Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { MigrationConfig } from '../config/types.ts';
import type { IdentityTables } from '../data/identity-tables.ts';
import type { ServiceFunction } from '../functions/service-function.ts';
import { clientDirectoryName } from './client-directory.ts';
import type { PoolTriggers } from './pool-triggers.ts';
import type { ServiceSecrets } from './service-secrets.ts';
import type { UserDirectory } from './user-directory.ts';

export interface MigrationProps {
  readonly config: MigrationConfig;
  /** Name of the installation. */
  readonly installation: string;
  readonly directory: UserDirectory;
  readonly tables: IdentityTables;
  readonly secrets: ServiceSecrets;
  readonly triggers: PoolTriggers;
  readonly authApi: ServiceFunction;
  /** Client that hands a password to Cognito in clear; see {@link AppClients}. */
  readonly client: cognito.UserPoolClient;
}

/** One vCPU: the hash checks at import are bounded by what it computes in 2.5 s (lambdas/core/migration/hash.ts). */
const verifyingMemoryMb = 1769;

/**
 * What an installation needs that expects people from another system, added to the functions that are there: the
 * trigger and its table, and the door of the Identity API. Without it nothing of this exists or costs anything.
 */
export class Migration extends Construct {
  constructor(scope: Construct, id: string, props: MigrationProps) {
    super(scope, id);
    const { tables, triggers } = props;
    const { migration } = tables;
    if (!migration) throw new Error('migration: needs its table');
    for (const { function: target } of [triggers.registration, triggers.signIn, props.authApi])
      target.addEnvironment('MIGRATION_TABLE', migration.tableName);
    this.firstSignIn(props);
    this.completion(props);
    this.identityApi(props);
    if (props.config.legacyEndpoint) this.legacy(props, props.config.legacyEndpoint.secretName);
  }

  private firstSignIn({ directory, tables, triggers: { registration } }: MigrationProps): void {
    directory.pool.addTrigger(cognito.UserPoolOperation.USER_MIGRATION, registration.function);
    (registration.function.node.defaultChild as lambda.CfnFunction).memorySize = verifyingMemoryMb;
    tables.grantMigration(registration, 'GetItem', 'UpdateItem');
    tables.grantItems(registration, 'risk', ['MIGRATION#'], 'UpdateItem');
  }

  /** The first tokens turn the record into a profile: only then does Cognito say who it is. */
  private completion({ installation, tables, triggers: { signIn } }: MigrationProps): void {
    signIn.function.addEnvironment('PROFILES_TABLE', tables.all.profiles.tableName);
    tables.grantMigration(signIn, 'GetItem', 'UpdateItem');
    tables.grant(signIn, 'profiles', 'PutItem', 'UpdateItem');
    tables.grant(signIn, 'consents', 'PutItem');
    // Tells the migration client from those of apps; by its plain name, as the parameter lists what names the pool.
    const resourceName = clientDirectoryName(installation).slice(1);
    const clients = Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
    iam.Grant.addToPrincipal({ grantee: signIn, actions: ['ssm:GetParameter'], resourceArns: [clients] });
  }

  private identityApi({ directory, tables, secrets, authApi, client }: MigrationProps): void {
    const secret = secrets.ofClient('MigrationClient', client, 'Client secret of the migration client');
    authApi.function.addEnvironment('MIGRATION_CLIENT_ID', client.userPoolClientId);
    authApi.function.addEnvironment('MIGRATION_CLIENT_SECRET', secret.secretArn);
    tables.grantMigration(authApi, 'GetItem');
    secrets.grantRead(authApi, secret);
    iam.Grant.addToPrincipal({
      grantee: authApi,
      actions: ['cognito-idp:AdminInitiateAuth'],
      resourceArns: [directory.pool.userPoolArn],
    });
  }

  /** People who were not imported are kept while they move, and the breaker has its state beside the counters. */
  private legacy({ tables, triggers: { registration } }: MigrationProps, secretName: string): void {
    const secret = secretsmanager.Secret.fromSecretNameV2(this, 'LegacySecret', secretName);
    registration.function.addEnvironment('LEGACY_SECRET', secretName);
    secret.grantRead(registration);
    tables.grantMigration(registration, 'PutItem');
    tables.grantItems(registration, 'risk', ['LEGACY#'], 'UpdateItem');
  }
}
