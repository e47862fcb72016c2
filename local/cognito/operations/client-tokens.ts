import * as v from 'valibot';
import { isSecretOf } from '../client-secret.ts';
import { clientCall, type Engine } from '../engine.ts';
import { invalidParameter, notAuthorized } from '../errors.ts';
import type { Client } from '../model.ts';
import { machineToken } from '../oauth/machine-tokens.ts';
import { operation } from '../registry.ts';
import { clientId, map, text } from '../schema.ts';

const flow = 'ALLOW_CLIENT_TOKEN_AUTH';

export const clientTokenOperations = [
  operation('GetClientToken', {
    access: 'public',
    input: v.object({
      ClientId: clientId,
      Secret: text(1, 64),
      Scopes: v.optional(v.array(text(1, 256))),
      ClientMetadata: v.optional(map),
    }),
    handle: async (engine, input, apiCall) => {
      const call = clientCall(engine, apiCall, input.ClientId);
      const { client } = call;
      if (!client.settings.ExplicitAuthFlows?.includes(flow)) {
        throw invalidParameter('Client token authentication is not enabled for this client');
      }
      if (!isSecretOf(client, input.Secret)) {
        throw notAuthorized(`Unable to verify secret for client ${client.id}`);
      }
      const scopes = input.Scopes?.length ? input.Scopes : allowedScopes(client);
      refuseUnknownScopes(engine, client, scopes);
      const { token, expiresIn } = await machineToken(engine, call, scopes, input.ClientMetadata);
      return {
        ClientAuthenticationResult: { AccessToken: token, ExpiresIn: expiresIn, TokenType: 'Bearer' },
      };
    },
  }),
];

const allowedScopes = ({ settings }: Client): readonly string[] => {
  const scopes = settings.AllowedOAuthScopes;
  return Array.isArray(scopes) ? scopes.map(String) : [];
};

/** Scopes of the pool's resource servers, and only those that the client was given. */
function refuseUnknownScopes(engine: Engine, client: Client, scopes: readonly string[]): void {
  const known = engine.pools
    .serversOf(client.poolId)
    .flatMap(({ identifier, scopes: own }) => own.map(({ ScopeName }) => `${identifier}/${ScopeName}`));
  const allowed = allowedScopes(client);
  const refused = scopes.some((scope) => !known.includes(scope) || !allowed.includes(scope));
  if (scopes.length === 0 || refused) throw invalidParameter('Invalid scope requested');
}
