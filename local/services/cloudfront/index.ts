import { AwsError, type Cloud, type HttpRequest, type HttpResponse, type Service } from '../../platform.ts';
import { compressed } from './compression.ts';
import type { Behavior, Distribution } from './distribution.ts';
import { EdgeRegistry } from './edge-registry.ts';
import { askOrigin } from './origins.ts';
import { cloudFrontProviders } from './providers.ts';
import { withResponseHeaders } from './response-headers.ts';

/** The distribution of the template, at the addresses of its behaviours on this cloud's own port. */
export interface CloudFrontService extends Service {
  /** The one distribution; `undefined` for a template without. */
  distribution(): Distribution | undefined;
  /** Answers as an edge location would for any path, those that the port has for itself included. */
  serve(request: HttpRequest): Promise<HttpResponse>;
}

/** `/` is the local console's. */
const prefixes = ['/portal/', '/v1/'];

export function cloudFrontService(cloud: Cloud): CloudFrontService {
  const registry = new EdgeRegistry();
  const serve = (request: HttpRequest) => serveFrom(cloud, registry, request);
  return {
    name: 'cloudfront',
    providers: cloudFrontProviders(cloud, registry),
    http: prefixes.map((prefix) => ({ prefix, handle: serve })),
    distribution: () => registry.distribution,
    serve,
  };
}

/** TLS ends here in AWS as well; that this port is plain changes nothing behind it. */
async function serveFrom(cloud: Cloud, registry: EdgeRegistry, viewer: HttpRequest): Promise<HttpResponse> {
  const { distribution } = registry;
  if (!distribution) return { status: 404, body: 'The template has no distribution.\n' };
  cloud.meter.count('cloudfront.requests');
  const behavior = distribution.behaviors.find(({ matches }) => matches(viewer.path));
  if (!behavior) throw new AwsError('NoBehavior', `${distribution.id}: has no default behaviour`);
  const response = await answer(cloud, registry, distribution, behavior, viewer).catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    cloud.log.error('CloudFront answered by itself', { path: viewer.path, error });
    return { status: error.status, body: `${error.name}\n` };
  });
  const { responseHeadersPolicyId: policy } = behavior;
  return policy ? withResponseHeaders(response, registry.responseHeaders(policy)) : response;
}

async function answer(
  cloud: Cloud,
  registry: EdgeRegistry,
  distribution: Distribution,
  behavior: Behavior,
  viewer: HttpRequest,
): Promise<HttpResponse> {
  if (!behavior.methods.includes(viewer.method)) return { status: 403, body: 'MethodNotAllowed\n' };
  const edge = behavior.viewerRequestFunction;
  const outcome = edge
    ? registry.function(edge).onViewerRequest(viewer, distribution.id)
    : ({ kind: 'request', request: viewer } as const);
  if (outcome.kind === 'response') return outcome.response;
  const { request } = outcome;
  const origin = distribution.origins.get(behavior.originId);
  if (!origin) throw new AwsError('NoSuchOrigin', `${behavior.originId}: no origin has this id`);
  const response = await askOrigin(cloud, {
    request: request.path === '/' ? { ...request, path: `/${distribution.rootObject}` } : request,
    origin,
    distribution,
    forwardsAll: registry.forwardsAll(behavior.originRequestPolicyId),
  });
  return behavior.compress
    ? compressed(response, viewer, registry.cachePolicy(behavior.cachePolicyId))
    : response;
}
