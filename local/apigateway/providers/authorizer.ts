import type { ResourceProvider, ResourceRequest } from '../../platform.ts';
import { type AuthorizerSettings, UnsupportedApi } from '../model.ts';
import { type ApiRegistry, stableId } from '../registry.ts';
import { functionArnOf } from './method.ts';

const DEFAULT_TTL_SECONDS = 300;
const MAXIMUM_TTL_SECONDS = 3600;

export const authorizerProvider = (registry: ApiRegistry): ResourceProvider => ({
  type: 'AWS::ApiGateway::Authorizer',
  async provision(request) {
    const settings = readAuthorizer(request);
    registry.of(request).authorizers.set(settings.id, settings);
    return { physicalId: settings.id, attributes: { AuthorizerId: settings.id } };
  },
});

function readAuthorizer(request: ResourceRequest): AuthorizerSettings {
  const { logicalId, properties } = request;
  const { Type, IdentitySource, IdentityValidationExpression } = properties;
  if (Type !== 'TOKEN' && Type !== 'REQUEST') {
    throw new UnsupportedApi(logicalId, `authorizer type ${String(Type)} is not played here`);
  }
  const ttlSeconds = Number(properties.AuthorizerResultTtlInSeconds ?? DEFAULT_TTL_SECONDS);
  if (!(ttlSeconds >= 0 && ttlSeconds <= MAXIMUM_TTL_SECONDS)) {
    throw new UnsupportedApi(
      logicalId,
      `AuthorizerResultTtlInSeconds: expected 0 to 3600, got ${ttlSeconds}`,
    );
  }
  return {
    id: stableId(request, 6),
    name: String(properties.Name ?? logicalId),
    kind: Type,
    functionArn: functionArnOf(properties.AuthorizerUri, `${logicalId}.AuthorizerUri`),
    identitySources: String(IdentitySource ?? '')
      .split(',')
      .map((source) => source.trim())
      .filter((source) => source !== ''),
    tokenPattern:
      Type === 'TOKEN' && IdentityValidationExpression !== undefined
        ? new RegExp(`^(?:${String(IdentityValidationExpression)})$`)
        : undefined,
    ttlSeconds,
  };
}
