import { AwsError } from '../../platform.ts';
import type { Distribution } from './distribution.ts';
import type { EdgeFunction } from './edge-function.ts';
import { type CachePolicy, managedCachePolicies, managedOriginRequestPolicies } from './managed-policies.ts';
import type { ResponseHeaders } from './response-headers.ts';

/** What the template made of CloudFront. It is rebuilt at every start, so nothing of it is stored. */
export class EdgeRegistry {
  distribution: Distribution | undefined;
  readonly functions = new Map<string, EdgeFunction>();
  readonly headers = new Map<string, ResponseHeaders>();
  readonly cachePolicies = new Map<string, CachePolicy>();

  function(arn: string): EdgeFunction {
    return this.functions.get(arn) ?? missing('function', arn);
  }

  responseHeaders(id: string): ResponseHeaders {
    return this.headers.get(id) ?? missing('response headers policy', id);
  }

  cachePolicy(id: string): CachePolicy {
    return this.cachePolicies.get(id) ?? managedCachePolicies[id] ?? missing('cache policy', id);
  }

  forwardsAll(originRequestPolicyId: string | undefined): boolean {
    if (originRequestPolicyId === undefined) return false;
    const policy = managedOriginRequestPolicies[originRequestPolicyId];
    return (policy ?? missing('origin request policy', originRequestPolicyId)) === 'all-but-host';
  }

  /** @throws AwsError naming what a behaviour refers to and nothing provides */
  check({ behaviors, origins }: Distribution): void {
    for (const behavior of behaviors) {
      if (!origins.has(behavior.originId)) missing('origin', behavior.originId);
      if (behavior.viewerRequestFunction) this.function(behavior.viewerRequestFunction);
      if (behavior.responseHeadersPolicyId) this.responseHeaders(behavior.responseHeadersPolicyId);
      this.cachePolicy(behavior.cachePolicyId);
      this.forwardsAll(behavior.originRequestPolicyId);
    }
  }
}

function missing(what: string, id: string): never {
  throw new AwsError('NoSuchResource', `no ${what} here is ${id}`, { status: 500 });
}
