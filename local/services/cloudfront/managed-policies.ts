/** What a cache policy means for one answer; nothing is cached here, so how long does not matter. */
export interface CachePolicy {
  readonly gzip: boolean;
  readonly brotli: boolean;
}

/** AWS's own, by id (CloudFront developer guide, managed cache policies). */
export const managedCachePolicies: Readonly<Record<string, CachePolicy>> = {
  // CachingDisabled
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': { gzip: false, brotli: false },
  // CachingOptimized
  '658327ea-f89d-4fab-a63d-7e88639e58f6': { gzip: true, brotli: true },
};

/** Which parts of a viewer's request the origin gets. */
export type OriginRequestPolicy = 'all-but-host';

export const managedOriginRequestPolicies: Readonly<Record<string, OriginRequestPolicy>> = {
  // AllViewerExceptHostHeader
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': 'all-but-host',
};
