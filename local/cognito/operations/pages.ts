import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { AwsError } from '../../platform.ts';
import { type Engine, timestamp } from '../engine.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import { type Branding, PageResources, type Terms } from '../oauth/brandings.ts';
import { pageOf } from '../pages.ts';
import { operation } from '../registry.ts';
import { clientId, integer, poolId, text } from '../schema.ts';

const brandingId = text(36, 36, /^[0-9a-f-]+$/);
const termsId = text(36, 36, /^[0-9a-f-]+$/);
const look = {
  UseCognitoProvidedValues: v.optional(v.boolean()),
  Settings: v.optional(v.unknown()),
  Assets: v.optional(v.array(v.looseObject({ Category: text(1, 128) }))),
};
const links = v.record(v.string(), text(1, 1024));
const noLook = 'most of a style: the local pages show its colours, corners and logo';

const pagesOf = ({ cloud }: Engine) => new PageResources(cloud.store);

export const pageOperations = [
  operation('CreateManagedLoginBranding', {
    access: 'iam',
    missing: noLook,
    input: v.object({ UserPoolId: poolId, ClientId: clientId, ...look }),
    handle: async (engine, input) => {
      engine.pools.client(input.ClientId, input.UserPoolId);
      refuseBoth(input);
      if (pagesOf(engine).brandingOf(input.UserPoolId, input.ClientId)) {
        throw new AwsError('ManagedLoginBrandingExistsException', 'The client has a branding style already.');
      }
      const now = engine.cloud.clock.now();
      const branding: Branding = {
        id: randomUUID(),
        poolId: input.UserPoolId,
        clientId: input.ClientId,
        useDefaults: input.UseCognitoProvidedValues ?? false,
        settings: input.Settings,
        assets: input.Assets ?? [],
        createdAt: now,
        updatedAt: now,
      };
      await pagesOf(engine).putBranding(branding);
      return { ManagedLoginBranding: describeBranding(branding) };
    },
  }),
  operation('UpdateManagedLoginBranding', {
    access: 'iam',
    missing: noLook,
    input: v.object({ UserPoolId: poolId, ManagedLoginBrandingId: brandingId, ...look }),
    handle: async (engine, input) => {
      const current = ownBranding(engine, input.UserPoolId, input.ManagedLoginBrandingId);
      refuseBoth(input);
      const branding: Branding = {
        ...current,
        useDefaults: input.UseCognitoProvidedValues ?? false,
        settings: input.Settings,
        assets: input.Assets ?? current.assets,
        updatedAt: engine.cloud.clock.now(),
      };
      await pagesOf(engine).putBranding(branding);
      return { ManagedLoginBranding: describeBranding(branding) };
    },
  }),
  operation('DescribeManagedLoginBranding', {
    access: 'iam',
    missing: 'ReturnMergedResources',
    input: v.object({
      UserPoolId: poolId,
      ManagedLoginBrandingId: brandingId,
      ReturnMergedResources: v.optional(v.boolean()),
    }),
    handle: (engine, input) => ({
      ManagedLoginBranding: describeBranding(
        ownBranding(engine, input.UserPoolId, input.ManagedLoginBrandingId),
      ),
    }),
  }),
  operation('DescribeManagedLoginBrandingByClient', {
    access: 'iam',
    missing: 'ReturnMergedResources',
    input: v.object({
      UserPoolId: poolId,
      ClientId: clientId,
      ReturnMergedResources: v.optional(v.boolean()),
    }),
    handle: (engine, input) => {
      const found = pagesOf(engine).brandingOf(input.UserPoolId, input.ClientId);
      if (!found) throw resourceNotFound('Managed login branding does not exist.');
      return { ManagedLoginBranding: describeBranding(found) };
    },
  }),
  operation('DeleteManagedLoginBranding', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId, ManagedLoginBrandingId: brandingId }),
    handle: async (engine, input) => {
      await pagesOf(engine).removeBranding(
        ownBranding(engine, input.UserPoolId, input.ManagedLoginBrandingId).id,
      );
      return {};
    },
  }),
  operation('CreateTerms', {
    access: 'iam',
    input: v.object({
      UserPoolId: poolId,
      ClientId: clientId,
      TermsName: v.picklist(['terms-of-use', 'privacy-policy']),
      TermsSource: v.literal('LINK'),
      Enforcement: v.literal('NONE'),
      Links: v.optional(links, {}),
    }),
    handle: async (engine, input) => {
      engine.pools.client(input.ClientId, input.UserPoolId);
      const taken = pagesOf(engine)
        .termsOf(input.UserPoolId, input.ClientId)
        .some(({ name }) => name === input.TermsName);
      if (taken) throw new AwsError('TermsExistsException', 'The client has these terms already.');
      const now = engine.cloud.clock.now();
      const terms: Terms = {
        id: randomUUID(),
        poolId: input.UserPoolId,
        clientId: input.ClientId,
        name: input.TermsName,
        links: input.Links,
        createdAt: now,
        updatedAt: now,
      };
      await pagesOf(engine).putTerms(terms);
      return { Terms: describeTerms(terms) };
    },
  }),
  operation('UpdateTerms', {
    access: 'iam',
    input: v.looseObject({ UserPoolId: poolId, TermsId: termsId, Links: v.optional(links) }),
    handle: async (engine, input) => {
      const current = ownTerms(engine, input.UserPoolId, input.TermsId);
      const terms = { ...current, links: input.Links ?? current.links, updatedAt: engine.cloud.clock.now() };
      await pagesOf(engine).putTerms(terms);
      return { Terms: describeTerms(terms) };
    },
  }),
  operation('DescribeTerms', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId, TermsId: termsId }),
    handle: (engine, input) => ({ Terms: describeTerms(ownTerms(engine, input.UserPoolId, input.TermsId)) }),
  }),
  operation('DeleteTerms', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId, TermsId: termsId }),
    handle: async (engine, input) => {
      await pagesOf(engine).removeTerms(ownTerms(engine, input.UserPoolId, input.TermsId).id);
      return {};
    },
  }),
  operation('ListTerms', {
    access: 'iam',
    input: v.object({
      UserPoolId: poolId,
      MaxResults: v.optional(integer(1, 60), 60),
      NextToken: v.optional(text(1, 131_072)),
    }),
    handle: (engine, input) => {
      engine.pools.get(input.UserPoolId);
      const { items, next } = pageOf(
        pagesOf(engine).termsOf(input.UserPoolId),
        input.MaxResults,
        input.NextToken,
      );
      return { Terms: items.map(describeTerms), ...(next ? { NextToken: next } : {}) };
    },
  }),
];

function refuseBoth({
  UseCognitoProvidedValues,
  Settings,
  Assets,
}: { [K in keyof typeof look]?: unknown }): void {
  if (UseCognitoProvidedValues === true && (Settings !== undefined || Assets !== undefined)) {
    throw invalidParameter('UseCognitoProvidedValues goes without Settings and Assets.');
  }
}

function ownBranding(engine: Engine, pool: string, id: string): Branding {
  const found = pagesOf(engine).branding(id);
  if (!found || found.poolId !== pool) throw resourceNotFound('Managed login branding does not exist.');
  return found;
}

function ownTerms(engine: Engine, pool: string, id: string): Terms {
  const found = pagesOf(engine).findTerms(id);
  if (!found || found.poolId !== pool) throw resourceNotFound('Terms do not exist.');
  return found;
}

const describeBranding = (branding: Branding) => ({
  ManagedLoginBrandingId: branding.id,
  UserPoolId: branding.poolId,
  UseCognitoProvidedValues: branding.useDefaults,
  ...(branding.settings === undefined ? {} : { Settings: branding.settings }),
  ...(branding.assets.length > 0 ? { Assets: branding.assets } : {}),
  CreationDate: timestamp(branding.createdAt),
  LastModifiedDate: timestamp(branding.updatedAt),
});

const describeTerms = (terms: Terms) => ({
  TermsId: terms.id,
  UserPoolId: terms.poolId,
  ClientId: terms.clientId,
  TermsName: terms.name,
  TermsSource: 'LINK',
  Enforcement: 'NONE',
  Links: terms.links,
  CreationDate: timestamp(terms.createdAt),
  LastModifiedDate: timestamp(terms.updatedAt),
});
