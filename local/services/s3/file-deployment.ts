import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { ResourceProvider } from '../../platform.ts';
import { knownProperties } from '../known-properties.ts';
import type { Objects } from './objects.ts';

/**
 * CDK's deployment of files, done here: its function is Python with the AWS CLI. The archive is the folder in the
 * assembly that it would be made of.
 */
export const fileDeploymentProvider = (objects: Objects): ResourceProvider => ({
  type: 'Custom::CDKBucketDeployment',
  provision: async ({ logicalId, suffix, properties, metadata }) => {
    const fields = knownProperties(properties, 'Properties', [
      ...[
        'ServiceToken',
        'SourceBucketNames',
        'SourceObjectKeys',
        'DestinationBucketName',
        'OutputObjectKeys',
      ],
      ...['DestinationBucketKeyPrefix', 'Prune', 'RetainOnDelete', 'SystemMetadata'],
      'WaitForDistributionInvalidation',
    ]);
    if (fields.flag('Prune', true)) fields.refuse('Prune', 'files are not removed here');
    const folder = metadata?.['aws:asset:path'];
    if (typeof folder !== 'string' || fields.list('SourceObjectKeys').length !== 1)
      return fields.refuse('SourceObjectKeys', 'expected one, whose folder the metadata names');
    const prefix = fields.optionalText('DestinationBucketKeyPrefix') ?? '';
    const headers = Object.fromEntries(
      Object.entries(fields.optionalObject('SystemMetadata')?.values ?? {}).map(([name, value]) => [
        name,
        String(value),
      ]),
    );
    for (const path of await filesBelow(folder)) {
      const key = [prefix, ...relative(folder, path).split(sep)].filter((part) => part !== '').join('/');
      await objects.put(fields.text('DestinationBucketName'), key, await readFile(path), {
        contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
        headers,
      });
    }
    return { physicalId: `${logicalId}-${suffix}`, attributes: {} };
  },
});

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** As the AWS CLI guesses them by name. */
const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.ico': 'image/vnd.microsoft.icon',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
