import type { Statement } from '../iam/policy.ts';
import { compilePolicy } from '../iam/policy.ts';
import type { Cloud, Invocation } from '../platform.ts';
import { contextOf, type Exchange, executeArn, methodArn } from './exchange.ts';
import { GatewayFailure } from './gateway-response-types.ts';
import type { AuthorizerSettings } from './model.ts';
import { authorizerEvent } from './proxy-event.ts';
import { readPath } from './substitution.ts';

interface Authorization {
  readonly statements: readonly Statement[];
  readonly context: Readonly<Record<string, string | number>>;
}

interface CachedAuthorization {
  readonly authorization: Authorization;
  readonly expiresAtMs: number;
}

const CACHED_RESULTS = 10_000;
const NO_CONDITIONS: ReadonlyMap<string, readonly string[]> = new Map();

/** Lambda authorizers with their result caches. */
export class Authorizers {
  private readonly cloud: Cloud;
  private readonly results = new Map<string, CachedAuthorization>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /**
   * Sets `exchange.authorizer` for a caller that may go on.
   * @throws GatewayFailure UNAUTHORIZED, ACCESS_DENIED, AUTHORIZER_FAILURE or AUTHORIZER_CONFIGURATION_ERROR
   */
  async authorize(exchange: Exchange, settings: AuthorizerSettings): Promise<void> {
    const identity = identityOf(exchange, settings);
    const authorization = this.cached(settings, identity) ?? (await this.ask(exchange, settings, identity));
    requireAllowed(authorization.statements, methodArn(exchange, exchange.path));
    exchange.authorizer = authorization.context;
  }

  private cached({ id }: AuthorizerSettings, identity: readonly string[]): Authorization | undefined {
    const found = this.results.get(cacheKey(id, identity));
    return found !== undefined && found.expiresAtMs > this.cloud.clock.now()
      ? found.authorization
      : undefined;
  }

  private async ask(
    exchange: Exchange,
    settings: AuthorizerSettings,
    identity: readonly string[],
  ): Promise<Authorization> {
    const invocation = await this.cloud.functions.invoke(
      settings.functionArn,
      eventFor(exchange, settings, identity),
      {
        principal: 'apigateway.amazonaws.com',
        sourceArn: `${executeArn(exchange)}/authorizers/${settings.id}`,
      },
    );
    const authorization = readAuthorization(invocation);
    if (settings.ttlSeconds > 0 && identity.length > 0) this.remember(settings, identity, authorization);
    return authorization;
  }

  private remember(
    settings: AuthorizerSettings,
    identity: readonly string[],
    authorization: Authorization,
  ): void {
    if (this.results.size >= CACHED_RESULTS) this.results.clear();
    const expiresAtMs = this.cloud.clock.now() + settings.ttlSeconds * 1000;
    this.results.set(cacheKey(settings.id, identity), { authorization, expiresAtMs });
  }
}

const cacheKey = (authorizerId: string, identity: readonly string[]): string =>
  `${authorizerId}\n${JSON.stringify(identity)}`;

/** Values of the identity sources; a missing one is 401 without a call [aws-facts 9.2]. */
function identityOf(exchange: Exchange, settings: AuthorizerSettings): readonly string[] {
  const values = settings.identitySources.map((source) => sourceValue(exchange, source));
  if (values.some((value) => value === undefined || value === '')) throw new GatewayFailure('UNAUTHORIZED');
  const identity = values as readonly string[];
  const { tokenPattern } = settings;
  if (tokenPattern !== undefined && !tokenPattern.test(identity[0] ?? ''))
    throw new GatewayFailure('UNAUTHORIZED');
  return identity;
}

function sourceValue(exchange: Exchange, source: string): string | undefined {
  const [, location, name = ''] =
    /^(method\.request\.(?:header|querystring)|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  if (location === 'method.request.header') return exchange.headers[name.toLowerCase()];
  if (location === 'method.request.querystring') return exchange.query.get(name) ?? undefined;
  if (location === 'stageVariables') return exchange.stage.variables[name];
  const value = readPath(contextOf(exchange), name);
  return value === undefined ? undefined : String(value);
}

const eventFor = (exchange: Exchange, settings: AuthorizerSettings, identity: readonly string[]) =>
  settings.kind === 'REQUEST'
    ? authorizerEvent(exchange)
    : { type: 'TOKEN', authorizationToken: identity[0], methodArn: methodArn(exchange, exchange.path) };

function readAuthorization(invocation: Invocation): Authorization {
  if (!invocation.ok) {
    if (invocation.kind === 'threw' && invocation.message === 'Unauthorized')
      throw new GatewayFailure('UNAUTHORIZED');
    const type = invocation.kind === 'denied' ? 'AUTHORIZER_CONFIGURATION_ERROR' : 'AUTHORIZER_FAILURE';
    throw new GatewayFailure(type, { detail: `authorizer: ${invocation.kind} ${invocation.errorType}` });
  }
  const { principalId, policyDocument, context } = (invocation.payload ?? {}) as Record<string, unknown>;
  if (typeof principalId !== 'string') throw misconfigured('principalId is not a string');
  return {
    statements: readPolicy(policyDocument),
    context: { ...flatContext(context), principalId, integrationLatency: Math.round(invocation.durationMs) },
  };
}

function readPolicy(document: unknown): readonly Statement[] {
  try {
    return compilePolicy(document, 'policyDocument');
  } catch (cause) {
    throw misconfigured(String(cause));
  }
}

/** Numbers and booleans reach the integration as strings; anything deeper is an error, as in AWS. */
function flatContext(context: unknown): Record<string, string> {
  const entries = Object.entries((context ?? {}) as Record<string, unknown>).filter(
    ([, value]) => value !== null,
  );
  const nested = entries.find(([, value]) => typeof value === 'object');
  if (nested !== undefined) throw misconfigured(`context.${nested[0]} is not a string, number or boolean`);
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}

const misconfigured = (detail: string): GatewayFailure =>
  new GatewayFailure('AUTHORIZER_CONFIGURATION_ERROR', { detail: `authorizer: ${detail}` });

function requireAllowed(statements: readonly Statement[], resource: string): void {
  const applying = statements.filter(
    (statement) =>
      statement.actions.some((action) => action.matches('execute-api:Invoke')) &&
      statement.appliesTo(resource, NO_CONDITIONS),
  );
  if (applying.some(({ effect }) => effect === 'Deny')) {
    const message = 'User is not authorized to access this resource with an explicit deny';
    throw new GatewayFailure('ACCESS_DENIED', { message });
  }
  if (applying.length === 0) throw new GatewayFailure('ACCESS_DENIED');
}
