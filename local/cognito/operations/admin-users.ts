import * as v from 'valibot';
import { changeAttributes, removeAttributes } from '../attribute-changes.ts';
import { checkRequired, checkValues, toRecord } from '../attributes.ts';
import { type Call, type Engine, triggerContext } from '../engine.ts';
import { notAuthorized, unsupportedOperation, userNotFound } from '../errors.ts';
import { sendCode } from '../mail.ts';
import type { Pool, User } from '../model.ts';
import { checkPasswordPolicy, passwordPolicy, temporaryPassword } from '../passwords.ts';
import { isPasswordless, sendsSms } from '../pool-factors.ts';
import { newTemporaryPassword } from '../random.ts';
import { operation } from '../registry.ts';
import { attributeList, attributeName, map, oneOf, poolId, text, username } from '../schema.ts';
import { describeUser } from './describe.ts';
import { findUser } from './find-user.ts';
import { listUsers } from './list-users.ts';
import { describeMfa } from './mfa-preferences.ts';
import { newIdentity, newUser, takenMessage } from './sign-up.ts';

const who = { UserPoolId: poolId, Username: username };

export const adminUserOperations = [
  listUsers,
  operation('AdminCreateUser', {
    access: 'iam',
    input: v.object({
      ...who,
      UserAttributes: v.optional(attributeList, []),
      ValidationData: v.optional(attributeList),
      TemporaryPassword: v.optional(text(0, 256)),
      ForceAliasCreation: v.optional(v.boolean(), false),
      MessageAction: v.optional(oneOf('RESEND', 'SUPPRESS')),
      DesiredDeliveryMediums: v.optional(v.array(oneOf('SMS', 'EMAIL'))),
      ClientMetadata: v.optional(map),
    }),
    handle: async (engine, input, apiCall) => {
      const pool = engine.pools.get(input.UserPoolId);
      const call = { ...apiCall, pool };
      const password = firstPassword(pool, input.TemporaryPassword);
      if (input.MessageAction === 'RESEND') return resendInvitation(engine, call, input.Username, password);
      const identity = newIdentity(pool, input.Username, toRecord(input.UserAttributes));
      checkValues(pool, identity.attributes);
      const context = triggerContext(call, input.ClientMetadata);
      const validation = input.ValidationData && toRecord(input.ValidationData);
      await engine.triggers.preSignUp(context, 'AdminCreateUser', identity, validation);
      const user = newUser(engine, pool, identity, {
        status: 'CONFIRMED',
        ...(password ? temporaryPassword(engine, pool, identity.username, password) : {}),
      });
      if (!password) checkRequired(pool, user.attributes);
      if (input.ForceAliasCreation) {
        await engine.directory.releaseAliases(user, pool.settings.AliasAttributes ?? []);
      }
      await engine.directory.insert(user, existsMessage(pool, input.Username));
      if (password && input.MessageAction !== 'SUPPRESS') {
        await invite(engine, call, user, password, input.DesiredDeliveryMediums);
      }
      return { User: describeUser(user) };
    },
  }),
  operation('AdminGetUser', {
    access: 'iam',
    input: v.object(who),
    handle: (engine, input) => {
      const user = findUser(engine, input);
      const { Attributes, ...rest } = describeUser(user);
      return { ...rest, UserAttributes: Attributes, ...describeMfa(engine.pools.get(user.poolId), user) };
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

/** Where people can sign in with a code, no password is no password; elsewhere one is made up. */
function firstPassword(pool: Pool, given: string | undefined): string | undefined {
  if (!given && isPasswordless(pool)) return undefined;
  const password = given ?? newTemporaryPassword(passwordPolicy(pool).MinimumLength ?? 8);
  checkPasswordPolicy(pool, password);
  return password;
}

/** By every medium asked for that leads anywhere. AWS's default is SMS; a pool that sends none falls back to e-mail. */
async function invite(
  engine: Engine,
  call: Call & { pool: Pool },
  user: User,
  password: string,
  mediums: readonly ('SMS' | 'EMAIL')[] | undefined,
): Promise<void> {
  const wanted = mediums ?? [sendsSms(call.pool.settings) && user.attributes.phone_number ? 'SMS' : 'EMAIL'];
  for (const medium of wanted) {
    const attribute = medium === 'SMS' ? 'phone_number' : 'email';
    const destination = user.attributes[attribute];
    if (!destination) continue;
    await sendCode(engine, call, user, { source: 'AdminCreateUser', attribute, destination, code: password });
  }
}

async function resendInvitation(
  engine: Engine,
  call: Call & { pool: Pool },
  name: string,
  password: string | undefined,
) {
  const user = engine.directory.find(call.pool.id, name);
  if (!user) throw userNotFound();
  if (user.status !== 'FORCE_CHANGE_PASSWORD' || !password) {
    throw unsupportedOperation(`Resend not possible. ${user.username} status is not FORCE_CHANGE_PASSWORD`);
  }
  const change = temporaryPassword(engine, call.pool, user.username, password);
  const renewed = await engine.directory.update(user, () => ({ ...change, ...touched(engine) }));
  await invite(engine, call, renewed, password, undefined);
  return { User: describeUser(renewed) };
}
