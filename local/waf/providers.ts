import { createHash } from 'node:crypto';
import type { Cloud, ResourceProvider, ResourceRequest } from '../platform.ts';
import { compileAddresses } from './addresses.ts';
import type { WafRegistry } from './registry.ts';
import { asList, asProperties } from './request.ts';
import { WebAcl } from './web-acl.ts';

export const wafProviders = (cloud: Cloud, registry: WafRegistry): readonly ResourceProvider[] => [
  webAclProvider(cloud, registry),
  associationProvider(registry),
  loggingProvider(),
  addressSetProvider(cloud, registry),
  patternSetProvider(cloud, registry),
];

const webAclProvider = (cloud: Cloud, registry: WafRegistry): ResourceProvider => ({
  type: 'AWS::WAFv2::WebACL',
  async provision(request) {
    const entity = describe(cloud, request, 'webacl');
    const labelNamespace = `awswaf:${cloud.accountId}:webacl:${entity.name}:`;
    const acl = new WebAcl(entity.name, entity.arn, labelNamespace, request.properties, registry);
    registry.addWebAcl(acl);
    for (const { rule, notEvaluated } of acl.report()) {
      if (notEvaluated !== undefined)
        cloud.log.info('WAF rule not evaluated locally', { webAcl: entity.name, rule, notEvaluated });
    }
    const attributes = {
      Arn: entity.arn,
      Id: entity.id,
      LabelNamespace: labelNamespace,
      Capacity: acl.report().length,
    };
    return { physicalId: entity.physicalId, attributes };
  },
});

const associationProvider = (registry: WafRegistry): ResourceProvider => ({
  type: 'AWS::WAFv2::WebACLAssociation',
  async provision({ logicalId, properties }) {
    const resourceArn = String(properties.ResourceArn);
    registry.associate(resourceArn, String(properties.WebACLArn), logicalId);
    return { physicalId: `${resourceArn}|${String(properties.WebACLArn)}`, attributes: {} };
  },
});

/** Nothing is delivered: the console shows the requests that rules ended. */
const loggingProvider = (): ResourceProvider => ({
  type: 'AWS::WAFv2::LoggingConfiguration',
  async provision({ properties }) {
    return { physicalId: String(properties.ResourceArn), attributes: { ManagedByFirewallManager: false } };
  },
});

const addressSetProvider = (cloud: Cloud, registry: WafRegistry): ResourceProvider => ({
  type: 'AWS::WAFv2::IPSet',
  async provision(request) {
    const entity = describe(cloud, request, 'ipset');
    const addresses = asList(request.properties.Addresses).map(String);
    registry.addAddressSet(entity.arn, compileAddresses(addresses, `${request.logicalId}.Addresses`));
    return { physicalId: entity.physicalId, attributes: { Arn: entity.arn, Id: entity.id } };
  },
});

const patternSetProvider = (cloud: Cloud, registry: WafRegistry): ResourceProvider => ({
  type: 'AWS::WAFv2::RegexPatternSet',
  async provision(request) {
    const entity = describe(cloud, request, 'regexpatternset');
    const sources = asList(request.properties.RegularExpressionList).map((entry) =>
      typeof entry === 'string' ? entry : String(asProperties(entry).RegexString),
    );
    registry.addPatternSet(entity.arn, sources);
    return { physicalId: entity.physicalId, attributes: { Arn: entity.arn, Id: entity.id } };
  },
});

function describe(cloud: Cloud, { logicalId, suffix, properties }: ResourceRequest, kind: string) {
  const name = typeof properties.Name === 'string' ? properties.Name : `${logicalId}-${suffix}`;
  const id = stableUuid(`${kind}/${name}/${suffix}`);
  const scope = String(properties.Scope ?? 'REGIONAL');
  const arn = `arn:aws:wafv2:${cloud.region}:${cloud.accountId}:${scope.toLowerCase()}/${kind}/${name}/${id}`;
  return { name, id, arn, physicalId: `${name}|${id}|${scope}` };
}

function stableUuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
