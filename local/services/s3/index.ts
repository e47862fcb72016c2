import { AwsError, type Cloud, type ResourceProvider, type Service } from '../../platform.ts';
import { physicalName } from '../arns.ts';
import { Fields } from '../fields.ts';
import { BucketPolicies, type ServiceCaller } from './bucket-policies.ts';
import { fileDeploymentProvider } from './file-deployment.ts';
import { type Bucket, Objects, type PutOptions, type Version } from './objects.ts';
import { handlers, operationOf, s3Needs, targetOf } from './operations.ts';
import { xmlError } from './xml.ts';

/** What other services do with buckets, without HTTP. */
export interface S3Service extends Service {
  put(bucket: string, key: string, body: Buffer, options?: PutOptions): Promise<unknown>;
  has(bucket: string, key: string): boolean;
  /** The current version; `undefined` for what is not there. */
  read(bucket: string, key: string): Promise<(Version & { readonly body: Buffer }) | undefined>;
  /** Whether the bucket's policy lets a service in. */
  allows(bucket: string, caller: ServiceCaller, action: string, resource: string): boolean;
}

export function s3Service(cloud: Cloud): S3Service {
  const objects = new Objects(cloud);
  const policies = new BucketPolicies();
  return {
    name: 's3',
    providers: [
      bucketProvider(cloud, objects),
      bucketPolicyProvider(policies),
      fileDeploymentProvider(objects),
    ],
    put: (bucket, key, body, options) => objects.put(bucket, key, body, options),
    has: (bucket, key) => objects.has(bucket, key),
    read: async (bucket, key) => {
      if (!objects.has(bucket, key)) return undefined;
      const version = objects.find(bucket, key);
      return { ...version, body: await objects.read(bucket, key, version) };
    },
    allows: (bucket, caller, action, resource) => policies.allows(bucket, caller, action, resource),
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

/** Roles are authorized by what they were granted; a policy decides about services that call in their own name. */
const bucketPolicyProvider = (policies: BucketPolicies): ResourceProvider => ({
  type: 'AWS::S3::BucketPolicy',
  provision: async (request) => {
    const properties = new Fields(request.properties);
    const bucket = properties.text('Bucket');
    policies.set(bucket, properties.object('PolicyDocument').values);
    return { physicalId: bucket, attributes: {} };
  },
});
