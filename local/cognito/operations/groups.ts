import * as v from 'valibot';
import { AwsError } from '../../platform.ts';
import type { Engine } from '../engine.ts';
import type { Group } from '../model.ts';
import { pageOf } from '../pages.ts';
import { operation } from '../registry.ts';
import { groupName, integer, poolId, text, username } from '../schema.ts';
import { describeGroup, describeUser } from './describe.ts';
import { findUser } from './find-user.ts';

const which = { UserPoolId: poolId, GroupName: groupName };
const settings = {
  Description: v.optional(text(0, 2048)),
  RoleArn: v.optional(text(20, 2048)),
  Precedence: v.optional(integer(0, 2_147_483_647)),
};
const paging = { Limit: v.optional(integer(0, 60), 60), NextToken: v.optional(text(1, 131_072)) };

interface GroupInput {
  readonly Description?: string;
  readonly RoleArn?: string;
  readonly Precedence?: number;
}

export const groupOperations = [
  operation('CreateGroup', {
    access: 'iam',
    input: v.object({ ...which, ...settings }),
    handle: async (engine, input) => {
      engine.pools.get(input.UserPoolId);
      if (engine.pools.findGroup(input.UserPoolId, input.GroupName)) {
        throw new AwsError('GroupExistsException', 'A group with the name already exists.');
      }
      return { Group: describeGroup(await putGroup(engine, input.UserPoolId, input.GroupName, input)) };
    },
  }),
  operation('UpdateGroup', {
    access: 'iam',
    input: v.object({ ...which, ...settings }),
    handle: async (engine, input) => {
      engine.pools.get(input.UserPoolId);
      const { description, roleArn, precedence } = engine.pools.group(input.UserPoolId, input.GroupName);
      const changed = {
        Description: input.Description ?? description,
        RoleArn: input.RoleArn ?? roleArn,
        Precedence: input.Precedence ?? precedence,
      };
      return { Group: describeGroup(await putGroup(engine, input.UserPoolId, input.GroupName, changed)) };
    },
  }),
  operation('GetGroup', {
    access: 'iam',
    input: v.object(which),
    handle: (engine, input) => {
      engine.pools.get(input.UserPoolId);
      return { Group: describeGroup(engine.pools.group(input.UserPoolId, input.GroupName)) };
    },
  }),
  operation('DeleteGroup', {
    access: 'iam',
    input: v.object(which),
    handle: async (engine, input) => {
      engine.pools.group(engine.pools.get(input.UserPoolId).id, input.GroupName);
      const members = membersOf(engine, input.UserPoolId, input.GroupName);
      await Promise.all(
        members.map((user) =>
          engine.directory.update(user, ({ groups }) => ({
            groups: groups.filter((name) => name !== input.GroupName),
          })),
        ),
      );
      await engine.pools.removeGroup(input.UserPoolId, input.GroupName);
      return {};
    },
  }),
  operation('ListGroups', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId, ...paging }),
    handle: (engine, input) => {
      engine.pools.get(input.UserPoolId);
      return groupPage(engine.pools.groupsOf(input.UserPoolId), input);
    },
  }),
  operation('AdminAddUserToGroup', {
    access: 'iam',
    input: v.object({ ...which, Username: username }),
    handle: async (engine, input) => {
      const user = findUser(engine, input);
      engine.pools.group(input.UserPoolId, input.GroupName);
      await engine.directory.update(user, ({ groups }) => ({
        groups: [...new Set([...groups, input.GroupName])],
      }));
      return {};
    },
  }),
  operation('AdminRemoveUserFromGroup', {
    access: 'iam',
    input: v.object({ ...which, Username: username }),
    handle: async (engine, input) => {
      const user = findUser(engine, input);
      engine.pools.group(input.UserPoolId, input.GroupName);
      await engine.directory.update(user, ({ groups }) => ({
        groups: groups.filter((name) => name !== input.GroupName),
      }));
      return {};
    },
  }),
  operation('AdminListGroupsForUser', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId, Username: username, ...paging }),
    handle: (engine, input) => {
      const { groups } = findUser(engine, input);
      return groupPage(
        groups.map((name) => engine.pools.group(input.UserPoolId, name)),
        input,
      );
    },
  }),
  operation('ListUsersInGroup', {
    access: 'iam',
    input: v.object({ ...which, ...paging }),
    handle: (engine, input) => {
      engine.pools.group(engine.pools.get(input.UserPoolId).id, input.GroupName);
      const members = membersOf(engine, input.UserPoolId, input.GroupName);
      const { items, next } = pageOf(members, input.Limit || 60, input.NextToken);
      return { Users: items.map((user) => describeUser(user)), ...(next ? { NextToken: next } : {}) };
    },
  }),
];

/** Creates the group or replaces its settings; members stay. */
export async function putGroup(
  engine: Engine,
  pool: string,
  name: string,
  input: GroupInput,
): Promise<Group> {
  const now = engine.cloud.clock.now();
  const group: Group = {
    poolId: pool,
    name,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.RoleArn === undefined ? {} : { roleArn: input.RoleArn }),
    ...(input.Precedence === undefined ? {} : { precedence: input.Precedence }),
    createdAt: engine.pools.findGroup(pool, name)?.createdAt ?? now,
    updatedAt: now,
  };
  await engine.pools.putGroup(group);
  return group;
}

const membersOf = (engine: Engine, pool: string, name: string) =>
  engine.directory.list(pool).filter(({ groups }) => groups.includes(name));

function groupPage(groups: readonly Group[], input: { Limit: number; NextToken?: string }) {
  const { items, next } = pageOf(groups, input.Limit || 60, input.NextToken);
  return { Groups: items.map(describeGroup), ...(next ? { NextToken: next } : {}) };
}
