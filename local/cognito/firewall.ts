import { AwsError, type AwsRequest, type Cloud, type Service } from '../platform.ts';

/** What the web ACL of a pool is asked, when there is one. */
export interface Firewall extends Service {
  evaluate(
    resourceArn: string,
    request: {
      readonly method: string;
      readonly path: string;
      readonly query: URLSearchParams;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
      readonly sourceIp: string;
    },
  ): { readonly action: string } | Promise<{ readonly action: string }>;
}

/** @returns `undefined` in a cloud without a firewall */
export function findFirewall(cloud: Cloud): Firewall | undefined {
  try {
    return cloud.service<Firewall>('waf');
  } catch {
    return undefined; // a cloud names what it has; one without a firewall lets everything through
  }
}

/**
 * Shows a public call to the pool's web ACL, with the headers Cognito adds for it.
 * @throws AwsError `ForbiddenException` when a rule blocks it
 */
export async function passFirewall(
  firewall: Firewall,
  poolArn: string,
  clientId: string | undefined,
  request: AwsRequest,
): Promise<void> {
  const verdict = await firewall.evaluate(poolArn, {
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
  if (verdict.action.toLowerCase() === 'block') {
    throw new AwsError('ForbiddenException', 'Request not allowed due to WAF block.', { status: 403 });
  }
}
