import type { Cloud, ResourceProvider, ResourceRequest } from '../../platform.ts';
import { physicalName } from '../arns.ts';
import { knownProperties } from '../known-properties.ts';
import { compileDistribution } from './distribution.ts';
import { EdgeFunction } from './edge-function.ts';
import type { EdgeRegistry } from './edge-registry.ts';
import { compileResponseHeaders } from './response-headers.ts';

export const cloudFrontProviders = (cloud: Cloud, registry: EdgeRegistry): readonly ResourceProvider[] => [
  distributionProvider(cloud, registry),
  functionProvider(cloud, registry),
  headersProvider(registry),
  cachePolicyProvider(registry),
  accessControlProvider,
];

const distributionProvider = (cloud: Cloud, registry: EdgeRegistry): ResourceProvider => ({
  type: 'AWS::CloudFront::Distribution',
  provision: async ({ suffix, properties }) => {
    const { values } = knownProperties(properties, 'Properties', ['DistributionConfig', 'Tags']);
    if (registry.distribution)
      throw new Error('a second distribution would want the addresses of the first one');
    const id = `E${suffix.toUpperCase()}`;
    const domainName = `d${suffix}.cloudfront.net`;
    const distribution = compileDistribution(id, domainName, values.DistributionConfig);
    registry.check(distribution);
    registry.distribution = distribution;
    cloud.log.info('a distribution is served', { id });
    return { physicalId: id, attributes: { Id: id, DomainName: domainName } };
  },
});

const functionProvider = (cloud: Cloud, registry: EdgeRegistry): ResourceProvider => ({
  type: 'AWS::CloudFront::Function',
  provision: async ({ properties }) => {
    const fields = knownProperties(properties, 'Properties', [
      ...['AutoPublish', 'FunctionCode', 'FunctionConfig', 'Name'],
    ]);
    const config = knownProperties(fields.values.FunctionConfig, 'FunctionConfig', ['Comment', 'Runtime']);
    if (config.text('Runtime') !== 'cloudfront-js-2.0')
      config.refuse('Runtime', 'only cloudfront-js-2.0 is run here');
    if (!fields.flag('AutoPublish'))
      fields.refuse('AutoPublish', 'a function that is not published is never run');
    const name = fields.text('Name');
    const arn = `arn:aws:cloudfront::${cloud.accountId}:function/${name}`;
    registry.functions.set(arn, new EdgeFunction(name, fields.text('FunctionCode')));
    return { physicalId: arn, attributes: { FunctionARN: arn, Stage: 'LIVE' } };
  },
});

const headersProvider = (registry: EdgeRegistry): ResourceProvider => ({
  type: 'AWS::CloudFront::ResponseHeadersPolicy',
  provision: async (request) => {
    const { values } = knownProperties(request.properties, 'Properties', ['ResponseHeadersPolicyConfig']);
    const id = nameOf(request);
    registry.headers.set(id, compileResponseHeaders(values.ResponseHeadersPolicyConfig));
    return { physicalId: id, attributes: { Id: id } };
  },
});

const cachePolicyProvider = (registry: EdgeRegistry): ResourceProvider => ({
  type: 'AWS::CloudFront::CachePolicy',
  provision: async (request) => {
    const { values } = knownProperties(request.properties, 'Properties', ['CachePolicyConfig']);
    const config = knownProperties(values.CachePolicyConfig, 'CachePolicyConfig', [
      ...['Comment', 'DefaultTTL', 'MaxTTL', 'MinTTL', 'Name', 'ParametersInCacheKeyAndForwardedToOrigin'],
    ]);
    const parameters = config.object('ParametersInCacheKeyAndForwardedToOrigin');
    const id = nameOf(request);
    registry.cachePolicies.set(id, {
      gzip: parameters.flag('EnableAcceptEncodingGzip'),
      brotli: parameters.flag('EnableAcceptEncodingBrotli'),
    });
    return { physicalId: id, attributes: { Id: id } };
  },
});

/** Signs with SigV4; here that a request comes from the distribution is known without. */
const accessControlProvider: ResourceProvider = {
  type: 'AWS::CloudFront::OriginAccessControl',
  provision: async (request) => {
    const { values } = knownProperties(request.properties, 'Properties', ['OriginAccessControlConfig']);
    const config = knownProperties(values.OriginAccessControlConfig, 'OriginAccessControlConfig', [
      ...['Description', 'Name', 'OriginAccessControlOriginType', 'SigningBehavior', 'SigningProtocol'],
    ]);
    if (config.text('SigningBehavior') !== 'always') config.refuse('SigningBehavior', 'expected always');
    const id = nameOf(request);
    return { physicalId: id, attributes: { Id: id } };
  },
};

const nameOf = ({ logicalId, suffix }: ResourceRequest): string => physicalName(logicalId, suffix);
