import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { ResourceProvider } from '../../platform.ts';
import type { Engine } from '../engine.ts';
import { PageResources } from '../oauth/brandings.ts';
import { clientId, poolId, readInput, text } from '../schema.ts';
import { asBody } from './fields.ts';

/** A stable id of the form that the service gives. */
function uuidFrom(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(parts.join('/')).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

const brandingProperties = v.looseObject({
  UserPoolId: poolId,
  ClientId: v.optional(clientId),
  UseCognitoProvidedValues: v.optional(v.boolean(), false),
  Settings: v.optional(v.unknown()),
  Assets: v.optional(v.array(v.unknown()), []),
});

export const managedLoginBranding = (engine: Engine): ResourceProvider => ({
  type: 'AWS::Cognito::ManagedLoginBranding',
  provision: async ({ properties, logicalId, suffix }) => {
    const input = readInput(brandingProperties, asBody(properties));
    engine.pools.get(input.UserPoolId);
    if (input.ClientId) engine.pools.client(input.ClientId, input.UserPoolId);
    const pages = new PageResources(engine.cloud.store);
    const id = uuidFrom(suffix, logicalId, input.UserPoolId, input.ClientId ?? '');
    const now = engine.cloud.clock.now();
    await pages.putBranding({
      id,
      poolId: input.UserPoolId,
      ...(input.ClientId ? { clientId: input.ClientId } : {}),
      useDefaults: input.UseCognitoProvidedValues,
      settings: input.Settings,
      assets: input.Assets,
      createdAt: pages.branding(id)?.createdAt ?? now,
      updatedAt: now,
    });
    return { physicalId: `${input.UserPoolId}|${id}`, attributes: { ManagedLoginBrandingId: id } };
  },
});

const termsProperties = v.looseObject({
  UserPoolId: poolId,
  ClientId: clientId,
  TermsName: v.picklist(['terms-of-use', 'privacy-policy']),
  TermsSource: v.literal('LINK'),
  Enforcement: v.literal('NONE'),
  Links: v.record(v.string(), text(1, 1024)),
});

export const terms = (engine: Engine): ResourceProvider => ({
  type: 'AWS::Cognito::Terms',
  provision: async ({ properties, logicalId, suffix }) => {
    const input = readInput(termsProperties, asBody(properties));
    engine.pools.client(input.ClientId, input.UserPoolId);
    const pages = new PageResources(engine.cloud.store);
    const id = uuidFrom(suffix, logicalId, input.UserPoolId, input.ClientId);
    const now = engine.cloud.clock.now();
    await pages.putTerms({
      id,
      poolId: input.UserPoolId,
      clientId: input.ClientId,
      name: input.TermsName,
      links: input.Links,
      createdAt: pages.findTerms(id)?.createdAt ?? now,
      updatedAt: now,
    });
    return { physicalId: `${input.UserPoolId}|${id}`, attributes: { TermsId: id } };
  },
});
