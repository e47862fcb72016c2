import { AwsError, type AwsRequest, type Cloud } from '../platform.ts';
import type { WafService } from '../waf/index.ts';

/** @returns `undefined` in a cloud without a firewall */
export function findFirewall(cloud: Cloud): WafService | undefined {
  try {
    return cloud.service<WafService>('waf');
  } catch {
    return undefined; // a cloud names what it has; one without a firewall lets everything through
  }
}

/**
 * Shows a public call to the pool's web ACL, with the headers Cognito adds for it.
 * @throws AwsError `ForbiddenException` unless it is allowed: a client of the API can solve no puzzle either
 */
export function passFirewall(
  firewall: WafService,
  poolArn: string,
  clientId: string | undefined,
  request: AwsRequest,
): void {
  const verdict = firewall.evaluate(poolArn, {
    method: request.method,
    path: request.path,
    query: request.query,
    headers: {
      ...request.headers,
      'x-amzn-cognito-operation-name': request.operation,
      ...(clientId ? { 'x-amzn-cognito-client-id': clientId } : {}),
    },
    body: request.body,
    sourceIp: request.sourceIp,
  });
  if (verdict.action === 'ALLOW') return;
  throw new AwsError('ForbiddenException', 'Request not allowed due to WAF block.', { status: 403 });
}
