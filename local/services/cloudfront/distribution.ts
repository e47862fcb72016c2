import type { Fields } from '../fields.ts';
import { knownProperties } from '../known-properties.ts';

/** A distribution as its template says it; ids of functions and policies are looked up when a request comes. */
export interface Distribution {
  readonly id: string;
  readonly domainName: string;
  readonly origins: ReadonlyMap<string, Origin>;
  /** In order; the last one is for everything. */
  readonly behaviors: readonly Behavior[];
  readonly rootObject: string;
}

export interface Origin {
  readonly domainName: string;
  /** Put in front of every path. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Signs requests to a bucket. */
  readonly accessControlId: string | undefined;
}

export interface Behavior {
  readonly matches: (path: string) => boolean;
  readonly originId: string;
  readonly methods: readonly string[];
  readonly compress: boolean;
  readonly cachePolicyId: string;
  readonly originRequestPolicyId: string | undefined;
  readonly responseHeadersPolicyId: string | undefined;
  readonly viewerRequestFunction: string | undefined;
}

/** `ViewerCertificate`, `Aliases` and versions of TLS and HTTP have no side on this machine's plain port. */
const known = [
  ...['Aliases', 'CacheBehaviors', 'Comment', 'CustomErrorResponses', 'DefaultCacheBehavior'],
  ...['DefaultRootObject', 'Enabled', 'HttpVersion', 'IPV6Enabled', 'Origins', 'ViewerCertificate'],
];

export function compileDistribution(id: string, domainName: string, config: unknown): Distribution {
  const fields = knownProperties(config, 'DistributionConfig', known);
  for (const error of fields.objects('CustomErrorResponses')) checkErrorResponse(error);
  return {
    id,
    domainName,
    rootObject: fields.optionalText('DefaultRootObject') ?? '',
    origins: new Map(
      fields.objects('Origins').map((origin, index) => compileOrigin(origin, `Origins[${index}]`)),
    ),
    behaviors: [
      ...fields
        .objects('CacheBehaviors')
        .map((one, index) => compileBehavior(one, `CacheBehaviors[${index}]`)),
      compileBehavior(fields.object('DefaultCacheBehavior'), 'DefaultCacheBehavior'),
    ],
  };
}

/** Nothing is kept here, errors included, so that only how long they are kept may be set, and to nothing. */
function checkErrorResponse({ values }: Fields): void {
  const error = knownProperties(values, 'CustomErrorResponses', ['ErrorCode', 'ErrorCachingMinTTL']);
  if (error.optionalInteger('ErrorCachingMinTTL', { min: 0, max: 0 }) === undefined)
    error.refuse('ErrorCachingMinTTL', 'nothing is kept here');
}

function compileOrigin({ values }: Fields, where: string): [string, Origin] {
  const origin = knownProperties(values, where, [
    ...['DomainName', 'Id', 'OriginPath', 'OriginAccessControlId', 'S3OriginConfig', 'CustomOriginConfig'],
    'OriginCustomHeaders',
  ]);
  const headers = origin
    .objects('OriginCustomHeaders')
    .map((header) => [header.text('HeaderName').toLowerCase(), header.text('HeaderValue')]);
  return [
    origin.text('Id'),
    {
      domainName: origin.text('DomainName'),
      path: origin.optionalText('OriginPath') ?? '',
      headers: Object.fromEntries(headers),
      accessControlId: origin.optionalText('OriginAccessControlId'),
    },
  ];
}

function compileBehavior({ values }: Fields, where: string): Behavior {
  const behavior = knownProperties(values, where, [
    ...['AllowedMethods', 'CachePolicyId', 'Compress', 'FunctionAssociations', 'OriginRequestPolicyId'],
    ...['PathPattern', 'ResponseHeadersPolicyId', 'TargetOriginId', 'ViewerProtocolPolicy'],
  ]);
  return {
    matches: pathTest(behavior.optionalText('PathPattern') ?? '*'),
    originId: behavior.text('TargetOriginId'),
    methods: behavior.has('AllowedMethods') ? behavior.texts('AllowedMethods') : ['GET', 'HEAD'],
    compress: behavior.flag('Compress'),
    cachePolicyId: behavior.text('CachePolicyId'),
    originRequestPolicyId: behavior.optionalText('OriginRequestPolicyId'),
    responseHeadersPolicyId: behavior.optionalText('ResponseHeadersPolicyId'),
    viewerRequestFunction: viewerRequestFunction(behavior),
  };
}

function viewerRequestFunction(behavior: Fields): string | undefined {
  const [association, ...others] = behavior.objects('FunctionAssociations');
  if (association === undefined) return undefined;
  if (others.length > 0 || association.text('EventType') !== 'viewer-request')
    return behavior.refuse('FunctionAssociations', 'only one, of viewer-request, is run here');
  return association.text('FunctionARN');
}

/** `*` is any number of characters, `?` one; case counts. A leading slash may be left out. */
function pathTest(pattern: string): (path: string) => boolean {
  const source = pattern.replace(/^\//, '').replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^/${source.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
  return (path) => pattern === '*' || expression.test(path);
}
