import * as v from 'valibot';
import type { Engine } from '../engine.ts';
import { pageOf } from '../pages.ts';
import { operation } from '../registry.ts';
import { accessToken, clientId, integer, oneOf, poolId, text, username } from '../schema.ts';
import { requireTier } from '../tier.ts';
import { signedIn } from '../tokens/access.ts';
import { listSessions, revokeSession, sessionSettings } from '../tokens/user-sessions.ts';
import { findUser } from './find-user.ts';

const token = { NextToken: v.optional(text(1, 131_072)) };
const admin = { UserPoolId: poolId, Username: username };
const which = {
  SessionId: text(28, 28, /^(tkn|sso)[0-9a-z]+$/),
  RevokeAssociatedSessions: v.optional(oneOf('NONE', 'LINKED'), 'NONE'),
};
const client = { UserPoolId: poolId, ClientId: clientId };
const pageSize = 60;
/** Minutes. */
const clientDefault = { MaxValidityMinutes: 60 };
const withoutSso = 'sessions of the managed login pages';

/** Sessions of users: what a pool tracks, and what users and administrators see and end of it. */
export const userSessionOperations = [
  operation('SetUserPoolSessionConfiguration', {
    access: 'iam',
    input: v.object({
      UserPoolId: poolId,
      UserSessionTracking: oneOf('ENABLED', 'DISABLED'),
      TokenSession: v.object({ MaxPerUser: integer(1, 100) }),
    }),
    handle: async (engine, { UserPoolId, ...settings }) => {
      requireTier(engine.pools.get(UserPoolId), 'ESSENTIALS', 'Session tracking');
      await engine.configurations.put(UserPoolId, 'sessions', settings);
      return { UserPoolId, ...settings };
    },
  }),
  operation('GetUserPoolSessionConfiguration', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId }),
    handle: (engine, { UserPoolId }) => {
      engine.pools.get(UserPoolId);
      return { UserPoolId, ...sessionSettings(engine, UserPoolId) };
    },
  }),
  operation('SetUserPoolClientSessionConfiguration', {
    access: 'iam',
    missing: 'an effect on the managed login pages',
    input: v.object({ ...client, SSOSession: v.object({ MaxValidityMinutes: integer(0, 129_600) }) }),
    handle: async (engine, { UserPoolId, ClientId, SSOSession }) => {
      requireTier(engine.pools.get(UserPoolId), 'ESSENTIALS', 'Session tracking');
      engine.pools.client(ClientId, UserPoolId);
      await engine.configurations.put(UserPoolId, 'client-sessions', SSOSession, ClientId);
      return { UserPoolId, ClientId, SSOSession };
    },
  }),
  operation('GetUserPoolClientSessionConfiguration', {
    access: 'iam',
    input: v.object(client),
    handle: (engine, { UserPoolId, ClientId }) => {
      engine.pools.client(ClientId, engine.pools.get(UserPoolId).id);
      const SSOSession = engine.configurations.find(UserPoolId, 'client-sessions', ClientId)?.value;
      return { UserPoolId, ClientId, SSOSession: SSOSession ?? clientDefault };
    },
  }),
  operation('ListUserSessions', {
    access: 'token',
    missing: withoutSso,
    input: v.object({ AccessToken: accessToken, ...token }),
    handle: (engine: Engine, input, call) => {
      const { user, originJti } = signedIn(engine, call, input.AccessToken);
      return paged(listSessions(engine, user, originJti), input.NextToken);
    },
  }),
  operation('AdminListUserSessions', {
    access: 'iam',
    missing: withoutSso,
    input: v.object({ ...admin, ...token }),
    handle: (engine, input) => paged(listSessions(engine, findUser(engine, input)), input.NextToken),
  }),
  operation('RevokeUserSession', {
    access: 'token',
    missing: withoutSso,
    input: v.object({ AccessToken: accessToken, ...which }),
    handle: async (engine, input, call) => {
      const { user, originJti } = signedIn(engine, call, input.AccessToken);
      await revokeSession(engine, user, input.SessionId, originJti);
      return {};
    },
  }),
  operation('AdminRevokeUserSession', {
    access: 'iam',
    missing: withoutSso,
    input: v.object({ ...admin, ...which }),
    handle: async (engine, input) => {
      await revokeSession(engine, findUser(engine, input), input.SessionId);
      return {};
    },
  }),
];

function paged(sessions: readonly object[], nextToken: string | undefined) {
  const { items, next } = pageOf(sessions, pageSize, nextToken);
  return { Sessions: items, ...(next ? { NextToken: next } : {}) };
}
