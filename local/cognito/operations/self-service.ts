import * as v from 'valibot';
import { changeAttributes, removeAttributes } from '../attribute-changes.ts';
import { checkValues, checkWritable, readableAttributes, toList, toRecord } from '../attributes.ts';
import { checkCode, issueCode, withoutCode } from '../codes.ts';
import { aliasExists, invalidParameter } from '../errors.ts';
import { sendCode } from '../mail.ts';
import { operation } from '../registry.ts';
import { accessToken, attributeList, attributeName, confirmationCode, map } from '../schema.ts';
import { signedIn } from '../tokens/access.ts';
import { describeMfa } from './mfa-preferences.ts';

/** What signed-in users do to themselves with their access token. */
export const selfServiceOperations = [
  operation('GetUser', {
    access: 'token',
    input: v.object({ AccessToken: accessToken }),
    handle: (engine, input, call) => {
      const { pool, client, user } = signedIn(engine, call, input.AccessToken);
      const attributes = readableAttributes(client, { sub: user.sub, ...user.attributes });
      return { Username: user.username, UserAttributes: toList(attributes), ...describeMfa(pool, user) };
    },
  }),
  operation('UpdateUserAttributes', {
    access: 'token',
    input: v.object({
      AccessToken: accessToken,
      UserAttributes: attributeList,
      ClientMetadata: v.optional(map),
    }),
    handle: async (engine, input, apiCall) => {
      const call = signedIn(engine, apiCall, input.AccessToken);
      const values = toRecord(input.UserAttributes);
      checkWritable(call.client, Object.keys(values));
      checkValues(call.pool, values, call.user.attributes);
      const deliveries = await changeAttributes(engine, call, call.user, values, input.ClientMetadata);
      return { CodeDeliveryDetailsList: deliveries };
    },
  }),
  operation('DeleteUserAttributes', {
    access: 'token',
    input: v.object({ AccessToken: accessToken, UserAttributeNames: v.array(attributeName) }),
    handle: async (engine, input, apiCall) => {
      const { pool, client, user } = signedIn(engine, apiCall, input.AccessToken);
      checkWritable(client, input.UserAttributeNames);
      await removeAttributes(engine, pool, user, input.UserAttributeNames);
      return {};
    },
  }),
  operation('GetUserAttributeVerificationCode', {
    access: 'token',
    input: v.object({
      AccessToken: accessToken,
      AttributeName: attributeName,
      ClientMetadata: v.optional(map),
    }),
    handle: async (engine, input, apiCall) => {
      const call = signedIn(engine, apiCall, input.AccessToken);
      const { pool, user } = call;
      const attribute = input.AttributeName;
      await engine.limits.take('GetUserAttributeVerificationCode', pool.id, user.sub);
      const destination = user.pending[attribute] ?? user.attributes[attribute];
      if (!destination || !['email', 'phone_number'].includes(attribute)) {
        throw invalidParameter(`${attribute}: Attribute cannot be verified.`);
      }
      const code = await issueCode(engine, user, `verify:${attribute}`, { attribute, destination });
      const message = { source: 'VerifyUserAttribute' as const, attribute, destination, code };
      const delivery = await sendCode(engine, call, user, {
        ...message,
        clientMetadata: input.ClientMetadata,
      });
      return { CodeDeliveryDetails: delivery };
    },
  }),
  operation('VerifyUserAttribute', {
    access: 'token',
    input: v.object({ AccessToken: accessToken, AttributeName: attributeName, Code: confirmationCode }),
    handle: async (engine, input, apiCall) => {
      const { pool, user } = signedIn(engine, apiCall, input.AccessToken);
      const attribute = input.AttributeName;
      const counted = engine.limits.take('VerifyUserAttribute', pool.id, user.sub);
      const { destination } = checkCode(engine, user, `verify:${attribute}`, input.Code);
      if (engine.directory.isTaken(pool.id, destination, user.sub)) throw aliasExists(attribute);
      await engine.directory.update(user, (current) => {
        const { [attribute]: _verified, ...pending } = current.pending;
        return {
          ...withoutCode(current, `verify:${attribute}`),
          pending,
          attributes: { ...current.attributes, [attribute]: destination, [`${attribute}_verified`]: 'true' },
          updatedAt: engine.cloud.clock.now(),
        };
      });
      await counted;
      return {};
    },
  }),
  operation('DeleteUser', {
    access: 'token',
    input: v.object({ AccessToken: accessToken }),
    handle: async (engine, input, apiCall) => {
      const { pool, user } = signedIn(engine, apiCall, input.AccessToken);
      await engine.families.revokeUser(pool.id, user.sub);
      await engine.directory.remove(user);
      return {};
    },
  }),
];
