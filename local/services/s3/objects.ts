import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AwsError, type Cloud, type Collection } from '../../platform.ts';

export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  /** Epoch milliseconds. */
  readonly until: number;
}

export interface Bucket {
  readonly name: string;
  readonly versioned: boolean;
  readonly lock: boolean;
  readonly defaultRetention?: { readonly mode: Retention['mode']; readonly days: number };
  readonly createdAt: number;
}

export interface Version {
  readonly id: string;
  readonly deleteMarker: boolean;
  readonly size: number;
  readonly etag: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly lastModified: number;
  readonly retention?: Retention;
}

export interface PutOptions {
  readonly contentType?: string;
  /** `content-encoding`, `x-amz-meta-…`: given back with the object. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly retention?: Retention;
}

interface StoredObject {
  /** Newest first. */
  readonly versions: readonly Version[];
}

const nullVersion = 'null';
const dayMs = 86_400_000;

/**
 * Objects as files: the current version of `<key>` is `s3/<bucket>/<key>`, so that an archive can be looked at with
 * any tool; older versions wait in `s3-versions/`. What is known about them is in the store.
 */
export class Objects {
  private readonly cloud: Cloud;
  private readonly buckets: Collection<Bucket>;
  private readonly objects: Collection<StoredObject>;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.buckets = cloud.store.collection('s3-buckets');
    this.objects = cloud.store.collection('s3-objects');
  }

  async createBucket(bucket: Omit<Bucket, 'createdAt'>): Promise<void> {
    const createdAt = this.buckets.get(bucket.name)?.createdAt ?? this.cloud.clock.now();
    await mkdir(join(this.cloud.directory, 's3', bucket.name), { recursive: true });
    await this.buckets.set(bucket.name, { ...bucket, createdAt });
  }

  bucket(name: string): Bucket {
    const found = this.buckets.get(name);
    if (found) return found;
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', { status: 404 });
  }

  all(): readonly Bucket[] {
    return [...this.buckets.entries()].map(([, bucket]) => bucket);
  }

  async put(bucketName: string, key: string, body: Buffer, options: PutOptions = {}): Promise<Version> {
    const bucket = this.bucket(bucketName);
    const retention = options.retention ?? this.defaultRetention(bucket);
    if (options.retention && !bucket.lock) {
      throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration');
    }
    const version: Version = {
      id: bucket.versioned ? randomUUID().replaceAll('-', '') : nullVersion,
      deleteMarker: false,
      size: body.length,
      etag: createHash('md5').update(body).digest('hex'),
      contentType: options.contentType ?? 'application/octet-stream',
      headers: options.headers ?? {},
      lastModified: this.cloud.clock.now(),
      ...(retention && { retention }),
    };
    await this.write(bucket, key, body);
    await this.prepend(bucket, key, version);
    return version;
  }

  /** @throws AwsError `NoSuchKey` or `NoSuchVersion` */
  find(bucketName: string, key: string, versionId?: string): Version {
    const versions = this.versions(bucketName, key);
    const found = versionId ? versions.find(({ id }) => id === versionId) : versions[0];
    if (versionId && !found) {
      throw new AwsError('NoSuchVersion', 'The specified version does not exist.', { status: 404 });
    }
    if (!found || found.deleteMarker) {
      throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
    }
    return found;
  }

  has(bucketName: string, key: string): boolean {
    return this.versions(bucketName, key)[0]?.deleteMarker === false;
  }

  read(bucketName: string, key: string, version: Version): Promise<Buffer> {
    const isCurrent = this.versions(bucketName, key)[0]?.id === version.id;
    return readFile(isCurrent ? this.currentPath(bucketName, key) : this.oldPath(bucketName, version));
  }

  /** Keys with their current version, in order; deleted ones are left out. */
  list(bucketName: string, prefix: string): readonly { readonly key: string; readonly version: Version }[] {
    return this.listVersions(bucketName, prefix).flatMap(({ key, versions: [version] }) =>
      version && !version.deleteMarker ? [{ key, version }] : [],
    );
  }

  listVersions(bucketName: string, prefix: string): readonly { key: string; versions: readonly Version[] }[] {
    const start = `${this.bucket(bucketName).name}/`;
    return [...this.objects.entries()]
      .filter(([path]) => path.startsWith(start + prefix))
      .map(([path, { versions }]) => ({ key: path.slice(start.length), versions }))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  /**
   * Without a version: a delete marker, or the object itself in a bucket without versions. With one: that version,
   * unless it is locked.
   * @throws AwsError `AccessDenied` for a version under retention
   */
  async delete(
    bucketName: string,
    key: string,
    versionId?: string,
    bypassGovernance = false,
  ): Promise<Version | undefined> {
    const bucket = this.bucket(bucketName);
    if (versionId) return this.deleteVersion(bucket, key, versionId, bypassGovernance);
    const [current] = this.versions(bucketName, key);
    if (!bucket.versioned) {
      if (current) await this.forget(bucket, key, current);
      return undefined;
    }
    if (current && !current.deleteMarker) await this.setAside(bucket, key, current);
    const marker = deleteMarker(this.cloud.clock.now());
    await this.prepend(bucket, key, marker);
    return marker;
  }

  async retain(
    bucketName: string,
    key: string,
    versionId: string | undefined,
    retention: Retention,
    bypass: boolean,
  ) {
    const version = this.find(bucketName, key, versionId);
    const isWeaker = version.retention && version.retention.until > retention.until;
    if (isWeaker) this.refuseLocked(version, bypass);
    const versions = this.versions(bucketName, key).map((each) =>
      each.id === version.id ? { ...each, retention } : each,
    );
    await this.objects.set(`${bucketName}/${key}`, { versions });
  }

  private versions(bucketName: string, key: string): readonly Version[] {
    return this.objects.get(`${this.bucket(bucketName).name}/${key}`)?.versions ?? [];
  }

  private async deleteVersion(
    bucket: Bucket,
    key: string,
    versionId: string,
    bypass: boolean,
  ): Promise<Version | undefined> {
    const version = this.versions(bucket.name, key).find(({ id }) => id === versionId);
    if (!version) return undefined; // AWS answers 204 too
    this.refuseLocked(version, bypass);
    await this.forget(bucket, key, version);
    return version;
  }

  private refuseLocked({ retention }: Version, bypassGovernance: boolean): void {
    if (!retention || retention.until <= this.cloud.clock.now()) return;
    if (retention.mode === 'GOVERNANCE' && bypassGovernance) return;
    throw new AwsError('AccessDenied', 'Access Denied because object protected by object lock.', {
      status: 403,
    });
  }

  private defaultRetention({ defaultRetention }: Bucket): Retention | undefined {
    if (!defaultRetention) return undefined;
    return { mode: defaultRetention.mode, until: this.cloud.clock.now() + defaultRetention.days * dayMs };
  }

  /** A new file appears whole, by rename, after the one before it was set aside. */
  private async write(bucket: Bucket, key: string, body: Buffer): Promise<void> {
    const incoming = join(this.cloud.directory, 's3-incoming', randomUUID());
    await mkdir(dirname(incoming), { recursive: true });
    await writeFile(incoming, body);
    const [current] = this.versions(bucket.name, key);
    if (bucket.versioned && current && !current.deleteMarker) await this.setAside(bucket, key, current);
    await placeFile(incoming, this.currentPath(bucket.name, key), key);
  }

  private async setAside(bucket: Bucket, key: string, version: Version): Promise<void> {
    await placeFile(this.currentPath(bucket.name, key), this.oldPath(bucket.name, version), key);
  }

  private async prepend(bucket: Bucket, key: string, version: Version): Promise<void> {
    const older = bucket.versioned ? this.versions(bucket.name, key) : [];
    await this.objects.set(`${bucket.name}/${key}`, { versions: [version, ...older] });
  }

  private async forget(bucket: Bucket, key: string, version: Version): Promise<void> {
    const before = this.versions(bucket.name, key);
    const wasCurrent = before[0]?.id === version.id;
    const versions = before.filter(({ id }) => id !== version.id);
    const current = this.currentPath(bucket.name, key);
    if (!version.deleteMarker)
      await rm(wasCurrent ? current : this.oldPath(bucket.name, version), { force: true });
    const [next] = versions;
    if (wasCurrent && next && !next.deleteMarker)
      await placeFile(this.oldPath(bucket.name, next), current, key);
    if (versions.length > 0) await this.objects.set(`${bucket.name}/${key}`, { versions });
    else await this.objects.delete(`${bucket.name}/${key}`);
  }

  private currentPath(bucketName: string, key: string): string {
    return join(this.cloud.directory, 's3', bucketName, ...key.split('/').map(safeSegment));
  }

  private oldPath(bucketName: string, version: Version): string {
    return join(this.cloud.directory, 's3-versions', bucketName, version.id);
  }
}

const deleteMarker = (now: number): Version => ({
  id: randomUUID().replaceAll('-', ''),
  deleteMarker: true,
  size: 0,
  etag: '',
  contentType: '',
  headers: {},
  lastModified: now,
});

/** Keys are no paths: `..`, empty parts and NUL must not leave the bucket's folder. */
const safeSegment = (part: string): string =>
  part === '' || part === '.' || part === '..'
    ? `%${Buffer.from(part).toString('hex')}`
    : part.replaceAll(/[\0\\]/g, '_');

async function placeFile(from: string, to: string, key: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (!['ENOTDIR', 'EISDIR', 'EEXIST', 'ENAMETOOLONG', 'ENOTEMPTY'].includes(code)) throw cause;
    throw new AwsError(
      'InvalidArgument',
      `${key}: objects are files here, and this key does not fit (${code})`,
    );
  }
}
