import { type AwsJsonService, awsJsonClient, environmentOptions } from './client.ts';

const secretsManager: AwsJsonService = {
  name: 'secretsmanager',
  environmentId: 'SECRETS_MANAGER',
  target: 'secretsmanager',
  version: '1.1',
};

export interface SecretVersion {
  readonly VersionId?: string;
  readonly SecretString?: string;
}

/** One version of a secret by its stage. @throws AwsRefusal `ResourceNotFoundException` when there is none */
export function openSecretsManager() {
  const client = awsJsonClient(secretsManager, environmentOptions(secretsManager));
  return async (secretId: string, stage: string): Promise<SecretVersion> =>
    (await client.call('GetSecretValue', { SecretId: secretId, VersionStage: stage })) as SecretVersion;
}
