import * as v from 'valibot';
import type { ResourceProvider } from '../../platform.ts';
import type { Engine } from '../engine.ts';
import { putGroup } from '../operations/groups.ts';
import { groupName, integer, poolId, readInput, text } from '../schema.ts';
import { asBody } from './fields.ts';

const groupProperties = v.object({
  UserPoolId: poolId,
  GroupName: v.optional(groupName),
  Description: v.optional(text(0, 2048)),
  RoleArn: v.optional(text(1, 2048)),
  Precedence: v.optional(integer(0, 2_147_483_647)),
});

export const userPoolGroup = (engine: Engine): ResourceProvider => ({
  type: 'AWS::Cognito::UserPoolGroup',
  provision: async ({ properties, logicalId, suffix }) => {
    const input = readInput(groupProperties, asBody(properties));
    engine.pools.get(input.UserPoolId);
    const group = await putGroup(
      engine,
      input.UserPoolId,
      input.GroupName ?? `${logicalId}-${suffix}`,
      input,
    );
    return { physicalId: group.name, attributes: { GroupName: group.name } };
  },
});

const serverProperties = v.object({
  UserPoolId: poolId,
  Identifier: text(1, 256),
  Name: text(1, 256),
  Scopes: v.optional(v.array(v.object({ ScopeName: text(1, 256), ScopeDescription: text(1, 256) })), []),
});

export const userPoolResourceServer = (engine: Engine): ResourceProvider => ({
  type: 'AWS::Cognito::UserPoolResourceServer',
  provision: async ({ properties }) => {
    const { UserPoolId, Identifier, Name, Scopes } = readInput(serverProperties, asBody(properties));
    engine.pools.get(UserPoolId);
    await engine.pools.putServer({ poolId: UserPoolId, identifier: Identifier, name: Name, scopes: Scopes });
    return { physicalId: Identifier, attributes: { Identifier } };
  },
});

const domainProperties = v.looseObject({ UserPoolId: poolId, Domain: text(1, 63) });

/** Served below the local cloud's own address. */
export const userPoolDomain = (engine: Engine): ResourceProvider => ({
  type: 'AWS::Cognito::UserPoolDomain',
  provision: async ({ properties }) => {
    const { UserPoolId, Domain, ...settings } = readInput(domainProperties, asBody(properties));
    engine.pools.get(UserPoolId);
    await engine.pools.putDomain({ domain: Domain, poolId: UserPoolId, settings });
    return { physicalId: Domain, attributes: { CloudFrontDistribution: '', DomainName: Domain } };
  },
});
