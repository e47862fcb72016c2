import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { isSessionOver } from '../core/session/cutoff.ts';
import type { AccessToken, ReadAccessToken } from './access-tokens.ts';

export interface AuthorizerPorts {
  readonly readAccessToken: ReadAccessToken;
  readonly isSessionEnded: (originJti: string) => Promise<boolean>;
  /** Epoch seconds up to which every session of a person is over. */
  readonly sessionsEndedUntil: (sub: string) => Promise<number | undefined>;
}

const bearer = /^[Bb]earer ([A-Za-z0-9_-]{1,2048}\.[A-Za-z0-9_-]{1,8192}\.[A-Za-z0-9_-]{1,1024})$/;

/**
 * Allows the whole API to a good access token of a session that goes on, and denies everything else; the scope of a
 * route is checked where the route is known. API Gateway keeps the answer per token for some seconds and reuses it
 * for other routes, hence the policy for all of them.
 * @throws when keys or sessions cannot be read: API Gateway then answers 500 and keeps nothing
 */
export async function authorize(
  ports: AuthorizerPorts,
  event: APIGatewayTokenAuthorizerEvent,
): Promise<APIGatewayAuthorizerResult> {
  const resource = wholeApi(event.methodArn);
  const [, jwt] = bearer.exec(event.authorizationToken ?? '') ?? [];
  const token = jwt === undefined ? undefined : await ports.readAccessToken(jwt);
  if (!token || (await isOver(ports, token))) return policy('Deny', 'nobody', resource);
  return { ...policy('Allow', token.sub, resource), context: contextOf(token) };
}

/** Ended by itself (sign-out), or with all others of the person (new password). Two reads at once, 0.5 RRU each. */
async function isOver(
  { isSessionEnded, sessionsEndedUntil }: AuthorizerPorts,
  { originJti, sub, startedAt }: AccessToken,
): Promise<boolean> {
  const [isEnded, endedUntil] = await Promise.all([isSessionEnded(originJti), sessionsEndedUntil(sub)]);
  return isEnded || isSessionOver(startedAt, endedUntil);
}

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>` without method and path. */
const wholeApi = (methodArn: string): string => `${methodArn.split('/').slice(0, 2).join('/')}/*/*`;

const policy = (
  effect: 'Allow' | 'Deny',
  principalId: string,
  resource: string,
): APIGatewayAuthorizerResult => ({
  principalId,
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Action: 'execute-api:Invoke', Resource: resource }],
  },
});

/** Flat values only: API Gateway takes nothing else. */
const contextOf = ({ sub, scopes, clientId, originJti, aal, methods, startedAt }: AccessToken) => ({
  sub,
  scopes,
  clientId,
  sessionKey: originJti,
  level: aal ?? 0,
  methods: methods.join(' '),
  authenticatedAt: startedAt,
});
