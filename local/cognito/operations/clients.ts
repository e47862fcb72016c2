import * as v from 'valibot';
import { clientSettings, putClient } from '../client-settings.ts';
import type { ClientSettings } from '../model.ts';
import { pageOf } from '../pages.ts';
import { newClientId } from '../random.ts';
import { operation } from '../registry.ts';
import { clientId, integer, poolId, text } from '../schema.ts';
import { describeClient } from './describe.ts';

const which = { UserPoolId: poolId, ClientId: clientId };

export const clientOperations = [
  operation('CreateUserPoolClient', {
    access: 'iam',
    missing: 'the implicit grant',
    input: v.looseObject({
      UserPoolId: poolId,
      ...clientSettings,
      ClientName: text(1, 128),
      GenerateSecret: v.optional(v.boolean(), false),
    }),
    handle: async (engine, { UserPoolId, ClientName, GenerateSecret, ...settings }) => {
      const client = await putClient(engine, UserPoolId, newClientId(), {
        name: ClientName,
        generateSecret: GenerateSecret,
        settings: settings as ClientSettings,
      });
      return { UserPoolClient: describeClient(client) };
    },
  }),
  operation('UpdateUserPoolClient', {
    access: 'iam',
    missing: 'the implicit grant',
    input: v.looseObject({ ...which, ...clientSettings }),
    handle: async (engine, { UserPoolId, ClientId, ClientName, ...settings }) => {
      const existing = engine.pools.client(ClientId, UserPoolId);
      const client = await putClient(engine, UserPoolId, ClientId, {
        name: ClientName ?? existing.name,
        generateSecret: false,
        settings: settings as ClientSettings,
      });
      return { UserPoolClient: describeClient(client) };
    },
  }),
  operation('DescribeUserPoolClient', {
    access: 'iam',
    input: v.object(which),
    handle: (engine, input) => {
      engine.pools.get(input.UserPoolId);
      return { UserPoolClient: describeClient(engine.pools.client(input.ClientId, input.UserPoolId)) };
    },
  }),
  operation('DeleteUserPoolClient', {
    access: 'iam',
    input: v.object(which),
    handle: async (engine, input) => {
      engine.pools.get(input.UserPoolId);
      await engine.pools.removeClient(engine.pools.client(input.ClientId, input.UserPoolId).id);
      return {};
    },
  }),
  operation('ListUserPoolClients', {
    access: 'iam',
    input: v.object({
      UserPoolId: poolId,
      MaxResults: v.optional(integer(1, 60), 60),
      NextToken: v.optional(text(1, 131_072)),
    }),
    handle: (engine, input) => {
      const clients = engine.pools.clientsOf(engine.pools.get(input.UserPoolId).id);
      const { items, next } = pageOf(clients, input.MaxResults, input.NextToken);
      const summaries = items.map(({ id, name }) => ({
        ClientId: id,
        ClientName: name,
        UserPoolId: input.UserPoolId,
      }));
      return { UserPoolClients: summaries, ...(next ? { NextToken: next } : {}) };
    },
  }),
];
