import * as v from 'valibot';
import type { Configuration } from '../configurations.ts';
import { timestamp } from '../engine.ts';
import { invalidParameter } from '../errors.ts';
import { operation } from '../registry.ts';
import { clientId, oneOf, poolId, text } from '../schema.ts';
import { requireTier } from '../tier.ts';

const target = { UserPoolId: poolId, ClientId: v.optional(clientId) };
const everyClient = 'ALL';
const object = v.optional(v.looseObject({}));

interface Look {
  readonly CSS?: string | undefined;
  readonly ImageFile?: string | undefined;
}

/** Settings that the engine keeps and shows, and that have no effect locally. */
export const poolConfigurationOperations = [
  operation('SetRiskConfiguration', {
    access: 'iam',
    missing: 'an effect: the engine judges no risk',
    input: v.object({
      ...target,
      CompromisedCredentialsRiskConfiguration: object,
      AccountTakeoverRiskConfiguration: object,
      RiskExceptionConfiguration: object,
    }),
    handle: async (engine, { UserPoolId, ClientId, ...settings }) => {
      requireTier(engine.pools.get(UserPoolId), 'PLUS', 'Threat protection');
      if (ClientId) engine.pools.client(ClientId, UserPoolId);
      const kept = await engine.configurations.put(UserPoolId, 'risk', settings, ClientId);
      return { RiskConfiguration: describeRisk(UserPoolId, ClientId, kept) };
    },
  }),
  operation('DescribeRiskConfiguration', {
    access: 'iam',
    input: v.object(target),
    handle: (engine, { UserPoolId, ClientId }) => {
      requireTier(engine.pools.get(UserPoolId), 'PLUS', 'Threat protection');
      const kept = engine.configurations.find<object>(UserPoolId, 'risk', ClientId);
      return { RiskConfiguration: describeRisk(UserPoolId, ClientId, kept) };
    },
  }),
  operation('SetLogDeliveryConfiguration', {
    access: 'iam',
    missing: 'an effect: the engine writes no such logs',
    input: v.object({
      UserPoolId: poolId,
      LogConfigurations: v.array(
        v.looseObject({
          LogLevel: oneOf('ERROR', 'INFO'),
          EventSource: oneOf('userNotification', 'userAuthEvents'),
        }),
      ),
    }),
    handle: async (engine, { UserPoolId, LogConfigurations }) => {
      const pool = engine.pools.get(UserPoolId);
      const sources = LogConfigurations.map(({ EventSource }) => EventSource);
      if (new Set(sources).size < sources.length)
        throw invalidParameter('EventSource occurs more than once.');
      if (sources.includes('userAuthEvents')) requireTier(pool, 'PLUS', 'The log of user activity');
      await engine.configurations.put(UserPoolId, 'log-delivery', LogConfigurations);
      return { LogDeliveryConfiguration: { UserPoolId, LogConfigurations } };
    },
  }),
  operation('GetLogDeliveryConfiguration', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId }),
    handle: (engine, { UserPoolId }) => {
      engine.pools.get(UserPoolId);
      const LogConfigurations = engine.configurations.find(UserPoolId, 'log-delivery')?.value ?? [];
      return { LogDeliveryConfiguration: { UserPoolId, LogConfigurations } };
    },
  }),
  operation('SetUICustomization', {
    access: 'iam',
    missing: 'an effect on the pages; images are not served',
    input: v.object({
      ...target,
      CSS: v.optional(text(0, 131_072)),
      ImageFile: v.optional(text(0, 131_072)),
    }),
    handle: async (engine, { UserPoolId, ClientId = everyClient, CSS, ImageFile }) => {
      engine.pools.get(UserPoolId);
      if (ClientId !== everyClient) engine.pools.client(ClientId, UserPoolId);
      const kept = await engine.configurations.put(UserPoolId, 'ui', { CSS, ImageFile }, ClientId);
      return { UICustomization: describeLook(UserPoolId, ClientId, kept) };
    },
  }),
  operation('GetUICustomization', {
    access: 'iam',
    input: v.object(target),
    handle: (engine, { UserPoolId, ClientId = everyClient }) => {
      engine.pools.get(UserPoolId);
      const own = engine.configurations.find<Look>(UserPoolId, 'ui', ClientId);
      const kept = own ?? engine.configurations.find<Look>(UserPoolId, 'ui', everyClient);
      return { UICustomization: describeLook(UserPoolId, ClientId, kept) };
    },
  }),
];

const describeRisk = (
  UserPoolId: string,
  ClientId: string | undefined,
  kept: Configuration<object> | undefined,
) => ({
  UserPoolId,
  ...(ClientId ? { ClientId } : {}),
  ...kept?.value,
  ...(kept ? { LastModifiedDate: timestamp(kept.updatedAt) } : {}),
});

const describeLook = (UserPoolId: string, ClientId: string, kept: Configuration<Look> | undefined) =>
  kept
    ? {
        UserPoolId,
        ClientId,
        ...(kept.value.CSS === undefined ? {} : { CSS: kept.value.CSS }),
        CSSVersion: String(kept.updatedAt),
        CreationDate: timestamp(kept.createdAt),
        LastModifiedDate: timestamp(kept.updatedAt),
      }
    : {};
