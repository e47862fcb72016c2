import * as v from 'valibot';
import { type Engine, timestamp } from '../engine.ts';
import { invalidParameter } from '../errors.ts';
import type { Pool, PoolSettings, SchemaAttribute } from '../model.ts';
import { pageOf } from '../pages.ts';
import { creationSettings, poolSettings, putPool } from '../pool-settings.ts';
import { newPoolId } from '../random.ts';
import { operation } from '../registry.ts';
import { integer, poolId, text } from '../schema.ts';
import { describePool } from './describe.ts';

const poolName = text(1, 128, /^[\w\s+=,.@-]+$/);
const which = v.object({ UserPoolId: poolId });
const arn = text(20, 2048);

export const poolOperations = [
  operation('CreateUserPool', {
    access: 'iam',
    missing: 'verification by link, custom senders, threat protection',
    input: v.looseObject({ PoolName: poolName, ...creationSettings, ...poolSettings }),
    handle: async (engine, { PoolName, Schema, UserPoolTags, ...settings }) => {
      const pool = await putPool(engine, newPoolId(engine.cloud.region), {
        name: PoolName,
        settings: settings as PoolSettings,
        schema: (Schema ?? []) as SchemaAttribute[],
        tags: UserPoolTags ?? {},
      });
      return { UserPool: describePool(engine, pool) };
    },
  }),
  operation('UpdateUserPool', {
    access: 'iam',
    missing: 'as CreateUserPool',
    input: v.looseObject({ UserPoolId: poolId, PoolName: v.optional(poolName), ...poolSettings }),
    handle: async (engine, { UserPoolId, PoolName, UserPoolTags, ...given }) => {
      const pool = engine.pools.get(UserPoolId);
      const { UsernameAttributes, AliasAttributes, UsernameConfiguration } = pool.settings;
      const fixed = { UsernameAttributes, AliasAttributes, UsernameConfiguration };
      const settings = { ...given, ...fixed } as PoolSettings;
      await putPool(engine, UserPoolId, {
        name: PoolName ?? pool.name,
        settings,
        schema: [],
        tags: UserPoolTags ?? {},
      });
      return {};
    },
  }),
  operation('DescribeUserPool', {
    access: 'iam',
    input: which,
    handle: (engine, input) => ({ UserPool: describePool(engine, engine.pools.get(input.UserPoolId)) }),
  }),
  operation('DeleteUserPool', {
    access: 'iam',
    input: which,
    handle: async (engine, input) => {
      const pool = engine.pools.get(input.UserPoolId);
      if (pool.settings.DeletionProtection === 'ACTIVE') {
        throw invalidParameter(
          'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
        );
      }
      await engine.directory.removePool(pool.id);
      await engine.configurations.removePool(pool.id);
      await engine.pools.remove(pool.id);
      await engine.keys.remove(pool.id);
      return {};
    },
  }),
  operation('ListUserPools', {
    access: 'iam',
    input: v.object({ MaxResults: integer(1, 60), NextToken: v.optional(text(1, 131_072)) }),
    handle: (engine, input) => {
      const { items, next } = pageOf(engine.pools.all(), input.MaxResults, input.NextToken);
      return { UserPools: items.map(summary), ...(next ? { NextToken: next } : {}) };
    },
  }),
  operation('AddCustomAttributes', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId, CustomAttributes: v.array(v.looseObject({ Name: text(1, 20) })) }),
    handle: async (engine, input) => {
      const pool = engine.pools.get(input.UserPoolId);
      await putPool(engine, pool.id, { ...pool, schema: input.CustomAttributes as SchemaAttribute[] });
      return {};
    },
  }),
  operation('TagResource', {
    access: 'iam',
    input: v.object({ ResourceArn: arn, Tags: v.record(v.string(), v.string()) }),
    handle: async (engine, input) => {
      const pool = byArn(engine, input.ResourceArn);
      await engine.pools.put({ ...pool, tags: { ...pool.tags, ...input.Tags } });
      return {};
    },
  }),
  operation('UntagResource', {
    access: 'iam',
    input: v.object({ ResourceArn: arn, TagKeys: v.array(v.string()) }),
    handle: async (engine, input) => {
      const pool = byArn(engine, input.ResourceArn);
      const kept = Object.entries(pool.tags).filter(([name]) => !input.TagKeys.includes(name));
      await engine.pools.put({ ...pool, tags: Object.fromEntries(kept) });
      return {};
    },
  }),
  operation('ListTagsForResource', {
    access: 'iam',
    input: v.object({ ResourceArn: arn }),
    handle: (engine, input) => ({ Tags: byArn(engine, input.ResourceArn).tags }),
  }),
];

const summary = (pool: Pool) => ({
  Id: pool.id,
  Name: pool.name,
  LambdaConfig: pool.settings.LambdaConfig ?? {},
  CreationDate: timestamp(pool.createdAt),
  LastModifiedDate: timestamp(pool.updatedAt),
});

const byArn = (engine: Engine, resourceArn: string): Pool =>
  engine.pools.get(resourceArn.split('/').at(-1) ?? '');
