import { toList } from '../attributes.ts';
import { type Engine, timestamp } from '../engine.ts';
import type { Client, Group, Pool, ResourceServer, User } from '../model.ts';

/** Records as the API shows them. */
export const describeUser = (user: User, only?: readonly string[]) => ({
  Username: user.username,
  Attributes: toList({ sub: user.sub, ...user.attributes }).filter(
    ({ Name }) => !only || only.includes(Name),
  ),
  UserCreateDate: timestamp(user.createdAt),
  UserLastModifiedDate: timestamp(user.updatedAt),
  Enabled: user.enabled,
  UserStatus: user.status,
});

export const describeGroup = (group: Group) => ({
  GroupName: group.name,
  UserPoolId: group.poolId,
  ...(group.description === undefined ? {} : { Description: group.description }),
  ...(group.roleArn === undefined ? {} : { RoleArn: group.roleArn }),
  ...(group.precedence === undefined ? {} : { Precedence: group.precedence }),
  CreationDate: timestamp(group.createdAt),
  LastModifiedDate: timestamp(group.updatedAt),
});

export const describePool = (engine: Engine, pool: Pool) => ({
  ...pool.settings,
  Id: pool.id,
  Name: pool.name,
  Arn: pool.arn,
  SchemaAttributes: pool.schema,
  UserPoolTags: pool.tags,
  EstimatedNumberOfUsers: engine.directory.count(pool.id),
  CreationDate: timestamp(pool.createdAt),
  LastModifiedDate: timestamp(pool.updatedAt),
});

export const describeClient = (client: Client) => ({
  ...client.settings,
  ClientId: client.id,
  ClientName: client.name,
  UserPoolId: client.poolId,
  ...(client.secret === undefined ? {} : { ClientSecret: client.secret }),
  CreationDate: timestamp(client.createdAt),
  LastModifiedDate: timestamp(client.updatedAt),
});

export const describeServer = (server: ResourceServer) => ({
  UserPoolId: server.poolId,
  Identifier: server.identifier,
  Name: server.name,
  Scopes: server.scopes,
});
