import * as v from 'valibot';
import { invalidParameter } from '../errors.ts';
import { pageOf } from '../pages.ts';
import { operation } from '../registry.ts';
import { integer, poolId, text } from '../schema.ts';
import { describeServer } from './describe.ts';

const identifier = text(1, 256, /^[\x21\x23-\x5B\x5D-\x7E]+$/);
const which = { UserPoolId: poolId, Identifier: identifier };
const scope = v.object({ ScopeName: text(1, 256), ScopeDescription: text(1, 256) });
const settings = { ...which, Name: text(1, 256), Scopes: v.optional(v.array(scope), []) };

export const resourceServerOperations = [
  operation('CreateResourceServer', {
    access: 'iam',
    input: v.object(settings),
    handle: async (engine, input) => {
      engine.pools.get(input.UserPoolId);
      if (engine.pools.findServer(input.UserPoolId, input.Identifier)) {
        throw invalidParameter(`${input.Identifier} already exists in user pool ${input.UserPoolId}.`);
      }
      const server = toServer(input);
      await engine.pools.putServer(server);
      return { ResourceServer: describeServer(server) };
    },
  }),
  operation('UpdateResourceServer', {
    access: 'iam',
    input: v.object(settings),
    handle: async (engine, input) => {
      engine.pools.server(engine.pools.get(input.UserPoolId).id, input.Identifier);
      const server = toServer(input);
      await engine.pools.putServer(server);
      return { ResourceServer: describeServer(server) };
    },
  }),
  operation('DescribeResourceServer', {
    access: 'iam',
    input: v.object(which),
    handle: (engine, input) => {
      const pool = engine.pools.get(input.UserPoolId);
      return { ResourceServer: describeServer(engine.pools.server(pool.id, input.Identifier)) };
    },
  }),
  operation('DeleteResourceServer', {
    access: 'iam',
    input: v.object(which),
    handle: async (engine, input) => {
      const server = engine.pools.server(engine.pools.get(input.UserPoolId).id, input.Identifier);
      await engine.pools.removeServer(server.poolId, server.identifier);
      return {};
    },
  }),
  operation('ListResourceServers', {
    access: 'iam',
    input: v.object({
      UserPoolId: poolId,
      MaxResults: v.optional(integer(1, 50), 50),
      NextToken: v.optional(text(1, 131_072)),
    }),
    handle: (engine, input) => {
      const servers = engine.pools.serversOf(engine.pools.get(input.UserPoolId).id);
      const { items, next } = pageOf(servers, input.MaxResults, input.NextToken);
      return { ResourceServers: items.map(describeServer), ...(next ? { NextToken: next } : {}) };
    },
  }),
];

interface ServerInput {
  readonly UserPoolId: string;
  readonly Identifier: string;
  readonly Name: string;
  readonly Scopes: readonly { readonly ScopeName: string; readonly ScopeDescription: string }[];
}

const toServer = (input: ServerInput) => ({
  poolId: input.UserPoolId,
  identifier: input.Identifier,
  name: input.Name,
  scopes: input.Scopes,
});
