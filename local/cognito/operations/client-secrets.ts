import * as v from 'valibot';
import { AwsError } from '../../platform.ts';
import { secretIdOf, secretsOf } from '../client-secret.ts';
import { timestamp } from '../engine.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import type { Client, ClientSecret } from '../model.ts';
import { pageOf } from '../pages.ts';
import { newClientSecret } from '../random.ts';
import { operation } from '../registry.ts';
import { clientId, poolId, text } from '../schema.ts';

const which = { UserPoolId: poolId, ClientId: clientId };
const maxSecrets = 2;

/** Two secrets of one client, so that one can be replaced while the other is in use. */
export const clientSecretOperations = [
  operation('AddUserPoolClientSecret', {
    access: 'iam',
    missing: 'the second secret at the token and revocation endpoints',
    input: v.object({ ...which, ClientSecret: v.optional(text(24, 64, /^[\w+]+$/)) }),
    handle: async (engine, input) => {
      const client = engine.pools.client(input.ClientId, engine.pools.get(input.UserPoolId).id);
      const secrets = secretsOf(client);
      if (secrets.length === 0) throw invalidParameter('The app client has no client secret.');
      if (secrets.length >= maxSecrets) {
        throw new AwsError('LimitExceededException', `An app client can have ${maxSecrets} client secrets.`);
      }
      const createdAt = engine.cloud.clock.now();
      const added = { value: input.ClientSecret ?? newClientSecret(), createdAt };
      if (secrets.some((secret) => secretIdOf(client, secret) === secretIdOf(client, added))) {
        throw new AwsError('TooManyRequestsException', 'A client secret was added less than a second ago.');
      }
      await engine.pools.putClient(withSecrets(client, [...secrets, added]));
      const descriptor = described(client, added);
      return {
        ClientSecretDescriptor: input.ClientSecret
          ? descriptor
          : { ...descriptor, ClientSecretValue: added.value },
      };
    },
  }),
  operation('ListUserPoolClientSecrets', {
    access: 'iam',
    input: v.object({ ...which, NextToken: v.optional(text(1, 131_072)) }),
    handle: (engine, input) => {
      const client = engine.pools.client(input.ClientId, engine.pools.get(input.UserPoolId).id);
      const { items } = pageOf(secretsOf(client), maxSecrets, input.NextToken);
      return { ClientSecrets: items.map((secret) => described(client, secret)) };
    },
  }),
  operation('DeleteUserPoolClientSecret', {
    access: 'iam',
    input: v.object({ ...which, ClientSecretId: text(1, 256) }),
    handle: async (engine, input) => {
      const client = engine.pools.client(input.ClientId, engine.pools.get(input.UserPoolId).id);
      const secrets = secretsOf(client);
      const kept = secrets.filter((secret) => secretIdOf(client, secret) !== input.ClientSecretId);
      if (kept.length === secrets.length) throw resourceNotFound('Client secret does not exist.');
      if (kept.length === 0) throw invalidParameter('The last client secret cannot be deleted.');
      await engine.pools.putClient(withSecrets(client, kept));
      return {};
    },
  }),
];

/** The oldest is the one that describing the client shows. */
const withSecrets = (client: Client, secrets: readonly ClientSecret[]): Client => ({
  ...client,
  ...(secrets[0] ? { secret: secrets[0].value } : {}),
  secrets,
});

const described = (client: Client, secret: ClientSecret) => ({
  ClientSecretId: secretIdOf(client, secret),
  ClientSecretCreateDate: timestamp(secret.createdAt),
});
