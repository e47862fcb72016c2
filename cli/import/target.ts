import { readFile } from 'node:fs/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as v from 'valibot';
import type { DynamoClient } from '../../lambdas/adapters/dynamo.ts';
import { keyIn, type SecretReader } from '../../lambdas/adapters/secrets.ts';
import { operatorDynamo } from '../operator-dynamo.ts';

export interface TargetOptions {
  readonly outputs: string;
  readonly stage?: string;
  readonly region?: string;
}

/** An installation that expects people of another system. */
export interface Target {
  readonly dynamo: DynamoClient;
  readonly readSecret: SecretReader;
  readonly tables: { readonly migration: string; readonly profiles: string; readonly audit: string };
  readonly pseudonymSecret: string;
}

const names = ['MigrationTableName', 'ProfilesTableName', 'AuditTableName', 'PseudonymSecretArn'] as const;
type Outputs = Readonly<Record<(typeof names)[number], string>>;

const localOutputs = v.object({
  region: v.string(),
  endpoints: v.object({ aws: v.string() }),
  credentials: v.object({ accessKeyId: v.string(), secretAccessKey: v.string() }),
  stack: v.record(v.string(), v.string()),
});

/**
 * In AWS by the stage's parameters (`/vestibule/<stage>/…`, which the stack writes) with the operator's credentials, or a
 * local cloud by its `outputs.json`.
 */
export async function openTarget(options: TargetOptions): Promise<Target> {
  if (options.stage === undefined) return localTarget(options.outputs);
  const { stage, region } = options;
  const ssm = new SSMClient({ ...(region && { region }) });
  const { Parameters = [] } = await ssm.send(
    new GetParametersCommand({ Names: names.map((name) => `/vestibule/${stage}/${name}`) }),
  );
  const found = Object.fromEntries(Parameters.map(({ Name, Value }) => [Name?.split('/').at(-1), Value]));
  return targetOf(found, { ...(region && { region }) }, `stage ${stage}`);
}

async function localTarget(file: string): Promise<Target> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`--outputs ${file}: cannot be read; name a stage in AWS with --stage`, { cause });
  });
  const { region, endpoints, credentials, stack } = v.parse(localOutputs, JSON.parse(text));
  return targetOf(stack, { region, endpoint: endpoints.aws, credentials }, file);
}

function targetOf(
  found: Readonly<Record<string, string | undefined>>,
  settings: {
    region?: string;
    endpoint?: string;
    credentials?: { accessKeyId: string; secretAccessKey: string };
  },
  where: string,
): Target {
  const missing = names.filter((name) => !found[name]);
  if (missing.length > 0) {
    throw new Error(
      `${where}: no ${missing.join(', ')}; set migration.enabled in vestibule.config.ts and deploy`,
    );
  }
  const outputs = found as Outputs;
  const client = { maxAttempts: 8, ...settings };
  return {
    dynamo: operatorDynamo(client),
    readSecret: secretReader(new SecretsManagerClient(client)),
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
