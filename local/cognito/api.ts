import { AwsError, type AwsRequest, type AwsResponse, type Needed, type Service } from '../platform.ts';
import type { WafService } from '../waf/index.ts';
import { isKnownOperation } from './coverage.ts';
import type { Engine } from './engine.ts';
import { notImplementedLocally } from './errors.ts';
import { findFirewall, passFirewall } from './firewall.ts';
import { operations } from './operations/index.ts';
import { poolArn } from './pool-settings.ts';
import type { Operation } from './registry.ts';

/** Operations on no pool in particular. */
const accountWide = new Set(['CreateUserPool', 'ListUserPools']);

/** The JSON protocol of the service: who may call what, the firewall, and the answer. */
export function cognitoApi(engine: Engine): NonNullable<Service['api']> {
  let firewall: WafService | undefined | null = null;
  return {
    needs: (request) => needs(engine, request),
    handle: async (request) => {
      const operation = find(request.operation);
      if (operation.access === 'iam') refuseAnonymous(request);
      else {
        firewall = firewall === null ? findFirewall(engine.cloud) : firewall;
        if (firewall) screen(engine, firewall, request);
      }
      return answer(await operation.run(engine, request.body, callOf(request)));
    },
  };
}

function find(name: string): Operation {
  const operation = operations.get(name);
  if (operation) return operation;
  if (isKnownOperation(name)) throw notImplementedLocally(name);
  throw new AwsError('UnknownOperationException', `cognito-idp has no operation ${name || '(none given)'}`);
}

function needs(engine: Engine, request: AwsRequest): readonly Needed[] {
  const operation = operations.get(request.operation);
  if (operation?.access !== 'iam') return [];
  return [{ action: `cognito-idp:${operation.name}`, resource: resourceOf(engine, request) }];
}

function resourceOf(engine: Engine, request: AwsRequest): string {
  if (accountWide.has(request.operation)) return '*';
  const input = bodyOf(request);
  if (typeof input.ResourceArn === 'string') return input.ResourceArn;
  return poolArn(engine, typeof input.UserPoolId === 'string' ? input.UserPoolId : '*');
}

function refuseAnonymous(request: AwsRequest): void {
  if (request.caller.kind === 'anonymous') {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
}

function screen(engine: Engine, firewall: WafService, request: AwsRequest): void {
  const { ClientId, AccessToken } = bodyOf(request);
  const clientId = typeof ClientId === 'string' ? ClientId : clientOf(AccessToken);
  const poolId = clientId ? engine.pools.findClient(clientId)?.poolId : undefined;
  if (poolId) passFirewall(firewall, poolArn(engine, poolId), clientId, request);
}

/** The client a token names; whether the token is good is for the operation to find out. */
function clientOf(accessToken: unknown): string | undefined {
  if (typeof accessToken !== 'string') return undefined;
  const { client_id: clientId } = parsed(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url'));
  return typeof clientId === 'string' ? clientId : undefined;
}

const bodyOf = (request: AwsRequest): Record<string, unknown> => parsed(request.body);

/** For looking ahead only: what cannot be read is reported by the operation itself. */
function parsed(json: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(json.toString('utf8')));
  } catch {
    return {};
  }
}

const callOf = (request: AwsRequest) => ({
  operation: request.operation,
  sdkVersion: sdkVersion(request.headers),
  sourceIp: request.sourceIp,
});

/** `aws-sdk-js-3.1169.0`, as `callerContext` names the caller's SDK. */
function sdkVersion(headers: Readonly<Record<string, string>>): string {
  const agent = `${headers['user-agent'] ?? ''} ${headers['x-amz-user-agent'] ?? ''}`;
  const [, sdk, version] = /aws-sdk-(\w+)\/([\w.]+)/.exec(agent) ?? [];
  return sdk ? `aws-sdk-${sdk}-${version}` : 'aws-sdk-unknown-unknown';
}

const answer = (output: object): AwsResponse => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(output),
});
