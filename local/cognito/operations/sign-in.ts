import * as v from 'valibot';
import { AwsError } from '../../platform.ts';
import { answerChallenge } from '../auth/challenges.ts';
import { startSignIn } from '../auth/flows.ts';
import { checkSecret } from '../client-secret.ts';
import { type Call, clientCall, type Engine } from '../engine.ts';
import { unsupportedOperation } from '../errors.ts';
import { operation } from '../registry.ts';
import { accessToken, anything, clientId, map, poolId, text, userContext, username } from '../schema.ts';
import { signedIn } from '../tokens/access.ts';
import { refreshSession } from '../tokens/refresh.ts';
import { findUser } from './find-user.ts';

const start = {
  AuthFlow: text(1, 64),
  AuthParameters: v.optional(map, {}),
  ClientId: clientId,
  ClientMetadata: v.optional(map),
  AnalyticsMetadata: anything,
};

const answer = {
  ChallengeName: text(1, 64),
  ChallengeResponses: v.optional(map, {}),
  ClientId: clientId,
  ClientMetadata: v.optional(map),
  Session: v.optional(text(20, 20_000)),
  AnalyticsMetadata: anything,
};

const unavailable = 'step-up (TARGET_ACR_VALUES, MAX_AGE, ACCESS_TOKEN)';

interface StartInput {
  readonly AuthFlow: string;
  readonly AuthParameters: Record<string, string>;
  readonly ClientId: string;
  readonly ClientMetadata?: Record<string, string>;
  readonly UserPoolId?: string;
  readonly Session?: string;
}

const begin = (engine: Engine, input: StartInput, call: Call) =>
  startSignIn(
    engine,
    {
      ...clientCall(engine, call, input.ClientId, input.UserPoolId),
      parameters: input.AuthParameters,
      ...(input.ClientMetadata ? { clientMetadata: input.ClientMetadata } : {}),
      ...(input.AuthParameters.DEVICE_KEY ? { deviceKey: input.AuthParameters.DEVICE_KEY } : {}),
      ...(input.Session ? { session: input.Session } : {}),
    },
    input.AuthFlow,
  );

interface AnswerInput {
  readonly ChallengeName: string;
  readonly ChallengeResponses: Record<string, string>;
  readonly ClientId: string;
  readonly ClientMetadata?: Record<string, string>;
  readonly UserPoolId?: string;
  readonly Session?: string;
}

const respond = (engine: Engine, input: AnswerInput, call: Call) =>
  answerChallenge(
    engine,
    {
      ...clientCall(engine, call, input.ClientId, input.UserPoolId),
      parameters: input.ChallengeResponses,
      ...(input.ClientMetadata ? { clientMetadata: input.ClientMetadata } : {}),
    },
    input.ChallengeName,
    input.Session,
  );

export const signInOperations = [
  operation('InitiateAuth', {
    access: 'public',
    missing: unavailable,
    input: v.object({ ...start, UserContextData: userContext, Session: v.optional(v.string()) }),
    handle: begin,
  }),
  operation('AdminInitiateAuth', {
    access: 'iam',
    missing: unavailable,
    input: v.object({ ...start, UserPoolId: poolId, ContextData: anything, Session: v.optional(v.string()) }),
    handle: begin,
  }),
  operation('RespondToAuthChallenge', {
    access: 'public',
    missing: unavailable,
    input: v.object({ ...answer, UserContextData: userContext }),
    handle: respond,
  }),
  operation('AdminRespondToAuthChallenge', {
    access: 'iam',
    missing: unavailable,
    input: v.object({ ...answer, UserPoolId: poolId, ContextData: anything }),
    handle: respond,
  }),
  operation('GetTokensFromRefreshToken', {
    access: 'public',
    input: v.object({
      RefreshToken: text(1, 20_000),
      ClientId: clientId,
      ClientSecret: v.optional(text(1, 64)),
      DeviceKey: v.optional(text(1, 55)),
      ClientMetadata: v.optional(map),
    }),
    handle: async (engine, input, call) => ({
      AuthenticationResult: await refreshSession(
        engine,
        clientCall(engine, call, input.ClientId),
        input.RefreshToken,
        {
          rotating: true,
          clientSecret: input.ClientSecret,
          clientMetadata: input.ClientMetadata,
          deviceKey: input.DeviceKey,
        },
      ),
    }),
  }),
  operation('RevokeToken', {
    access: 'public',
    input: v.object({
      Token: text(1, 20_000),
      ClientId: clientId,
      ClientSecret: v.optional(text(1, 64)),
    }),
    handle: async (engine, input) => {
      const client = engine.pools.client(input.ClientId);
      checkSecret(client, input.ClientSecret);
      if (client.settings.EnableTokenRevocation === false) {
        throw unsupportedOperation('Token revocation is not enabled for this client.');
      }
      const isJwt = input.Token.split('.').length === 3;
      if (isJwt) throw new AwsError('UnsupportedTokenTypeException', 'Unsupported token type');
      const family = engine.families.familyOf(input.Token);
      if (family && family.clientId !== client.id) {
        throw new AwsError('UnauthorizedException', 'Client is not authorized to revoke this token');
      }
      // A token that means nothing is as good as revoked (RFC 7009, section 2.2).
      if (family) await engine.families.revoke(family);
      return {};
    },
  }),
  operation('GlobalSignOut', {
    access: 'token',
    input: v.object({ AccessToken: accessToken }),
    handle: async (engine, input, call) => {
      const { pool, user } = signedIn(engine, call, input.AccessToken);
      await engine.families.revokeUser(pool.id, user.sub);
      return {};
    },
  }),
  operation('AdminUserGlobalSignOut', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId, Username: username }),
    handle: async (engine, input) => {
      const user = findUser(engine, input);
      await engine.families.revokeUser(user.poolId, user.sub);
      return {};
    },
  }),
];
