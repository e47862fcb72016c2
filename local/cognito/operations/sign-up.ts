import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import {
  checkRequired,
  checkValues,
  checkWritable,
  looksLikeEmail,
  looksLikePhone,
  toRecord,
} from '../attributes.ts';
import { firstSignInSession, goesOnAsSignIn, openSignUp, signUpSession } from '../auth/first-sign-in.ts';
import { counterName } from '../auth/subject.ts';
import { checkSecretHash } from '../client-secret.ts';
import { checkCode, issueCode, withoutCode } from '../codes.ts';
import {
  type ClientCall,
  clientCall,
  type Engine,
  hidesUsers,
  srpPoolName,
  triggerContext,
} from '../engine.ts';
import {
  aliasExists,
  codeMismatch,
  invalidParameter,
  notAuthorized,
  userNotFound,
  usernameExists,
} from '../errors.ts';
import { type CodeDelivery, deliveryTo, sendCode } from '../mail.ts';
import type { MessageSource } from '../message.ts';
import type { Pool, User } from '../model.ts';
import { chosenPassword } from '../passwords.ts';
import { operation } from '../registry.ts';
import {
  anything,
  attributeList,
  clientId,
  confirmationCode,
  map,
  secretHash,
  text,
  userContext,
  username,
} from '../schema.ts';
import { newPasswordVerifier } from '../srp.ts';
import type { StringMap } from '../triggers/triggers.ts';

const common = {
  ClientId: clientId,
  SecretHash: v.optional(secretHash),
  Username: username,
  UserContextData: userContext,
  AnalyticsMetadata: anything,
  ClientMetadata: v.optional(map),
};

export const signUpOperations = [
  operation('SignUp', {
    access: 'public',
    input: v.object({
      ...common,
      Password: v.optional(text(0, 256)),
      UserAttributes: v.optional(attributeList, []),
      ValidationData: v.optional(attributeList),
    }),
    handle: async (engine, input, apiCall) => {
      const call = clientCall(engine, apiCall, input.ClientId);
      const { pool, client } = call;
      checkSecretHash(client, input.SecretHash, [input.Username]);
      if (pool.settings.AdminCreateUserConfig?.AllowAdminCreateUserOnly) {
        throw notAuthorized('SignUp is not permitted for this user pool');
      }
      const identity = newIdentity(pool, input.Username, toRecord(input.UserAttributes));
      checkWritable(
        client,
        input.UserAttributes.map(({ Name }) => Name),
      );
      checkValues(pool, identity.attributes);
      checkRequired(pool, identity.attributes);
      const password = chosenPassword(pool, input.Password);
      refuseTaken(engine, pool, identity, input.Username);
      const context = triggerContext(call, input.ClientMetadata);
      const validation = input.ValidationData && toRecord(input.ValidationData);
      const flags = await engine.triggers.preSignUp(context, 'SignUp', identity, validation);
      const user = newUser(engine, pool, identity, {
        status: flags.autoConfirmUser ? 'CONFIRMED' : 'UNCONFIRMED',
        ...(password
          ? { password: newPasswordVerifier(srpPoolName(pool.id), identity.username, password) }
          : {}),
      });
      const verified = withVerified(user, flags);
      await engine.directory.releaseAliases(verified, aliasesVerified(pool, verified));
      await engine.directory.insert(verified, takenMessage(pool, input.Username));
      if (flags.autoConfirmUser) {
        await engine.triggers.postConfirmation(context, 'ConfirmSignUp', verified);
        return { UserConfirmed: true, UserSub: verified.sub };
      }
      const delivery = await sendConfirmation(engine, call, verified, 'SignUp', input.ClientMetadata);
      return {
        UserConfirmed: false,
        UserSub: verified.sub,
        ...(delivery ? { CodeDeliveryDetails: delivery } : {}),
        ...(delivery && goesOnAsSignIn(call)
          ? { Session: signUpSession(engine, call, verified, input.Username) }
          : {}),
      };
    },
  }),
  operation('ConfirmSignUp', {
    access: 'public',
    input: v.object({
      ...common,
      ConfirmationCode: confirmationCode,
      ForceAliasCreation: v.optional(v.boolean(), false),
      Session: v.optional(v.string()),
    }),
    handle: async (engine, input, apiCall) => {
      const call = clientCall(engine, apiCall, input.ClientId);
      const { pool, client } = call;
      checkSecretHash(client, input.SecretHash, [input.Username]);
      const counted = engine.limits.take('ConfirmSignUp', pool.id, counterName(engine, pool, input.Username));
      const user = engine.directory.find(pool.id, input.Username);
      if (!user) throw hidesUsers(client) ? codeMismatch() : userNotFound();
      refuseConfirmed(user);
      const spend = input.Session ? openSignUp(engine, call, user, input.Session) : undefined;
      const code = checkCode(engine, user, 'sign-up', input.ConfirmationCode);
      const confirmed = await confirm(
        engine,
        pool,
        user,
        code.attribute,
        code.destination,
        input.ForceAliasCreation,
      );
      await counted;
      await engine.triggers.postConfirmation(
        triggerContext(call, input.ClientMetadata),
        'ConfirmSignUp',
        confirmed,
      );
      await spend?.();
      // Also for who did not send SignUp's session: aws-amplify does not, and goes on with the one of this answer.
      if (!goesOnAsSignIn(call)) return {};
      return { Session: firstSignInSession(engine, call, confirmed, input.Username) };
    },
  }),
  operation('ResendConfirmationCode', {
    access: 'public',
    input: v.object(common),
    handle: async (engine, input, apiCall) => {
      const call = clientCall(engine, apiCall, input.ClientId);
      const { pool, client } = call;
      checkSecretHash(client, input.SecretHash, [input.Username]);
      await engine.limits.take('ResendConfirmationCode', pool.id, counterName(engine, pool, input.Username));
      const user = engine.directory.find(pool.id, input.Username);
      if (!user?.enabled) {
        if (!hidesUsers(client)) throw user ? notAuthorized('User is disabled.') : userNotFound();
        return { CodeDeliveryDetails: simulatedDelivery(input.Username) };
      }
      if (user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.');
      const delivery = await sendConfirmation(engine, call, user, 'ResendCode', input.ClientMetadata);
      if (!delivery) throw invalidParameter('Auto verification not turned on.');
      return { CodeDeliveryDetails: delivery };
    },
  }),
];

export interface Identity {
  readonly sub: string;
  readonly username: string;
  readonly attributes: Record<string, string>;
}

/** Username and attributes of a new user: where people sign in with an address, the username is a UUID. */
export function newIdentity(pool: Pool, given: string, attributes: Record<string, string>): Identity {
  const sub = randomUUID();
  const allowed = pool.settings.UsernameAttributes ?? [];
  if (allowed.length === 0) {
    const aliases = pool.settings.AliasAttributes ?? [];
    if (aliases.includes('email') && looksLikeEmail(given)) {
      throw invalidParameter(
        'Username cannot be of email format, since user pool is configured for email alias.',
      );
    }
    return { sub, username: given, attributes };
  }
  const attribute = attributeOfName(allowed, given);
  if (attributes[attribute] !== undefined && attributes[attribute] !== given) {
    throw invalidParameter(`Username and the ${attribute} attribute do not match.`);
  }
  return { sub, username: sub, attributes: { ...attributes, [attribute]: given } };
}

function attributeOfName(allowed: readonly string[], given: string): string {
  if (allowed.includes('email') && looksLikeEmail(given)) return 'email';
  if (allowed.includes('phone_number') && looksLikePhone(given)) return 'phone_number';
  if (allowed.length > 1) throw invalidParameter('Username should be either an email or a phone number.');
  throw invalidParameter(`Username should be ${allowed.includes('email') ? 'an email' : 'a phone number'}.`);
}

export function newUser(
  engine: Engine,
  pool: Pool,
  { sub, username: name, attributes }: Identity,
  state: Pick<User, 'status'> & Partial<User>,
): User {
  const now = engine.cloud.clock.now();
  return {
    sub,
    username: name,
    poolId: pool.id,
    attributes: { ...attributes, ...unverified(attributes) },
    enabled: true,
    groups: [],
    codes: {},
    pending: {},
    createdAt: now,
    updatedAt: now,
    ...state,
  };
}

const addresses = ['email', 'phone_number'] as const;

/** An address that was not verified otherwise is marked so. */
function unverified(attributes: StringMap): Record<string, string> {
  const marked = addresses.filter(
    (name) => attributes[name] !== undefined && attributes[`${name}_verified`] === undefined,
  );
  return Object.fromEntries(marked.map((name) => [`${name}_verified`, 'false']));
}

function withVerified(user: User, flags: { autoVerifyEmail: boolean; autoVerifyPhone: boolean }): User {
  const { email, phone_number } = user.attributes;
  if (flags.autoVerifyEmail && !email) throw invalidParameter('Invalid email address.');
  if (flags.autoVerifyPhone && !phone_number) throw invalidParameter('Invalid phone number.');
  return {
    ...user,
    attributes: {
      ...user.attributes,
      ...(flags.autoVerifyEmail ? { email_verified: 'true' } : {}),
      ...(flags.autoVerifyPhone ? { phone_number_verified: 'true' } : {}),
    },
  };
}

const aliasesVerified = (pool: Pool, user: User): string[] =>
  (pool.settings.AliasAttributes ?? []).filter((name) => user.attributes[`${name}_verified`] === 'true');

function refuseTaken(engine: Engine, pool: Pool, identity: Identity, given: string): void {
  const taken = [given, identity.attributes.email, identity.attributes.phone_number].some(
    (name, index) =>
      name !== undefined &&
      (index === 0 || (pool.settings.UsernameAttributes ?? []).length > 0) &&
      engine.directory.find(pool.id, name) !== undefined,
  );
  if (taken) throw usernameExists(takenMessage(pool, given));
}

export function takenMessage(pool: Pool, given: string): string {
  if ((pool.settings.UsernameAttributes ?? []).length === 0) return 'User already exists';
  return `An account with the given ${looksLikeEmail(given) ? 'email' : 'phone_number'} already exists.`;
}

function refuseConfirmed(user: User): void {
  if (user.status === 'UNCONFIRMED') return;
  throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
}

/** Spends the code and confirms in one step; the address the code went to is verified, unless it changed since. */
async function confirm(
  engine: Engine,
  pool: Pool,
  user: User,
  attribute: string,
  destination: string,
  force: boolean,
): Promise<User> {
  const isAlias = (pool.settings.AliasAttributes ?? []).includes(attribute);
  if (isAlias && engine.directory.isTaken(pool.id, destination, user.sub)) {
    if (!force) throw aliasExists(attribute);
    await engine.directory.releaseAliases(user, [attribute]);
  }
  return engine.directory.update(user, (current) => {
    refuseConfirmed(current);
    return {
      ...withoutCode(current, 'sign-up'),
      status: 'CONFIRMED',
      attributes: {
        ...current.attributes,
        ...(current.attributes[attribute] === destination ? { [`${attribute}_verified`]: 'true' } : {}),
      },
      updatedAt: engine.cloud.clock.now(),
    };
  });
}

/** A code to the first address the pool verifies by itself; nothing when it verifies none. */
async function sendConfirmation(
  engine: Engine,
  call: ClientCall,
  user: User,
  source: MessageSource,
  clientMetadata: StringMap | undefined,
): Promise<CodeDelivery | undefined> {
  const verifies = call.pool.settings.AutoVerifiedAttributes ?? [];
  const attribute = (['phone_number', 'email'] as const).find(
    (name) =>
      verifies.includes(name) && user.attributes[name] && user.attributes[`${name}_verified`] !== 'true',
  );
  const destination = attribute && user.attributes[attribute];
  if (!attribute || !destination) return undefined;
  const code = await issueCode(engine, user, 'sign-up', { attribute, destination });
  return sendCode(engine, call, user, { source, attribute, destination, code, clientMetadata });
}

/** Looks like a delivery to whoever might have this name. */
export const simulatedDelivery = (name: string): CodeDelivery =>
  looksLikePhone(name)
    ? deliveryTo('phone_number', name)
    : deliveryTo('email', looksLikeEmail(name) ? name : `${name}@${name}`);
