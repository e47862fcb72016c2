import { AwsError, type AwsRequest, type Service } from '../platform.ts';
import { TemplateError } from './template.ts';

/**
 * Values behind `{{resolve:…}}`, read through the same API that an application would use.
 * @param find - a service of the cloud by name
 */
export const dynamicReferences =
  (find: (name: string) => Service | undefined) =>
  async (service: string, reference: string): Promise<string> =>
    service === 'secretsmanager' ? secret(find, reference) : parameter(find, reference);

/** `secret-id:SecretString:json-key:version-stage:version-id`; the id may be an ARN. */
async function secret(find: (name: string) => Service | undefined, reference: string): Promise<string> {
  const [, id = '', rest = ''] = /^(arn:(?:[^:]*:){5}[^:]+|[^:]+)(.*)$/.exec(reference) ?? [];
  const [, , key, stage, version] = rest.split(':');
  const { SecretString = '' } = await call<{ SecretString?: string }>(
    find,
    'secretsmanager',
    'GetSecretValue',
    {
      SecretId: id,
      ...(stage && { VersionStage: stage }),
      ...(version && { VersionId: version }),
    },
  );
  if (!key) return SecretString;
  const value = (JSON.parse(SecretString) as Record<string, unknown>)[key];
  if (value === undefined) throw new TemplateError(`secret ${id} has no key "${key}"`);
  return String(value);
}

/** `name` or `name:version` */
async function parameter(find: (name: string) => Service | undefined, Name: string): Promise<string> {
  const answer = await call<{ Parameter?: { Value?: string } }>(find, 'ssm', 'GetParameter', {
    Name,
    WithDecryption: true,
  });
  return answer.Parameter?.Value ?? '';
}

async function call<T>(
  find: (name: string) => Service | undefined,
  service: string,
  operation: string,
  input: unknown,
): Promise<T> {
  const api = find(service)?.api;
  if (!api) throw new AwsError('UnknownService', `the local cloud has no service "${service}"`);
  const request: AwsRequest = {
    service,
    operation,
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(JSON.stringify(input)),
    caller: { kind: 'operator' },
    sourceIp: '127.0.0.1',
  };
  const { body = '{}' } = await api.handle(request);
  return JSON.parse(body.toString()) as T;
}
