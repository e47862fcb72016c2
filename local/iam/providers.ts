import { createHash } from 'node:crypto';
import type { Cloud, ResourceProvider, ResourceRequest } from '../platform.ts';
import { compilePolicy } from './policy.ts';
import type { IamRegistry } from './registry.ts';

const NAME_LIMIT = 64;
const MANAGED_NAME_LIMIT = 128;

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

export const iamProviders = (cloud: Cloud, registry: IamRegistry): readonly ResourceProvider[] => [
  roleProvider(cloud, registry),
  policyProvider(registry),
  managedPolicyProvider(cloud, registry),
];

const roleProvider = (cloud: Cloud, registry: IamRegistry): ResourceProvider => ({
  type: 'AWS::IAM::Role',
  async provision(request) {
    const name = given(request, 'RoleName') ?? generatedName(request, NAME_LIMIT);
    const arn = `arn:aws:iam::${cloud.accountId}:role${given(request, 'Path') ?? '/'}${name}`;
    const role = registry.createRole(arn, name);
    for (const policy of items<InlinePolicy>(request, 'Policies')) {
      role.attach(
        policy.PolicyName,
        compilePolicy(policy.PolicyDocument, policyPath(request, policy.PolicyName)),
      );
    }
    for (const policyArn of items<string>(request, 'ManagedPolicyArns')) {
      role.attach(policyArn, registry.managedPolicy(policyArn));
    }
    return { physicalId: name, attributes: { Arn: arn, RoleId: uniqueId('AROA', arn) } };
  },
});

const policyProvider = (registry: IamRegistry): ResourceProvider => ({
  type: 'AWS::IAM::Policy',
  async provision(request) {
    const name = given(request, 'PolicyName') ?? request.logicalId;
    const statements = compilePolicy(request.properties.PolicyDocument, policyPath(request, name));
    for (const roleName of items<string>(request, 'Roles')) registry.role(roleName).attach(name, statements);
    const physicalId = generatedName(request, MANAGED_NAME_LIMIT);
    return { physicalId, attributes: { Id: physicalId } };
  },
});

const managedPolicyProvider = (cloud: Cloud, registry: IamRegistry): ResourceProvider => ({
  type: 'AWS::IAM::ManagedPolicy',
  async provision(request) {
    const name = given(request, 'ManagedPolicyName') ?? generatedName(request, MANAGED_NAME_LIMIT);
    const arn = `arn:aws:iam::${cloud.accountId}:policy${given(request, 'Path') ?? '/'}${name}`;
    const statements = compilePolicy(request.properties.PolicyDocument, policyPath(request, name));
    registry.createManagedPolicy(arn, statements);
    for (const roleName of items<string>(request, 'Roles')) registry.role(roleName).attach(arn, statements);
    return { physicalId: arn, attributes: { PolicyArn: arn, PolicyId: uniqueId('ANPA', arn) } };
  },
});

const given = (request: ResourceRequest, property: string): string | undefined => {
  const value = request.properties[property];
  return typeof value === 'string' ? value : undefined;
};

const items = <T>(request: ResourceRequest, property: string): readonly T[] =>
  (request.properties[property] as readonly T[] | undefined) ?? [];

const policyPath = (request: ResourceRequest, policy: string): string => `${request.logicalId} (${policy})`;

/** CloudFormation's form, `<logical id>-<suffix>`, within the name's limit. */
const generatedName = (request: ResourceRequest, limit: number): string =>
  `${request.logicalId.slice(0, limit - request.suffix.length - 1)}-${request.suffix}`;

const uniqueId = (prefix: string, arn: string): string =>
  prefix + createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase();
