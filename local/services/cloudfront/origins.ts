import type { ApiGatewayService } from '../../apigateway/index.ts';
import { AwsError, type Cloud, type HttpRequest, type HttpResponse } from '../../platform.ts';
import type { S3Service } from '../s3/index.ts';
import type { Distribution, Origin } from './distribution.ts';

/** One of CloudFront's own addresses, from which origins see it come. */
const edgeAddress = '130.176.0.1';

export interface OriginRequest {
  readonly request: HttpRequest;
  readonly origin: Origin;
  readonly distribution: Distribution;
  /** Whether headers, cookies and query of the viewer go along. */
  readonly forwardsAll: boolean;
}

/** Asks the part of this cloud that an origin's domain belongs to. */
export function askOrigin(cloud: Cloud, asked: OriginRequest): Promise<HttpResponse> {
  const { domainName } = asked.origin;
  const suffix = `.${cloud.region}.amazonaws.com`;
  const api = /^(\w+)\.execute-api$/.exec(domainName.replace(suffix, ''))?.[1];
  if (api && domainName.endsWith(suffix)) return askApi(cloud, api, asked);
  const bucket = /^(.+)\.s3$/.exec(domainName.replace(suffix, ''))?.[1];
  if (bucket && domainName.endsWith(suffix)) return askBucket(cloud, bucket, asked);
  throw new AwsError('UnknownOrigin', `${domainName}: neither a bucket nor an API of this cloud`, {
    status: 502,
  });
}

/** CloudFront's headers replace the viewer's of the same name, so that nobody can send them instead. */
async function askApi(
  cloud: Cloud,
  api: string,
  { request, origin, distribution, forwardsAll }: OriginRequest,
): Promise<HttpResponse> {
  const viewer = forwardsAll ? request.headers : {};
  const before = viewer['x-forwarded-for'];
  const own: Record<string, string> = {
    host: origin.domainName,
    via: `1.1 ${distribution.domainName} (CloudFront)`,
    'x-forwarded-for': before ? `${before}, ${request.sourceIp}` : request.sourceIp,
    ...origin.headers,
  };
  const single = Object.entries(own).map(([name, value]): [string, readonly string[]] => [name, [value]]);
  return cloud.service<ApiGatewayService>('apigateway').serve(api, `${origin.path}${request.path}`, {
    ...request,
    query: forwardsAll ? request.query : new URLSearchParams(),
    headers: { ...viewer, ...own },
    headerValues: { ...(forwardsAll ? valuesOf(request) : {}), ...Object.fromEntries(single) },
    sourceIp: edgeAddress,
  });
}

const valuesOf = ({ headers, headerValues }: HttpRequest): Readonly<Record<string, readonly string[]>> =>
  headerValues ?? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));

/** As S3 answers it: 404 for what is not there only to who may list, else 403. */
async function askBucket(
  cloud: Cloud,
  bucket: string,
  { request, origin, distribution }: OriginRequest,
): Promise<HttpResponse> {
  const s3 = cloud.service<S3Service>('s3');
  const caller = {
    service: 'cloudfront.amazonaws.com',
    sourceArn: `arn:aws:cloudfront::${cloud.accountId}:distribution/${distribution.id}`,
  };
  const signed = origin.accessControlId !== undefined;
  const may = (action: string, resource: string) => signed && s3.allows(bucket, caller, action, resource);
  const key = decodeURIComponent(`${origin.path}${request.path}`.slice(1));
  const arn = `arn:aws:s3:::${bucket}`;
  const found = may('s3:GetObject', `${arn}/${key}`) ? await s3.read(bucket, key) : undefined;
  if (!found) {
    return may('s3:ListBucket', arn) ? problem(404, 'NoSuchKey') : problem(403, 'AccessDenied');
  }
  const headers = {
    ...found.headers,
    'content-type': found.contentType,
    etag: `"${found.etag}"`,
    'last-modified': new Date(found.lastModified).toUTCString(),
    server: 'AmazonS3',
  };
  if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(headers.etag))
    return { status: 304, headers };
  return { status: 200, headers, body: request.method === 'HEAD' ? '' : found.body };
}

const problem = (status: number, code: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/xml', server: 'AmazonS3' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`,
});
