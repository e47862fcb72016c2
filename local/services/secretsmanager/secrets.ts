import { randomBytes, randomUUID } from 'node:crypto';
import { AwsError, type Cloud, type Collection } from '../../platform.ts';
import { arnOf } from '../arns.ts';

export interface SecretVersion {
  readonly string?: string;
  /** Base64. */
  readonly binary?: string;
  readonly stages: readonly string[];
  readonly createdAt: number;
}

export interface Rotation {
  readonly functionArn: string;
  readonly everyMs: number;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly keyArn?: string;
  readonly rotation?: Rotation;
  readonly rotatedAt?: number;
  readonly createdAt: number;
  readonly versions: Readonly<Record<string, SecretVersion>>;
}

export interface NewVersion {
  readonly id?: string;
  readonly string?: string;
  readonly binary?: string;
  readonly stages?: readonly string[];
}

const current = 'AWSCURRENT';
const previous = 'AWSPREVIOUS';
const suffixSigns = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Secrets with versions and staging labels: a label is on one version at a time. */
export class Secrets {
  private readonly cloud: Cloud;
  private readonly stored: Collection<Secret>;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.stored = cloud.store.collection('secrets');
  }

  async create(name: string, settings: { description: string; keyArn?: string }): Promise<Secret> {
    const known = this.stored.get(name);
    const suffix = [...randomBytes(6)].map((byte) => suffixSigns[byte % suffixSigns.length]).join('');
    const secret: Secret = {
      versions: {},
      createdAt: this.cloud.clock.now(),
      arn: arnOf(this.cloud, 'secretsmanager', `secret:${name}-${suffix}`),
      ...known,
      ...settings,
      name,
    };
    return this.keep(secret);
  }

  all(): readonly Secret[] {
    return [...this.stored.entries()].map(([, secret]) => secret);
  }

  /** By name, ARN, or ARN without its random suffix. */
  find(reference: string): Secret {
    const direct = this.stored.get(reference);
    if (direct) return direct;
    const found = this.all().find(({ arn }) => arn === reference || arn.slice(0, -7) === reference);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  version(
    secret: Secret,
    by: { id?: string | undefined; stage?: string | undefined },
  ): [string, SecretVersion] {
    const stage = by.stage ?? (by.id ? undefined : current);
    const found = Object.entries(secret.versions).find(
      ([id, version]) => (!by.id || id === by.id) && (!stage || version.stages.includes(stage)),
    );
    // a version without labels is on its way out and cannot be found by stage
    if (found) return found;
    throw valueNotFound(by.id ? `VersionId: ${by.id}` : `staging label: ${stage}`);
  }

  /** Idempotent by version id: the same content again changes nothing, other content is refused. */
  async put(secret: Secret, version: NewVersion): Promise<{ secret: Secret; id: string }> {
    const id = version.id ?? randomUUID();
    const known = secret.versions[id];
    if (known && (known.string !== undefined || known.binary !== undefined)) {
      if (known.string === version.string && known.binary === version.binary) return { secret, id };
      throw new AwsError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
      );
    }
    const { string, binary, stages = [current] } = version;
    const added: SecretVersion = {
      ...(string !== undefined && { string }),
      ...(binary !== undefined && { binary }),
      stages: known?.stages ?? [],
      createdAt: this.cloud.clock.now(),
    };
    let next = { ...secret, versions: { ...secret.versions, [id]: added } };
    for (const stage of stages) next = withStage(next, stage, id);
    return { secret: await this.keep(tidy(next)), id };
  }

  async moveStage(
    secret: Secret,
    stage: string,
    to: string | undefined,
    from: string | undefined,
  ): Promise<Secret> {
    const holder = Object.entries(secret.versions).find(([, { stages }]) => stages.includes(stage))?.[0];
    if (to && !secret.versions[to]) this.version(secret, { id: to });
    if (holder && holder !== to && holder !== from) {
      throw new AwsError(
        'InvalidParameterException',
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, ` +
          'so you must explicitly reference that version in RemoveFromVersionId.',
      );
    }
    return this.keep(tidy(to ? withStage(secret, stage, to) : withoutStage(secret, stage)));
  }

  async keep(secret: Secret): Promise<Secret> {
    await this.stored.set(secret.name, secret);
    return secret;
  }
}

export const valueNotFound = (what: string): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${what}`,
  );

function withoutStage(secret: Secret, stage: string): Secret {
  const versions = Object.entries(secret.versions).map(([id, version]) => [
    id,
    { ...version, stages: version.stages.filter((each) => each !== stage) },
  ]);
  return { ...secret, versions: Object.fromEntries(versions) as Secret['versions'] };
}

/** Moving AWSCURRENT leaves AWSPREVIOUS on the version that had it. */
function withStage(secret: Secret, stage: string, id: string): Secret {
  const holder = Object.entries(secret.versions).find(([, { stages }]) => stages.includes(stage))?.[0];
  if (holder === id) return secret;
  const moved = withoutStage(secret, stage);
  const target = moved.versions[id];
  if (!target) return secret;
  const next = {
    ...moved,
    versions: { ...moved.versions, [id]: { ...target, stages: [...target.stages, stage] } },
  };
  return stage === current && holder ? withStage(withoutStage(next, previous), previous, holder) : next;
}

/** Versions without a label are deprecated; AWS removes them in time, and nothing may rely on them. */
const deprecatedKept = 20;
function tidy(secret: Secret): Secret {
  const entries = Object.entries(secret.versions);
  const labelled = entries.filter(([, { stages }]) => stages.length > 0);
  const deprecated = entries.filter(([, { stages }]) => stages.length === 0).slice(-deprecatedKept);
  return { ...secret, versions: Object.fromEntries([...deprecated, ...labelled]) };
}
