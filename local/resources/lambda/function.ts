import { join } from 'node:path';
import type { AccessKeys } from '../../access-keys.ts';
import { queueArn } from '../../functions/asynchronous/settings.ts';
import { endpointVariables } from '../../functions/endpoints.ts';
import type { FunctionRuntime } from '../../functions/runtime.ts';
import type { FunctionCode, FunctionSpecification } from '../../functions/specification.ts';
import type { Cloud, ProvisionedResource, ResourceProvider, ResourceRequest } from '../../platform.ts';

export interface LambdaProviderOptions {
  readonly cloud: Pick<Cloud, 'region' | 'accountId' | 'url' | 'directory'>;
  readonly runtime: FunctionRuntime;
  readonly keys: AccessKeys;
}

interface FunctionProperties {
  readonly FunctionName?: string;
  readonly Runtime?: string;
  readonly Handler?: string;
  readonly Role?: string;
  readonly Timeout?: number | string;
  readonly MemorySize?: number | string;
  readonly ReservedConcurrentExecutions?: number | string;
  readonly PackageType?: string;
  readonly Layers?: readonly unknown[];
  readonly Code?: { readonly ZipFile?: string };
  readonly Environment?: { readonly Variables?: Record<string, unknown> };
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
}

/** Functions run from the directory of their asset, or from code in the template. */
export const lambdaFunction = (options: LambdaProviderOptions): ResourceProvider => ({
  type: 'AWS::Lambda::Function',
  provision: async (request) => {
    if (isReplaced(request)) return replacement(request, options);
    const specification = specificationOf(request, options);
    options.runtime.register(specification);
    return { physicalId: specification.name, attributes: { Arn: specification.arn } };
  },
});

/** CDK's deployment of files, in Python: the S3 service here does what its custom resource asks for. */
const isReplaced = ({ logicalId }: ResourceRequest): boolean =>
  logicalId.startsWith('CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C');

const replacement = (
  { logicalId, suffix }: ResourceRequest,
  { cloud }: LambdaProviderOptions,
): ProvisionedResource => {
  const name = `${logicalId.slice(0, 50)}-${suffix}`;
  return { physicalId: name, attributes: { Arn: arnOf(cloud, name) } };
};

const arnOf = ({ region, accountId }: LambdaProviderOptions['cloud'], name: string): string =>
  `arn:aws:lambda:${region}:${accountId}:function:${name}`;

function specificationOf(request: ResourceRequest, options: LambdaProviderOptions): FunctionSpecification {
  const properties = request.properties as FunctionProperties;
  const { cloud } = options;
  const runtime = supportedRuntime(request.logicalId, properties);
  const name = properties.FunctionName ?? `${request.logicalId.slice(0, 50)}-${request.suffix}`;
  const variables = strings(properties.Environment?.Variables);
  const roleArn = properties.Role ?? '';
  const reserved = properties.ReservedConcurrentExecutions;
  const deadLetterArn = queueArn(properties.DeadLetterConfig?.TargetArn, 'DeadLetterConfig');
  const base = {
    arn: arnOf(cloud, name),
    name,
    label: variables.VESTIBULE_FUNCTION ?? request.logicalId,
    code: codeOf(request, properties),
    handler: properties.Handler ?? 'index.handler',
    runtime,
    memoryMb: Number(properties.MemorySize ?? 128),
    timeoutMs: Number(properties.Timeout ?? 3) * 1_000,
    ...(reserved !== undefined && { reservedConcurrency: Number(reserved) }),
    roleArn,
    ...(deadLetterArn && { deadLetterArn }),
  };
  return { ...base, environment: { ...lambdaVariables(base, options), ...variables } };
}

function supportedRuntime(logicalId: string, properties: FunctionProperties): string {
  const runtime = properties.Runtime ?? '';
  if (properties.PackageType === 'Image' || !runtime.startsWith('nodejs')) {
    throw new Error(
      `${logicalId}: runtime "${runtime || 'container image'}" is not run locally, only nodejs ones are`,
    );
  }
  if (properties.Layers && properties.Layers.length > 0) {
    throw new Error(`${logicalId}: layers are not run locally, bundle what the function needs`);
  }
  return runtime;
}

function codeOf({ logicalId, metadata }: ResourceRequest, properties: FunctionProperties): FunctionCode {
  const asset = metadata?.['aws:asset:path'];
  const source = properties.Code?.ZipFile;
  if (typeof asset === 'string') return { directory: asset };
  if (source !== undefined) return { directory: join('/var/task', logicalId), source };
  throw new Error(
    `${logicalId}: neither an asset (Metadata "aws:asset:path") nor Code.ZipFile says where its code is`,
  );
}

const strings = (values: Record<string, unknown> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));

/** What Lambda sets; the credentials are a key that leads back to the function's role. */
function lambdaVariables(
  { name, memoryMb, handler, roleArn, runtime }: Omit<FunctionSpecification, 'environment'>,
  { cloud, keys }: LambdaProviderOptions,
): Record<string, string> {
  return {
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    _HANDLER: handler,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_ACCESS_KEY_ID: keys.issue(name, roleArn),
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_CONFIG_FILE: '/dev/null', // a developer's own profile must not reach a function
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', // about this machine's Node.js, not the runtime's
    ...endpointVariables(cloud.url),
  };
}
