import { AwsError, type Cloud, type ResourceProvider, type Service } from '../../platform.ts';
import { physicalName } from '../arns.ts';
import { Fields } from '../fields.ts';
import { type Bucket, Objects, type PutOptions } from './objects.ts';
import { handlers, operationOf, s3Needs, targetOf } from './operations.ts';
import { xmlError } from './xml.ts';

/** What other services do with buckets, without HTTP. */
export interface S3Service extends Service {
  put(bucket: string, key: string, body: Buffer, options?: PutOptions): Promise<unknown>;
  has(bucket: string, key: string): boolean;
}

export function s3Service(cloud: Cloud): S3Service {
  const objects = new Objects(cloud);
  return {
    name: 's3',
    providers: [bucketProvider(cloud, objects), bucketPolicyProvider],
    put: (bucket, key, body, options) => objects.put(bucket, key, body, options),
    has: (bucket, key) => objects.has(bucket, key),
    api: {
      operationOf,
      needs: s3Needs,
      handle: async (request) => {
        try {
          const handler = handlers[operationOf(request)];
          if (!handler)
            throw new AwsError('NotImplemented', `s3: ${request.method} ${request.path}`, { status: 501 });
          return await handler(objects, request, targetOf(request));
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          return xmlError(error, request.path); // S3 reports in XML, whatever the other services do
        }
      },
    },
  };
}

const bucketProvider = (cloud: Cloud, objects: Objects): ResourceProvider => ({
  type: 'AWS::S3::Bucket',
  provision: async (request) => {
    const properties = new Fields(request.properties);
    const name =
      properties.optionalText('BucketName') ??
      physicalName(request.logicalId, request.suffix, 63).toLowerCase();
    const lock = properties.flag('ObjectLockEnabled');
    const status = properties.optionalObject('VersioningConfiguration')?.optionalText('Status');
    const retention = defaultRetention(properties);
    await objects.createBucket({
      name,
      lock,
      versioned: lock || status === 'Enabled', // a locked bucket is always versioned
      ...(retention && { defaultRetention: retention }),
    });
    const DomainName = `${name}.s3.amazonaws.com`;
    const RegionalDomainName = `${name}.s3.${cloud.region}.amazonaws.com`;
    return { physicalId: name, attributes: { Arn: `arn:aws:s3:::${name}`, DomainName, RegionalDomainName } };
  },
});

function defaultRetention(properties: Fields): Bucket['defaultRetention'] {
  const rule = properties.optionalObject('ObjectLockConfiguration')?.optionalObject('Rule');
  const given = rule?.optionalObject('DefaultRetention');
  if (!given) return undefined;
  const mode = given.text('Mode');
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')
    return given.refuse('Mode', 'expected GOVERNANCE or COMPLIANCE');
  const years = given.optionalInteger('Years', { min: 1, max: 100 });
  const days = years ? years * 365 : given.integer('Days', { min: 1, max: 36_500, default: 1 });
  return { mode, days };
}

/** Callers are authorized by their role; what a bucket policy adds (TLS only, service principals) has no local side. */
const bucketPolicyProvider: ResourceProvider = {
  type: 'AWS::S3::BucketPolicy',
  provision: async (request) => ({
    physicalId: new Fields(request.properties).text('Bucket'),
    attributes: {},
  }),
};
