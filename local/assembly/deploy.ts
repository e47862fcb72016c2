import { createHash } from 'node:crypto';
import type { Cloud, Collection, ProvisionedResource, ResourceProvider } from '../platform.ts';
import { resolveCondition, resolveValue, type Scope } from './intrinsics.ts';
import { unknownProperties } from './known-properties.ts';
import { deploymentOrder } from './order.ts';
import { parameterValues } from './parameters.ts';
import { type Assembly, TemplateError, type TemplateResource } from './template.ts';

/** What is remembered of a resource between two starts. */
export interface KnownResource extends ProvisionedResource {
  readonly type: string;
}

export interface DeployOptions {
  readonly assembly: Assembly;
  readonly cloud: Pick<Cloud, 'region' | 'accountId' | 'log'>;
  readonly providers: readonly ResourceProvider[];
  /** Types that are taken without local behaviour, with the reason. */
  readonly accepted: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly known: Collection<KnownResource>;
  readonly dynamicReference: Scope['dynamicReference'];
}

export interface Deployment {
  readonly outputs: Readonly<Record<string, string>>;
  /** By logical id. */
  readonly resources: ReadonlyMap<string, ProvisionedResource>;
}

/**
 * Provisions the resources of a template, each after what it refers to, and gives the stack's outputs.
 * @throws TemplateError naming the logical id and what is wrong with it
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { assembly, known } = options;
  const { template } = assembly;
  const resources = new Map<string, ProvisionedResource>();
  const scope: Scope = {
    parameters: { ...parameterValues(template.Parameters ?? {}, options.parameters), ...pseudo(options) },
    mappings: template.Mappings ?? {},
    conditions: template.Conditions ?? {},
    resources,
    dynamicReference: options.dynamicReference,
  };
  const providers = new Map(options.providers.map((provider) => [provider.type, provider]));
  refuseUnknownTypes(template.Resources, providers, options.accepted);
  for (const logicalId of deploymentOrder(template.Resources)) {
    const resource = template.Resources[logicalId] as TemplateResource;
    if (resource.Condition && !(await resolveCondition(resource.Condition, scope))) continue;
    const provisioned = await named(logicalId, resource.Type, () =>
      provision(logicalId, resource, scope, providers.get(resource.Type), options),
    );
    resources.set(logicalId, provisioned);
    await known.set(logicalId, { type: resource.Type, ...provisioned });
  }
  warnAboutLeftovers(options, resources);
  return { outputs: await outputsOf(assembly, scope), resources };
}

const pseudo = ({ assembly, cloud }: DeployOptions): Record<string, string> => ({
  'AWS::Region': cloud.region,
  'AWS::AccountId': cloud.accountId,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': assembly.stackName,
  'AWS::StackId': `arn:aws:cloudformation:${cloud.region}:${cloud.accountId}:stack/${assembly.stackName}/local`,
});

/** All at once and before anything is provisioned. */
function refuseUnknownTypes(
  resources: Readonly<Record<string, TemplateResource>>,
  providers: ReadonlyMap<string, ResourceProvider>,
  accepted: Readonly<Record<string, string>>,
): void {
  const unknown = Object.entries(resources)
    .filter(([, { Type }]) => !providers.has(Type) && !Object.hasOwn(accepted, Type))
    .map(([id, { Type }]) => `${id} (${Type})`);
  if (unknown.length > 0) {
    throw new TemplateError(`the local cloud has no resource type for: ${unknown.join(', ')}`);
  }
}

async function provision(
  logicalId: string,
  resource: TemplateResource,
  scope: Scope,
  provider: ResourceProvider | undefined,
  { assembly, cloud, known }: DeployOptions,
): Promise<ProvisionedResource> {
  const suffix = stableSuffix(assembly.stackName, logicalId);
  if (!provider) return placeholder(logicalId, resource, suffix, cloud);
  const before = known.get(logicalId);
  const previous = before?.type === resource.Type ? before : undefined;
  const without = unknownProperties(resource.Type, resource.Properties ?? {});
  if (without.length > 0) {
    const what = { logicalId, type: resource.Type, properties: without };
    cloud.log.warn('properties without effect in the local cloud', what);
  }
  return provider.provision({
    logicalId,
    type: resource.Type,
    properties: (await resolveValue(resource.Properties ?? {}, scope)) as Record<string, unknown>,
    suffix,
    ...(previous && { previous: { physicalId: previous.physicalId, attributes: previous.attributes } }),
    ...(resource.Metadata && { metadata: resource.Metadata }),
  });
}

/** A resource without behaviour still has a name and an ARN that others refer to. */
function placeholder(
  logicalId: string,
  { Type }: TemplateResource,
  suffix: string,
  { region, accountId }: DeployOptions['cloud'],
): ProvisionedResource {
  const physicalId = `${logicalId}-${suffix}`;
  const [, service = '', kind = ''] = Type.toLowerCase().split('::');
  return {
    physicalId,
    attributes: { Arn: `arn:aws:${service}:${region}:${accountId}:${kind}/${physicalId}` },
  };
}

/** The same for the same stack and logical id, on every machine and at every start. */
const stableSuffix = (stackName: string, logicalId: string): string =>
  createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, 12);

async function named<T>(logicalId: string, type: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw Object.assign(new TemplateError(`${logicalId} (${type}): ${message}`), { cause: error });
  }
}

function warnAboutLeftovers({ known, cloud }: DeployOptions, resources: ReadonlyMap<string, unknown>): void {
  for (const [logicalId, { type }] of known.entries()) {
    if (!resources.has(logicalId)) {
      cloud.log.warn('a resource is no longer in the template; its local data stays', { logicalId, type });
    }
  }
}

async function outputsOf({ template }: Assembly, scope: Scope): Promise<Record<string, string>> {
  const outputs: Record<string, string> = {};
  for (const [name, { Value, Condition }] of Object.entries(template.Outputs ?? {})) {
    if (Condition && !(await resolveCondition(Condition, scope))) continue;
    outputs[name] = await named(name, 'output', async () => String(await resolveValue(Value, scope)));
  }
  return outputs;
}
