import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { DynamoClient } from '../../lambdas/adapters/dynamo.ts';
import { keyIn, type SecretReader } from '../../lambdas/adapters/secrets.ts';
import { type InstallationOptions, openInstallation } from '../installation.ts';
import { operatorDynamo } from '../operator-dynamo.ts';

/** An installation that expects people of another system. */
export interface Target {
  readonly dynamo: DynamoClient;
  readonly readSecret: SecretReader;
  readonly tables: { readonly migration: string; readonly profiles: string; readonly audit: string };
  readonly pseudonymSecret: string;
}

const names = ['MigrationTableName', 'ProfilesTableName', 'AuditTableName', 'PseudonymSecretArn'] as const;

/** @throws NotInstalled where migration is not enabled */
export async function openTarget(options: InstallationOptions): Promise<Target> {
  const { settings, outputs } = await openInstallation(
    options,
    names,
    'set migration.enabled in vestibule.config.ts and deploy',
  );
  return {
    dynamo: operatorDynamo(settings),
    readSecret: secretReader(new SecretsManagerClient(settings)),
    tables: {
      migration: outputs.MigrationTableName,
      profiles: outputs.ProfilesTableName,
      audit: outputs.AuditTableName,
    },
    pseudonymSecret: outputs.PseudonymSecretArn,
  };
}

const secretReader =
  (client: SecretsManagerClient): SecretReader =>
  async (secretId, stage) => {
    const found = await client.send(new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage }));
    const key = keyIn(found.SecretString);
    if (key === undefined || !found.VersionId) throw new Error('the pseudonym secret has no key');
    return { versionId: found.VersionId, key };
  };
