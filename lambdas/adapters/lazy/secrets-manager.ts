import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Loaded at the first use and built as a file of its own: in the function's file it would cost init all the same. */
export function openSecretsManager() {
  const client = new SecretsManagerClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 300, requestTimeout: 1_200, throwOnRequestTimeout: true },
  });
  return (secretId: string, stage: string) =>
    client.send(new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage }));
}
