import * as v from 'valibot';
import { migrateUser } from '../auth/migrate.ts';
import { counterName } from '../auth/subject.ts';
import { checkSecretHash } from '../client-secret.ts';
import { checkCode, issueCode, withoutCode } from '../codes.ts';
import {
  type Call,
  type ClientCall,
  clientCall,
  type Engine,
  hidesUsers,
  srpPoolName,
  triggerContext,
} from '../engine.ts';
import {
  codeMismatch,
  invalidParameter,
  notAuthorized,
  userDisabled,
  userNotConfirmed,
  userNotFound,
  wrongCredentials,
} from '../errors.ts';
import { type CodeDelivery, sendCode } from '../mail.ts';
import type { Client, Pool, User } from '../model.ts';
import { checkPasswordPolicy, newPassword, temporaryPassword } from '../passwords.ts';
import { recoveryAddress } from '../recovery.ts';
import { operation } from '../registry.ts';
import {
  accessToken,
  anything,
  clientId,
  confirmationCode,
  map,
  poolId,
  secretHash,
  text,
  userContext,
  username,
} from '../schema.ts';
import { passwordMatches } from '../srp.ts';
import { signedIn } from '../tokens/access.ts';
import type { StringMap } from '../triggers/triggers.ts';
import { findUser } from './find-user.ts';
import { simulatedDelivery } from './sign-up.ts';

const password = text(1, 256);
const common = {
  ClientId: clientId,
  SecretHash: v.optional(secretHash),
  Username: username,
  UserContextData: userContext,
  AnalyticsMetadata: anything,
  ClientMetadata: v.optional(map),
};

export const passwordOperations = [
  operation('ForgotPassword', {
    access: 'public',
    missing: 'the hourly limit does not depend on risk',
    input: v.object(common),
    handle: async (engine, input, apiCall) => {
      const call = clientCall(engine, apiCall, input.ClientId);
      const { pool, client } = call;
      checkSecretHash(client, input.SecretHash, [input.Username]);
      await engine.limits.take('ForgotPassword', pool.id, counterName(engine, pool, input.Username));
      const user = await findOrMigrate(engine, call, input.Username, input.ClientMetadata);
      const refusal = user && recoveryRefusal(pool, user);
      if (user && !refusal) {
        return { CodeDeliveryDetails: await sendReset(engine, call, user, input.ClientMetadata) };
      }
      if (!hidesUsers(client)) throw refusal ?? userNotFound();
      return { CodeDeliveryDetails: simulatedDelivery(input.Username) };
    },
  }),
  operation('ConfirmForgotPassword', {
    access: 'public',
    missing: 'the hourly limit does not depend on risk',
    input: v.object({ ...common, ConfirmationCode: confirmationCode, Password: password }),
    handle: async (engine, input, apiCall) => {
      const call = clientCall(engine, apiCall, input.ClientId);
      const { pool, client } = call;
      checkSecretHash(client, input.SecretHash, [input.Username]);
      const counted = engine.limits.take(
        'ConfirmForgotPassword',
        pool.id,
        counterName(engine, pool, input.Username),
      );
      const user = engine.directory.find(pool.id, input.Username);
      checkPasswordPolicy(pool, input.Password);
      if (!user?.enabled) throw hidesUsers(client) ? codeMismatch() : user ? userDisabled() : userNotFound();
      if (user.status === 'UNCONFIRMED') throw userNotConfirmed();
      const { attribute } = checkCode(engine, user, 'forgot-password', input.ConfirmationCode);
      const reset = await engine.directory.update(user, (current) => ({
        ...withoutCode(current, 'forgot-password'),
        ...newPassword(pool, current, input.Password),
        status: 'CONFIRMED',
        // The code arrived there, so the address is theirs.
        attributes: { ...current.attributes, [`${attribute}_verified`]: 'true' },
        updatedAt: engine.cloud.clock.now(),
      }));
      await Promise.all([counted, engine.limits.passwordProven(pool.id, user.sub)]);
      const context = triggerContext(call, input.ClientMetadata);
      await engine.triggers.postConfirmation(context, 'ConfirmForgotPassword', reset);
      return {};
    },
  }),
  operation('ChangePassword', {
    access: 'token',
    input: v.object({
      AccessToken: accessToken,
      PreviousPassword: v.optional(password),
      ProposedPassword: password,
    }),
    handle: async (engine, input, apiCall) => {
      const { pool, user } = signedIn(engine, apiCall, input.AccessToken);
      const counted = engine.limits.take('ChangePassword', pool.id, user.sub);
      engine.limits.refuseLocked(pool.id, user.sub);
      if (user.password && !matches(pool, user, input.PreviousPassword ?? '')) {
        await engine.limits.passwordFailed(pool.id, user.sub);
        throw wrongCredentials();
      }
      checkPasswordPolicy(pool, input.ProposedPassword);
      await setPassword(engine, pool, user, input.ProposedPassword);
      await counted;
      return {};
    },
  }),
  operation('AdminSetUserPassword', {
    access: 'iam',
    input: v.object({
      UserPoolId: poolId,
      Username: username,
      Password: password,
      Permanent: v.optional(v.boolean(), false),
    }),
    handle: async (engine, input) => {
      const user = findUser(engine, input);
      const pool = engine.pools.get(input.UserPoolId);
      checkPasswordPolicy(pool, input.Password);
      if (input.Permanent) await setPassword(engine, pool, user, input.Password);
      else {
        const change = temporaryPassword(engine, pool, user.username, input.Password);
        await engine.directory.update(user, () => ({ ...change, updatedAt: engine.cloud.clock.now() }));
      }
      await engine.limits.passwordProven(pool.id, user.sub);
      return {};
    },
  }),
  operation('AdminResetUserPassword', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId, Username: username, ClientMetadata: v.optional(map) }),
    handle: async (engine, input, apiCall) => {
      const user = findUser(engine, input);
      const pool = engine.pools.get(input.UserPoolId);
      const refusal = recoveryRefusal(pool, user);
      if (refusal) throw refusal;
      const reset = await engine.directory.update(user, () => ({ status: 'RESET_REQUIRED' }));
      await sendReset(engine, { ...apiCall, pool }, reset, input.ClientMetadata);
      return {};
    },
  }),
];

const matches = (pool: Pool, user: User, given: string): boolean =>
  user.password !== undefined && passwordMatches(user.password, srpPoolName(pool.id), user.username, given);

const setPassword = (engine: Engine, pool: Pool, user: User, given: string): Promise<User> =>
  engine.directory.update(user, (current) => ({
    ...newPassword(pool, current, given),
    status: 'CONFIRMED',
    updatedAt: engine.cloud.clock.now(),
  }));

function recoveryRefusal(pool: Pool, user: User) {
  if (!user.enabled) return userDisabled();
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    return notAuthorized('User password cannot be reset in the current state.');
  }
  if (recoveryAddress(pool, user)) return undefined;
  return invalidParameter(
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  );
}

async function sendReset(
  engine: Engine,
  call: Call & { pool: Pool; client?: Client },
  user: User,
  clientMetadata: StringMap | undefined,
): Promise<CodeDelivery> {
  const attribute = recoveryAddress(call.pool, user) ?? 'email';
  const to = { attribute, destination: user.attributes[attribute] ?? '' };
  const code = await issueCode(engine, user, 'forgot-password', to);
  return sendCode(engine, call, user, { source: 'ForgotPassword', ...to, code, clientMetadata });
}

async function findOrMigrate(
  engine: Engine,
  call: ClientCall,
  name: string,
  clientMetadata: StringMap | undefined,
): Promise<User | undefined> {
  const user = engine.directory.find(call.pool.id, name);
  if (user || !engine.triggers.has(call.pool, 'UserMigration')) return user;
  const context = triggerContext(call, clientMetadata);
  const migration = await engine.triggers.userMigration(context, 'ForgotPassword', name, {});
  return migration && migrateUser(engine, call.pool, name, migration);
}
