import { AwsError, type AwsRequest, type AwsResponse, type Needed } from '../../platform.ts';
import { unknownOperation } from '../json-api.ts';
import type { Objects, Retention, Version } from './objects.ts';
import { elements, texts, type XmlValue, xml } from './xml.ts';

export interface Target {
  readonly bucket: string;
  readonly key: string;
}

type Routable = Pick<AwsRequest, 'method' | 'path' | 'query' | 'headers'>;

/** `/bucket/key?…`: path style only, which SDKs use for an address without a name. */
export function targetOf({ path }: Pick<AwsRequest, 'path'>): Target {
  const [pathname = '/'] = path.split('?');
  const [, bucket = '', ...key] = pathname.split('/');
  return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key.join('/')) };
}

const subresources = [
  'versions',
  'location',
  'versioning',
  'object-lock',
  'retention',
  'delete',
  'uploads',
  'tagging',
  'acl',
  'policy',
];

/** The operation that method, target and sub-resource make; empty when S3 has none that we know. */
export function operationOf(request: Routable): string {
  const { bucket, key } = targetOf(request);
  const subresource = subresources.find((name) => request.query.has(name)) ?? '';
  const level = key ? 'object' : bucket ? 'bucket' : 'service';
  if (request.headers['x-amz-copy-source']) return 'CopyObject';
  return names[`${request.method} ${level} ${subresource}`.trimEnd()] ?? '';
}

const names: Readonly<Record<string, string>> = {
  'GET service': 'ListBuckets',
  'HEAD bucket': 'HeadBucket',
  'GET bucket': 'ListObjectsV2',
  'GET bucket versions': 'ListObjectVersions',
  'GET bucket location': 'GetBucketLocation',
  'GET bucket versioning': 'GetBucketVersioning',
  'GET bucket object-lock': 'GetObjectLockConfiguration',
  'POST bucket delete': 'DeleteObjects',
  'PUT object': 'PutObject',
  'GET object': 'GetObject',
  'HEAD object': 'HeadObject',
  'DELETE object': 'DeleteObject',
  'GET object retention': 'GetObjectRetention',
  'PUT object retention': 'PutObjectRetention',
};

export function s3Needs(request: AwsRequest): readonly Needed[] {
  const { bucket, key } = targetOf(request);
  const versioned = request.query.has('versionId') ? 'Version' : '';
  const onBucket = (action: string): Needed => ({
    action: `s3:${action}`,
    resource: `arn:aws:s3:::${bucket}`,
    context: {
      's3:prefix': request.query.get('prefix') ?? '',
      's3:delimiter': request.query.get('delimiter') ?? '',
    },
  });
  const onObject = (action: string): Needed => ({
    action: `s3:${action}`,
    resource: `arn:aws:s3:::${bucket}/${key}`,
  });
  const bypass = request.headers['x-amz-bypass-governance-retention'] === 'true';
  const bypassing = bypass ? [onObject('BypassGovernanceRetention')] : [];
  switch (operationOf(request)) {
    case 'ListBuckets':
      return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
    case 'HeadBucket':
    case 'ListObjectsV2':
      return [onBucket('ListBucket')];
    case 'ListObjectVersions':
      return [onBucket('ListBucketVersions')];
    case 'GetBucketLocation':
      return [onBucket('GetBucketLocation')];
    case 'GetBucketVersioning':
      return [onBucket('GetBucketVersioning')];
    case 'GetObjectLockConfiguration':
      return [onBucket('GetBucketObjectLockConfiguration')];
    case 'PutObject':
      return request.headers['x-amz-object-lock-mode']
        ? [onObject('PutObject'), onObject('PutObjectRetention')]
        : [onObject('PutObject')];
    case 'GetObject':
    case 'HeadObject':
      return [onObject(`GetObject${versioned}`)];
    case 'DeleteObject':
      return [onObject(`DeleteObject${versioned}`), ...bypassing];
    case 'DeleteObjects':
      return deletions(request).map(({ key: each, versionId }) => ({
        action: versionId ? 's3:DeleteObjectVersion' : 's3:DeleteObject',
        resource: `arn:aws:s3:::${bucket}/${each}`,
      }));
    case 'GetObjectRetention':
      return [onObject('GetObjectRetention')];
    case 'PutObjectRetention':
      return [onObject('PutObjectRetention'), ...bypassing];
    default:
      return unknownOperation('s3', `${request.method} ${request.path.split('?')[0]}`);
  }
}

type Handler = (objects: Objects, request: AwsRequest, target: Target) => Promise<AwsResponse> | AwsResponse;

export const handlers: Readonly<Record<string, Handler>> = {
  ListBuckets: (objects) =>
    xml('ListAllMyBucketsResult', {
      Buckets: {
        Bucket: objects.all().map(({ name, createdAt }) => ({
          Name: name,
          CreationDate: new Date(createdAt).toISOString(),
        })),
      },
    }),
  HeadBucket: (objects, _, { bucket }) => {
    objects.bucket(bucket);
    return { status: 200 };
  },
  GetBucketLocation: (objects, _, { bucket }) => xml('LocationConstraint', objects.bucket(bucket) ? '' : ''),
  GetBucketVersioning: (objects, _, { bucket }) =>
    xml('VersioningConfiguration', objects.bucket(bucket).versioned ? { Status: 'Enabled' } : {}),
  GetObjectLockConfiguration: (objects, _, { bucket }) => lockConfiguration(objects, bucket),
  ListObjectsV2: (objects, request, { bucket }) => listObjects(objects, request, bucket),
  ListObjectVersions: (objects, request, { bucket }) => listVersions(objects, request, bucket),
  PutObject: async (objects, request, { bucket, key }) => {
    const version = await objects.put(bucket, key, plainBody(request), putOptions(request));
    return { status: 200, headers: { etag: `"${version.etag}"`, ...versionHeader(version) } };
  },
  GetObject: async (objects, request, { bucket, key }) => {
    const version = objects.find(bucket, key, request.query.get('versionId') ?? undefined);
    return ranged(request, version, await objects.read(bucket, key, version));
  },
  HeadObject: (objects, request, { bucket, key }) => {
    const version = objects.find(bucket, key, request.query.get('versionId') ?? undefined);
    return { status: 200, headers: { ...objectHeaders(version), 'content-length': String(version.size) } };
  },
  DeleteObject: async (objects, request, { bucket, key }) => {
    const version = await objects.delete(
      bucket,
      key,
      request.query.get('versionId') ?? undefined,
      bypasses(request),
    );
    const marker: Record<string, string> = version?.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {};
    return { status: 204, headers: { ...marker, ...(version && versionHeader(version)) } };
  },
  DeleteObjects: async (objects, request, { bucket }) => {
    const Deleted: XmlValue[] = [];
    const Errors: XmlValue[] = [];
    for (const { key, versionId } of deletions(request)) {
      try {
        await objects.delete(bucket, key, versionId, bypasses(request));
        Deleted.push({ Key: key, VersionId: versionId });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Errors.push({ Key: key, VersionId: versionId, Code: error.name, Message: error.message });
      }
    }
    return xml('DeleteResult', { Deleted, Error: Errors });
  },
  GetObjectRetention: (objects, request, { bucket, key }) => {
    const { retention } = objects.find(bucket, key, request.query.get('versionId') ?? undefined);
    if (!retention) {
      const message = 'The specified object does not have a ObjectLock configuration';
      throw new AwsError('NoSuchObjectLockConfiguration', message, { status: 404 });
    }
    return xml('Retention', {
      Mode: retention.mode,
      RetainUntilDate: new Date(retention.until).toISOString(),
    });
  },
  PutObjectRetention: async (objects, request, { bucket, key }) => {
    const document = request.body.toString('utf8');
    const retention = readRetention(texts(document, 'Mode')[0], texts(document, 'RetainUntilDate')[0]);
    if (!retention) throw new AwsError('MalformedXML', 'Retention: Mode and RetainUntilDate are required');
    await objects.retain(
      bucket,
      key,
      request.query.get('versionId') ?? undefined,
      retention,
      bypasses(request),
    );
    return { status: 200 };
  },
};

const bypasses = (request: AwsRequest): boolean =>
  request.headers['x-amz-bypass-governance-retention'] === 'true';

const deletions = (request: AwsRequest): readonly { key: string; versionId?: string }[] =>
  elements(request.body.toString('utf8'), 'Object').map((each) => {
    const versionId = texts(each, 'VersionId')[0];
    return { key: texts(each, 'Key')[0] ?? '', ...(versionId && { versionId }) };
  });

const versionHeader = ({ id }: Version): Record<string, string> =>
  id === 'null' ? {} : { 'x-amz-version-id': id };

const objectHeaders = (version: Version): Record<string, string> => ({
  'content-type': version.contentType,
  etag: `"${version.etag}"`,
  'last-modified': new Date(version.lastModified).toUTCString(),
  'accept-ranges': 'bytes',
  ...version.headers,
  ...versionHeader(version),
  ...(version.retention && {
    'x-amz-object-lock-mode': version.retention.mode,
    'x-amz-object-lock-retain-until-date': new Date(version.retention.until).toISOString(),
  }),
});

function ranged(request: AwsRequest, version: Version, body: Buffer): AwsResponse {
  const headers = objectHeaders(version);
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (from === undefined) return { status: 200, headers, body };
  const start = Number(from);
  const end = Math.min(to ? Number(to) : body.length - 1, body.length - 1);
  if (start > end)
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', { status: 416 });
  const range = { 'content-range': `bytes ${start}-${end}/${body.length}` };
  return { status: 206, headers: { ...headers, ...range }, body: body.subarray(start, end + 1) };
}

function putOptions({ headers }: AwsRequest) {
  const kept = Object.entries(headers).filter(
    ([name]) =>
      name.startsWith('x-amz-meta-') ||
      ['cache-control', 'content-disposition', 'content-language'].includes(name),
  );
  const encoding = headers['content-encoding']
    ?.split(',')
    .map((each) => each.trim())
    .filter((each) => each !== 'aws-chunked');
  const retention = readRetention(
    headers['x-amz-object-lock-mode'],
    headers['x-amz-object-lock-retain-until-date'],
  );
  return {
    ...(headers['content-type'] && { contentType: headers['content-type'] }),
    ...(retention && { retention }),
    headers: {
      ...Object.fromEntries(kept),
      ...(encoding?.length && { 'content-encoding': encoding.join(',') }),
    },
  };
}

function readRetention(mode: string | undefined, until: string | undefined): Retention | undefined {
  if (!mode && !until) return undefined;
  const time = Date.parse(until ?? '');
  if ((mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || Number.isNaN(time)) {
    throw new AwsError(
      'InvalidArgument',
      'x-amz-object-lock-mode and x-amz-object-lock-retain-until-date must both be given',
    );
  }
  return { mode, until: time };
}

/** SDKs frame a body that they sign or sum while sending: size, extensions, data, and trailers at the end. */
function plainBody({ headers, body }: AwsRequest): Buffer {
  if (!headers['content-encoding']?.includes('aws-chunked')) return body;
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.subarray(at, lineEnd).toString('latin1'), 16);
    if (lineEnd === -1 || Number.isNaN(size))
      throw new AwsError('IncompleteBody', 'aws-chunked: a chunk has no size');
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

function lockConfiguration(objects: Objects, bucketName: string): AwsResponse {
  const { lock, defaultRetention } = objects.bucket(bucketName);
  if (!lock) {
    const message = 'Object Lock configuration does not exist for this bucket';
    throw new AwsError('ObjectLockConfigurationNotFoundError', message, { status: 404 });
  }
  const rule = defaultRetention && {
    DefaultRetention: { Mode: defaultRetention.mode, Days: defaultRetention.days },
  };
  return xml('ObjectLockConfiguration', { ObjectLockEnabled: 'Enabled', Rule: rule });
}

const maxKeys = 1_000;

function listObjects(objects: Objects, { query }: AwsRequest, bucket: string): AwsResponse {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const limit = Math.min(Number(query.get('max-keys') ?? maxKeys), maxKeys);
  const groupOf = (key: string): string | undefined => {
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    return end === -1 ? undefined : key.slice(0, end + delimiter.length);
  };
  const rest = objects
    .list(bucket, prefix)
    .filter(({ key }) => key > after && !(delimiter && after.endsWith(delimiter) && key.startsWith(after)));
  const groups = new Set<string>();
  const Contents: XmlValue[] = [];
  let next: string | undefined;
  for (const { key, version } of rest) {
    const group = groupOf(key);
    if (group !== undefined && groups.has(group)) continue;
    if (Contents.length + groups.size === limit) break;
    next = group ?? key;
    if (group !== undefined) groups.add(group);
    else Contents.push(listed(key, version));
  }
  const covered = Contents.length + groups.size;
  const isTruncated =
    covered === limit && rest.some(({ key }) => key > (next ?? '') && !key.startsWith(`${next}`));
  return xml('ListBucketResult', {
    Name: bucket,
    Prefix: prefix,
    Delimiter: delimiter || undefined,
    MaxKeys: limit,
    KeyCount: covered,
    IsTruncated: isTruncated,
    NextContinuationToken: isTruncated ? next : undefined,
    Contents,
    CommonPrefixes: [...groups].map((Prefix) => ({ Prefix })),
  });
}

function listVersions(objects: Objects, { query }: AwsRequest, bucket: string): AwsResponse {
  const all = objects
    .listVersions(bucket, query.get('prefix') ?? '')
    .flatMap(({ key, versions }) =>
      versions.map((version, index) => ({ key, version, IsLatest: index === 0 })),
    );
  const present = ({ key, version, IsLatest }: (typeof all)[number]): XmlValue => ({
    VersionId: version.id,
    IsLatest,
    ...listed(key, version),
  });
  return xml('ListVersionsResult', {
    Name: bucket,
    IsTruncated: false,
    Version: all.filter(({ version }) => !version.deleteMarker).map(present),
    DeleteMarker: all.filter(({ version }) => version.deleteMarker).map(present),
  });
}

const listed = (Key: string, version: Version) => ({
  Key,
  LastModified: new Date(version.lastModified).toISOString(),
  ...(!version.deleteMarker && { ETag: `"${version.etag}"`, Size: version.size, StorageClass: 'STANDARD' }),
});
