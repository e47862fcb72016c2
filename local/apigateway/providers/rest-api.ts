import type { ResourceProvider, ResourceRequest } from '../../platform.ts';
import { isGatewayResponseType } from '../gateway-response-types.ts';
import { type ApiResource, asList, asTextMap, type RestApi, UnsupportedApi } from '../model.ts';
import { type ApiRegistry, stableId } from '../registry.ts';

export const restApiProvider = (registry: ApiRegistry): ResourceProvider => ({
  type: 'AWS::ApiGateway::RestApi',
  async provision(request) {
    refuse(request, ['Body', 'BodyS3Location', 'Policy']);
    const id = stableId(request);
    const root = resource(`${id.slice(0, 9)}0`, '/', '');
    const api: RestApi = {
      id,
      name: String(request.properties.Name ?? request.logicalId),
      rootResourceId: root.id,
      binaryMediaTypes: asList(request.properties.BinaryMediaTypes).map((type) =>
        String(type).replace('~1', '/'),
      ),
      resources: new Map([[root.id, root]]),
      models: new Map(),
      validators: new Map(),
      authorizers: new Map(),
      gatewayResponses: new Map(),
      stages: new Map(),
    };
    registry.add(api);
    return { physicalId: id, attributes: { RestApiId: id, RootResourceId: root.id } };
  },
});

export const resourceProvider = (registry: ApiRegistry): ResourceProvider => ({
  type: 'AWS::ApiGateway::Resource',
  async provision(request) {
    const api = registry.of(request);
    const parent = api.resources.get(String(request.properties.ParentId));
    if (parent === undefined)
      throw new UnsupportedApi(request.logicalId, 'ParentId names no resource of the API');
    const pathPart = String(request.properties.PathPart);
    const path = `${parent.path === '/' ? '' : parent.path}/${pathPart}`;
    const child = resource(stableId(request, 6), path, pathPart);
    parent.children.push(child);
    api.resources.set(child.id, child);
    return { physicalId: child.id, attributes: { ResourceId: child.id } };
  },
});

export const modelProvider = (registry: ApiRegistry): ResourceProvider => ({
  type: 'AWS::ApiGateway::Model',
  async provision(request) {
    const { Name, Schema } = request.properties;
    const name = String(Name ?? `${request.logicalId}${request.suffix}`);
    registry.of(request).models.set(name, typeof Schema === 'string' ? JSON.parse(Schema) : Schema);
    return { physicalId: name, attributes: {} };
  },
});

export const validatorProvider = (registry: ApiRegistry): ResourceProvider => ({
  type: 'AWS::ApiGateway::RequestValidator',
  async provision(request) {
    const { ValidateRequestParameters, ValidateRequestBody } = request.properties;
    const id = stableId(request, 6);
    const validator = { parameters: isTrue(ValidateRequestParameters), body: isTrue(ValidateRequestBody) };
    registry.of(request).validators.set(id, validator);
    return { physicalId: id, attributes: { RequestValidatorId: id } };
  },
});

export const gatewayResponseProvider = (registry: ApiRegistry): ResourceProvider => ({
  type: 'AWS::ApiGateway::GatewayResponse',
  async provision(request) {
    const { ResponseType, StatusCode, ResponseParameters, ResponseTemplates } = request.properties;
    const type = String(ResponseType);
    if (!isGatewayResponseType(type))
      throw new UnsupportedApi(request.logicalId, `ResponseType ${type} is not known`);
    const prefix = 'gatewayresponse.header.';
    const headers = [...asTextMap(ResponseParameters)]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, expression]) => [name.slice(prefix.length), expression] as const);
    registry.of(request).gatewayResponses.set(type, {
      statusCode: StatusCode === undefined ? undefined : Number(StatusCode),
      headers: new Map(headers),
      templates: asTextMap(ResponseTemplates),
    });
    const physicalId = stableId(request);
    return { physicalId, attributes: { Id: physicalId } };
  },
});

/** A deployment is a snapshot in AWS; here the stage serves what the template says now. */
export const deploymentProvider = (registry: ApiRegistry): ResourceProvider => ({
  type: 'AWS::ApiGateway::Deployment',
  async provision(request) {
    refuse(request, ['StageName', 'StageDescription']);
    registry.of(request);
    const id = stableId(request, 6);
    return { physicalId: id, attributes: { DeploymentId: id } };
  },
});

/** Names the role that writes CloudWatch logs; nothing here depends on it. */
export const accountProvider = (): ResourceProvider => ({
  type: 'AWS::ApiGateway::Account',
  async provision(request) {
    const id = stableId(request);
    return { physicalId: id, attributes: { Id: id } };
  },
});

const resource = (id: string, path: string, pathPart: string): ApiResource => ({
  id,
  path,
  pathPart,
  children: [],
  methods: new Map(),
});

function refuse({ logicalId, properties }: ResourceRequest, names: readonly string[]): void {
  const used = names.find((name) => properties[name] !== undefined);
  if (used !== undefined) throw new UnsupportedApi(logicalId, `property ${used} is not played here`);
}

const isTrue = (value: unknown): boolean => String(value) === 'true';
