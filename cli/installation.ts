import { readFile } from 'node:fs/promises';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as v from 'valibot';

export interface InstallationOptions {
  /** `outputs.json` of a local cloud; used where no stage is named. */
  readonly outputs: string;
  readonly stage?: string;
  readonly region?: string;
}

/** What AWS clients of an operator are made with. */
export interface ClientSettings {
  readonly maxAttempts: number;
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Installation<Name extends string> {
  readonly settings: ClientSettings;
  readonly outputs: Readonly<Record<Name, string>>;
}

/** An installation lacks what a command works on. */
export class NotInstalled extends Error {
  constructor(where: string, missing: readonly string[], advice: string) {
    super(`${where}: no ${missing.join(', ')}${advice && `; ${advice}`}`);
    this.name = 'NotInstalled';
  }
}

const localOutputs = v.object({
  region: v.string(),
  endpoints: v.object({ aws: v.string() }),
  credentials: v.object({ accessKeyId: v.string(), secretAccessKey: v.string() }),
  stack: v.record(v.string(), v.string()),
});

const maxAttempts = 8;

/**
 * In AWS by the stage's parameters (`/vestibule/<stage>/…`, which the stack writes) with the operator's credentials, or a
 * local cloud by its `outputs.json`.
 * @param advice - what to do when one of the outputs is not there
 * @throws NotInstalled
 */
export async function openInstallation<const Name extends string>(
  { outputs, stage, region }: InstallationOptions,
  names: readonly Name[],
  advice = '',
): Promise<Installation<Name>> {
  if (stage === undefined) {
    const local = await readLocal(outputs);
    const { endpoints, credentials } = local;
    const settings = { maxAttempts, region: local.region, endpoint: endpoints.aws, credentials };
    return { settings, outputs: allOf(local.stack, names, outputs, advice) };
  }
  const settings = { maxAttempts, ...(region && { region }) };
  const { Parameters = [] } = await new SSMClient(settings).send(
    new GetParametersCommand({ Names: names.map((name) => `/vestibule/${stage}/${name}`) }),
  );
  const found = Object.fromEntries(Parameters.map(({ Name, Value }) => [Name?.split('/').at(-1), Value]));
  return { settings, outputs: allOf(found, names, `stage ${stage}`, advice) };
}

async function readLocal(file: string): Promise<v.InferOutput<typeof localOutputs>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`--outputs ${file}: cannot be read; name a stage in AWS with --stage`, { cause });
  });
  return v.parse(localOutputs, JSON.parse(text));
}

function allOf<Name extends string>(
  found: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
  where: string,
  advice: string,
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => !found[name]);
  if (missing.length > 0) throw new NotInstalled(where, missing, advice);
  return found as Record<Name, string>;
}
