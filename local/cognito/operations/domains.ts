import * as v from 'valibot';
import type { Engine } from '../engine.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import type { Domain } from '../model.ts';
import { operation } from '../registry.ts';
import { integer, oneOf, poolId, text } from '../schema.ts';

const domain = text(1, 63, /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/);
const which = { Domain: domain, UserPoolId: poolId };
const settings = {
  ManagedLoginVersion: v.optional(integer(1, 2)),
  CustomDomainConfig: v.optional(
    v.looseObject({
      CertificateArn: text(20, 2048),
      SecurityPolicy: v.optional(oneOf('TLS_V1', 'TLS_V1_2_2021', 'TLS_V1_3_2025')),
    }),
  ),
};

/** Where AWS would serve it; the local cloud serves every domain below its own address. */
const cloudFront = 'd111111abcdef8.cloudfront.net';

export const domainOperations = [
  operation('CreateUserPoolDomain', {
    access: 'iam',
    input: v.looseObject({ ...which, ...settings }),
    handle: async (engine, { Domain, UserPoolId, ...given }) => {
      engine.pools.get(UserPoolId);
      if (engine.pools.findDomain(Domain))
        throw invalidParameter('Domain already associated with another user pool.');
      refuseReserved(Domain, given);
      refuseSecond(engine, UserPoolId, given.CustomDomainConfig !== undefined);
      const { ManagedLoginVersion = 1, ...rest } = given;
      await engine.pools.putDomain({
        domain: Domain,
        poolId: UserPoolId,
        settings: { ManagedLoginVersion, ...rest },
      });
      return { ManagedLoginVersion, ...cloudFrontOf(given.CustomDomainConfig) };
    },
  }),
  operation('UpdateUserPoolDomain', {
    access: 'iam',
    input: v.looseObject({ ...which, ...settings }),
    handle: async (engine, { Domain, UserPoolId, ...given }) => {
      const current = owned(engine, Domain, UserPoolId);
      await engine.pools.putDomain({ ...current, settings: { ...current.settings, ...given } });
      return {
        ManagedLoginVersion: given.ManagedLoginVersion ?? current.settings.ManagedLoginVersion,
        ...cloudFrontOf(given.CustomDomainConfig ?? current.settings.CustomDomainConfig),
      };
    },
  }),
  operation('DescribeUserPoolDomain', {
    access: 'iam',
    input: v.object({ Domain: domain }),
    handle: (engine, input) => {
      const found = engine.pools.findDomain(input.Domain);
      return { DomainDescription: found ? describe(engine, found) : {} };
    },
  }),
  operation('DeleteUserPoolDomain', {
    access: 'iam',
    input: v.object(which),
    handle: async (engine, input) => {
      await engine.pools.removeDomain(owned(engine, input.Domain, input.UserPoolId).domain);
      return {};
    },
  }),
];

function owned(engine: Engine, name: string, pool: string): Domain {
  const found = engine.pools.findDomain(name);
  if (!found || found.poolId !== pool) throw resourceNotFound(`Domain ${name} does not exist.`);
  return found;
}

function refuseReserved(
  name: string,
  { CustomDomainConfig }: { readonly CustomDomainConfig?: unknown },
): void {
  if (CustomDomainConfig !== undefined) return;
  if (name.includes('.')) throw invalidParameter('A prefix domain has no dots.');
  const word = ['aws', 'amazon', 'cognito'].find((reserved) => name.includes(reserved));
  if (word) throw invalidParameter(`Domain cannot contain reserved word: ${word}`);
}

/** A pool has one prefix domain and one custom domain at the most. */
function refuseSecond(engine: Engine, pool: string, isCustom: boolean): void {
  const kinds = engine.pools.domainsOf(pool).map(({ settings: had }) => had.CustomDomainConfig !== undefined);
  if (kinds.includes(isCustom)) throw invalidParameter('User pool already has a domain configured.');
}

const cloudFrontOf = (custom: unknown) => (custom === undefined ? {} : { CloudFrontDomain: cloudFront });

const describe = ({ cloud }: Engine, { domain: name, poolId: pool, settings: had }: Domain) => ({
  UserPoolId: pool,
  AWSAccountId: cloud.accountId,
  Domain: name,
  S3Bucket: `aws-cognito-prod-${cloud.region}-assets`,
  CloudFrontDistribution: cloudFront,
  Version: '20261101000000',
  Status: 'ACTIVE',
  CustomDomainConfig: had.CustomDomainConfig ?? {},
  ManagedLoginVersion: had.ManagedLoginVersion ?? 1,
});
