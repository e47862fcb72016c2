import * as v from 'valibot';
import { AwsError } from '../../platform.ts';
import { timestamp } from '../engine.ts';
import { resourceNotFound } from '../errors.ts';
import {
  anyProviderName,
  newProvider,
  providerSettings,
  putProvider,
} from '../federation/provider-settings.ts';
import type { IdentityProvider } from '../model.ts';
import { pageOf } from '../pages.ts';
import { operation } from '../registry.ts';
import { integer, map, poolId, text } from '../schema.ts';

const which = { UserPoolId: poolId, ProviderName: anyProviderName };

const describeProvider = (provider: IdentityProvider) => ({
  UserPoolId: provider.poolId,
  ProviderName: provider.name,
  ProviderType: provider.type,
  ProviderDetails: provider.details,
  AttributeMapping: provider.attributeMapping,
  IdpIdentifiers: provider.identifiers,
  CreationDate: timestamp(provider.createdAt),
  LastModifiedDate: timestamp(provider.updatedAt),
});

export const identityProviderOperations = [
  operation('CreateIdentityProvider', {
    access: 'iam',
    input: v.object(newProvider),
    handle: async (engine, input) => {
      engine.pools.get(input.UserPoolId);
      if (engine.identityProviders.find(input.UserPoolId, input.ProviderName)) {
        throw new AwsError(
          'DuplicateProviderException',
          `A provider with the name ${input.ProviderName} already exists.`,
        );
      }
      const provider = await putProvider(engine, input.UserPoolId, input.ProviderName, {
        type: input.ProviderType,
        details: input.ProviderDetails,
        attributeMapping: input.AttributeMapping,
        identifiers: input.IdpIdentifiers,
      });
      return { IdentityProvider: describeProvider(provider) };
    },
  }),
  operation('DescribeIdentityProvider', {
    access: 'iam',
    input: v.object(which),
    handle: (engine, input) => {
      engine.pools.get(input.UserPoolId);
      const provider = engine.identityProviders.get(input.UserPoolId, input.ProviderName);
      return { IdentityProvider: describeProvider(provider) };
    },
  }),
  operation('UpdateIdentityProvider', {
    access: 'iam',
    input: v.object({ ...which, ...providerSettings, ProviderDetails: v.optional(map) }),
    handle: async (engine, input) => {
      engine.pools.get(input.UserPoolId);
      const existing = engine.identityProviders.get(input.UserPoolId, input.ProviderName);
      const provider = await putProvider(engine, input.UserPoolId, input.ProviderName, {
        type: existing.type,
        details: input.ProviderDetails ?? existing.details,
        attributeMapping: input.AttributeMapping ?? existing.attributeMapping,
        identifiers: input.IdpIdentifiers ?? existing.identifiers,
      });
      return { IdentityProvider: describeProvider(provider) };
    },
  }),
  operation('DeleteIdentityProvider', {
    access: 'iam',
    input: v.object(which),
    handle: async (engine, input) => {
      engine.pools.get(input.UserPoolId);
      await engine.identityProviders.remove(
        engine.identityProviders.get(input.UserPoolId, input.ProviderName),
      );
      return {};
    },
  }),
  operation('ListIdentityProviders', {
    access: 'iam',
    input: v.object({
      UserPoolId: poolId,
      MaxResults: v.optional(integer(0, 60), 60),
      NextToken: v.optional(text(1, 131_072)),
    }),
    handle: (engine, input) => {
      const providers = engine.identityProviders.of(engine.pools.get(input.UserPoolId).id);
      const { items, next } = pageOf(providers, input.MaxResults, input.NextToken);
      const summaries = items.map((provider) => ({
        ProviderName: provider.name,
        ProviderType: provider.type,
        CreationDate: timestamp(provider.createdAt),
        LastModifiedDate: timestamp(provider.updatedAt),
      }));
      return { Providers: summaries, ...(next ? { NextToken: next } : {}) };
    },
  }),
  operation('GetIdentityProviderByIdentifier', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId, IdpIdentifier: text(1, 40) }),
    handle: (engine, input) => {
      engine.pools.get(input.UserPoolId);
      const provider = engine.identityProviders.byIdentifier(input.UserPoolId, input.IdpIdentifier);
      if (!provider) throw resourceNotFound(`Identity provider ${input.IdpIdentifier} does not exist.`);
      return { IdentityProvider: describeProvider(provider) };
    },
  }),
];
