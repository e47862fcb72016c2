import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** A synthesized CloudFormation template, as far as the local cloud reads it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings?: Readonly<Record<string, Record<string, Record<string, unknown>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface Assembly {
  readonly stackName: string;
  /** Absent when the stack does not name one. */
  readonly region?: string;
  readonly template: Template;
}

/** A problem with the template or what it asks for; the message is for the person who started the cloud. */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
}

/**
 * Reads one stack of a cloud assembly (`cdk.out`). Asset paths become absolute.
 * @param stackName - may be left out when the assembly has one stack only
 * @throws TemplateError saying what is missing and which stacks there are
 */
export async function readAssembly(directory: string, stackName?: string): Promise<Assembly> {
  const manifest = await readJson<{ artifacts?: Record<string, Artifact> }>(join(directory, 'manifest.json'));
  const stacks = Object.entries(manifest.artifacts ?? {})
    .filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack')
    .map(([id, artifact]) => ({ name: artifact.properties?.stackName ?? id, artifact }));
  const found =
    stackName === undefined && stacks.length === 1
      ? stacks[0]
      : stacks.find(({ name }) => name === stackName);
  if (!found) {
    const names = stacks.map(({ name }) => name).join(', ') || 'none';
    throw new TemplateError(`${directory} has no stack ${stackName ?? '(name one)'}; its stacks: ${names}`);
  }
  const file = found.artifact.properties?.templateFile ?? `${found.name}.template.json`;
  const template = checked(await readJson<Template>(join(directory, file)), file);
  return { stackName: found.name, ...regionOf(found.artifact), template: withAssetsIn(template, directory) };
}

async function readJson<T>(path: string): Promise<T> {
  if (!existsSync(path)) throw new TemplateError(`${path} does not exist: run "npm run synth"`);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    throw new TemplateError(`${path} is no JSON: ${(error as Error).message}`);
  }
}

function checked(template: Template, file: string): Template {
  if (typeof template.Resources !== 'object' || template.Resources === null) {
    throw new TemplateError(`${file}: Resources is missing`);
  }
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (typeof resource?.Type !== 'string')
      throw new TemplateError(`${file}: Resources.${id}.Type is missing`);
  }
  return template;
}

/** `aws://123456789012/eu-west-1`; a stack for any region says `unknown-region`. */
function regionOf({ environment }: Artifact): { region?: string } {
  const region = environment?.split('/')[3];
  return region && region !== 'unknown-region' ? { region } : {};
}

const assetKey = 'aws:asset:path';

function withAssetsIn(template: Template, directory: string): Template {
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    const path = resource.Metadata?.[assetKey];
    if (typeof path !== 'string' || isAbsolute(path)) return [id, resource];
    return [id, { ...resource, Metadata: { ...resource.Metadata, [assetKey]: join(directory, path) } }];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}
