import type { ResourceProvider, ResourceRequest } from '../../platform.ts';
import {
  type ApiMethod,
  asList,
  asProperties,
  asTextMap,
  type Integration,
  type IntegrationResponse,
  type MockIntegration,
  type Properties,
  type RequiredParameter,
  UnsupportedApi,
} from '../model.ts';
import { type ApiRegistry, stableId } from '../registry.ts';
import { compileTemplate, type Template } from '../velocity.ts';

const DEFAULT_TIMEOUT_MS = 29_000;

export const methodProvider = (registry: ApiRegistry): ResourceProvider => ({
  type: 'AWS::ApiGateway::Method',
  async provision(request) {
    const { properties, logicalId } = request;
    const resource = registry.of(request).resources.get(String(properties.ResourceId));
    if (resource === undefined)
      throw new UnsupportedApi(logicalId, 'ResourceId names no resource of the API');
    const method = readMethod(request);
    resource.methods.set(method.httpMethod, method);
    return { physicalId: stableId(request), attributes: {} };
  },
});

function readMethod(request: ResourceRequest): ApiMethod {
  const { properties, logicalId } = request;
  const { RequestValidatorId } = properties;
  return {
    httpMethod: String(properties.HttpMethod),
    authorizerId: authorizerId(properties, logicalId),
    requiredParameters: requiredParameters(properties.RequestParameters),
    requestModels: asTextMap(properties.RequestModels),
    validatorId: RequestValidatorId === undefined ? undefined : String(RequestValidatorId),
    integration: readIntegration(asProperties(properties.Integration), `${logicalId}.Integration`),
  };
}

function authorizerId(
  { AuthorizationType, AuthorizerId, ApiKeyRequired }: Properties,
  where: string,
): string | undefined {
  if (String(ApiKeyRequired) === 'true') throw new UnsupportedApi(where, 'ApiKeyRequired is not played here');
  if (AuthorizationType === 'CUSTOM') return String(AuthorizerId);
  if (AuthorizationType === 'NONE' || AuthorizationType === undefined) return undefined;
  throw new UnsupportedApi(where, `AuthorizationType ${String(AuthorizationType)} is not played here`);
}

const requiredParameters = (parameters: unknown): readonly RequiredParameter[] =>
  Object.entries(asProperties(parameters)).flatMap(([source, isRequired]) => {
    const [, location, name = ''] =
      /^method\.request\.(?:multivalue)?(path|querystring|header)\.(.+)$/.exec(source) ?? [];
    if (location === undefined || String(isRequired) !== 'true') return [];
    return [{ location: location as RequiredParameter['location'], name }];
  });

function readIntegration(integration: Properties, where: string): Integration {
  const { Type, Uri, TimeoutInMillis } = integration;
  if (Type === 'MOCK') return mockIntegration(integration);
  if (Type !== 'AWS_PROXY') throw new UnsupportedApi(where, `Type ${String(Type)} is not played here`);
  return {
    kind: 'lambda',
    functionArn: functionArnOf(Uri, where),
    timeoutMs: Number(TimeoutInMillis ?? DEFAULT_TIMEOUT_MS),
  };
}

/** `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations` */
export function functionArnOf(uri: unknown, where: string): string {
  const arn = /\/functions\/(arn:[^/]+)\/invocations$/.exec(String(uri))?.[1];
  if (arn === undefined) throw new UnsupportedApi(where, 'the URI names no Lambda function');
  return arn;
}

const mockIntegration = (integration: Properties): MockIntegration => ({
  kind: 'mock',
  passthrough: (integration.PassthroughBehavior ?? 'WHEN_NO_MATCH') as MockIntegration['passthrough'],
  requestTemplates: templates(integration.RequestTemplates),
  // The response without a pattern is the default one, so it is asked last.
  responses: asList(integration.IntegrationResponses)
    .map((response) => integrationResponse(asProperties(response)))
    .sort((first, second) => Number(isDefault(first)) - Number(isDefault(second))),
});

const isDefault = ({ selectionPattern }: IntegrationResponse): boolean => selectionPattern === undefined;

function integrationResponse(response: Properties): IntegrationResponse {
  const prefix = 'method.response.header.';
  const headers = [...asTextMap(response.ResponseParameters)]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, expression]) => [name.slice(prefix.length), expression] as const);
  const { SelectionPattern } = response;
  return {
    statusCode: Number(response.StatusCode),
    selectionPattern:
      SelectionPattern === undefined || SelectionPattern === '' ? undefined : String(SelectionPattern),
    headers: new Map(headers),
    templates: templates(response.ResponseTemplates),
  };
}

const templates = (sources: unknown): ReadonlyMap<string, Template> =>
  new Map([...asTextMap(sources)].map(([contentType, source]) => [contentType, compileTemplate(source)]));
