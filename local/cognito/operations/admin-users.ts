import * as v from 'valibot';
import { changeAttributes, removeAttributes } from '../attribute-changes.ts';
import { checkValues, toRecord } from '../attributes.ts';
import { type Call, type Engine, triggerContext } from '../engine.ts';
import { notAuthorized, unsupportedOperation, userNotFound } from '../errors.ts';
import { sendCode } from '../mail.ts';
import type { Pool, User } from '../model.ts';
import { checkPasswordPolicy, passwordPolicy, temporaryPassword } from '../passwords.ts';
import { newTemporaryPassword } from '../random.ts';
import { operation } from '../registry.ts';
import { attributeList, attributeName, map, oneOf, poolId, text, username } from '../schema.ts';
import { describeUser } from './describe.ts';
import { findUser } from './find-user.ts';
import { listUsers } from './list-users.ts';
import { newIdentity, newUser, takenMessage } from './sign-up.ts';

const who = { UserPoolId: poolId, Username: username };

export const adminUserOperations = [
  listUsers,
  operation('AdminCreateUser', {
    access: 'iam',
    missing: 'SMS, users without a password',
    input: v.object({
      ...who,
      UserAttributes: v.optional(attributeList, []),
      ValidationData: v.optional(attributeList),
      TemporaryPassword: v.optional(text(1, 256)),
      ForceAliasCreation: v.optional(v.boolean(), false),
      MessageAction: v.optional(oneOf('RESEND', 'SUPPRESS')),
      DesiredDeliveryMediums: v.optional(v.array(oneOf('SMS', 'EMAIL'))),
      ClientMetadata: v.optional(map),
    }),
    handle: async (engine, input, apiCall) => {
      const pool = engine.pools.get(input.UserPoolId);
      const call = { ...apiCall, pool };
      const password =
        input.TemporaryPassword ?? newTemporaryPassword(passwordPolicy(pool).MinimumLength ?? 8);
      checkPasswordPolicy(pool, password);
      if (input.MessageAction === 'RESEND') return resendInvitation(engine, call, input.Username, password);
      const identity = newIdentity(pool, input.Username, toRecord(input.UserAttributes));
      checkValues(pool, identity.attributes);
      const context = triggerContext(call, input.ClientMetadata);
      const validation = input.ValidationData && toRecord(input.ValidationData);
      await engine.triggers.preSignUp(context, 'AdminCreateUser', identity, validation);
      const user = newUser(engine, pool, identity, {
        status: 'FORCE_CHANGE_PASSWORD',
        ...temporaryPassword(engine, pool, identity.username, password),
      });
      if (input.ForceAliasCreation) {
        await engine.directory.releaseAliases(user, pool.settings.AliasAttributes ?? []);
      }
      await engine.directory.insert(user, existsMessage(pool, input.Username));
      if (input.MessageAction !== 'SUPPRESS') await invite(engine, call, user, password);
      return { User: describeUser(user) };
    },
  }),
  operation('AdminGetUser', {
    access: 'iam',
    missing: 'MFA settings',
    input: v.object(who),
    handle: (engine, input) => {
      const { Attributes, ...rest } = describeUser(findUser(engine, input));
      return { ...rest, UserAttributes: Attributes };
    },
  }),
  operation('AdminDeleteUser', {
    access: 'iam',
    input: v.object(who),
    handle: async (engine, input) => {
      const user = findUser(engine, input);
      await engine.families.revokeUser(user.poolId, user.sub);
      await engine.directory.remove(user);
      return {};
    },
  }),
  operation('AdminEnableUser', {
    access: 'iam',
    input: v.object(who),
    handle: async (engine, input) => {
      await engine.directory.update(findUser(engine, input), () => ({ ...touched(engine), enabled: true }));
      return {};
    },
  }),
  operation('AdminDisableUser', {
    access: 'iam',
    input: v.object(who),
    handle: async (engine, input) => {
      const user = await engine.directory.update(findUser(engine, input), () => ({
        ...touched(engine),
        enabled: false,
      }));
      await engine.families.revokeUser(user.poolId, user.sub);
      return {};
    },
  }),
  operation('AdminConfirmSignUp', {
    access: 'iam',
    input: v.object({ ...who, ClientMetadata: v.optional(map) }),
    handle: async (engine, input, apiCall) => {
      const pool = engine.pools.get(input.UserPoolId);
      const confirmed = await engine.directory.update(findUser(engine, input), (current) => {
        if (current.status === 'UNCONFIRMED') return { ...touched(engine), status: 'CONFIRMED' };
        throw notAuthorized(`User cannot be confirmed. Current status is ${current.status}`);
      });
      const context = triggerContext({ ...apiCall, pool }, input.ClientMetadata);
      await engine.triggers.postConfirmation(context, 'ConfirmSignUp', confirmed);
      return {};
    },
  }),
  operation('AdminUpdateUserAttributes', {
    access: 'iam',
    missing: 'SMS',
    input: v.object({ ...who, UserAttributes: attributeList, ClientMetadata: v.optional(map) }),
    handle: async (engine, input, apiCall) => {
      const pool = engine.pools.get(input.UserPoolId);
      const user = findUser(engine, input);
      const values = toRecord(input.UserAttributes);
      checkValues(pool, values, user.attributes);
      await changeAttributes(engine, { ...apiCall, pool }, user, values, input.ClientMetadata);
      return {};
    },
  }),
  operation('AdminDeleteUserAttributes', {
    access: 'iam',
    input: v.object({ ...who, UserAttributeNames: v.array(attributeName) }),
    handle: async (engine, input) => {
      const pool = engine.pools.get(input.UserPoolId);
      await removeAttributes(engine, pool, findUser(engine, input), input.UserAttributeNames);
      return {};
    },
  }),
];

const touched = (engine: Engine) => ({ updatedAt: engine.cloud.clock.now() });

const existsMessage = (pool: Pool, name: string): string =>
  (pool.settings.UsernameAttributes ?? []).length > 0
    ? takenMessage(pool, name)
    : 'User account already exists';

/** Without an e-mail address there is nowhere the local cloud could send it to. */
async function invite(
  engine: Engine,
  call: Call & { pool: Pool },
  user: User,
  password: string,
): Promise<void> {
  const destination = user.attributes.email;
  if (!destination) return;
  const message = { source: 'AdminCreateUser' as const, attribute: 'email', destination, code: password };
  await sendCode(engine, call, user, message);
}

async function resendInvitation(engine: Engine, call: Call & { pool: Pool }, name: string, password: string) {
  const user = engine.directory.find(call.pool.id, name);
  if (!user) throw userNotFound();
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw unsupportedOperation(`Resend not possible. ${user.username} status is not FORCE_CHANGE_PASSWORD`);
  }
  const change = temporaryPassword(engine, call.pool, user.username, password);
  const renewed = await engine.directory.update(user, () => ({ ...change, ...touched(engine) }));
  await invite(engine, call, renewed, password);
  return { User: describeUser(renewed) };
}
