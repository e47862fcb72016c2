import * as v from 'valibot';
import { AwsError } from '../../platform.ts';
import type { Engine } from '../engine.ts';
import { invalidParameter } from '../errors.ts';
import type { IdentityProvider, IdentityProviderType } from '../model.ts';
import { map, oneOf, poolId, text } from '../schema.ts';
import { withKnownDetails } from './endpoints.ts';

/** No underscore: the provider's name ends where the user's id begins. */
export const providerName = text(3, 32, /^[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}]*[^_\p{Z}]$/u);
export const anyProviderName = text(1, 32, /^[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+$/u);
export const idpIdentifiers = v.optional(v.array(text(1, 40, /^[\w\s+=.@-]+$/)));

export const providerSettings = {
  ProviderDetails: map,
  AttributeMapping: v.optional(map),
  IdpIdentifiers: idpIdentifiers,
};
export const newProvider = {
  UserPoolId: poolId,
  ProviderName: providerName,
  ProviderType: oneOf('SAML', 'Facebook', 'Google', 'LoginWithAmazon', 'SignInWithApple', 'OIDC'),
  ...providerSettings,
};

const requiredDetails: Record<IdentityProviderType, readonly string[]> = {
  Google: ['client_id', 'client_secret', 'authorize_scopes'],
  Facebook: ['client_id', 'client_secret', 'authorize_scopes'],
  LoginWithAmazon: ['client_id', 'client_secret', 'authorize_scopes'],
  SignInWithApple: ['client_id', 'team_id', 'key_id', 'private_key', 'authorize_scopes'],
  OIDC: ['client_id', 'attributes_request_method', 'oidc_issuer', 'authorize_scopes'],
  SAML: [],
};
/** A social provider exists once and is called by its own name. */
const isSocial = (type: IdentityProviderType): boolean => type !== 'OIDC' && type !== 'SAML';

const maxProviders = 300;
const maxIdentifiers = 50;

export interface ProviderInput {
  readonly type: IdentityProviderType;
  readonly details: Readonly<Record<string, string>>;
  readonly attributeMapping?: Readonly<Record<string, string>>;
  readonly identifiers?: readonly string[];
}

/** Makes a provider or replaces its settings; people stay linked to it. */
export async function putProvider(
  engine: Engine,
  poolId: string,
  name: string,
  input: ProviderInput,
): Promise<IdentityProvider> {
  const pool = engine.pools.get(poolId);
  const existing = engine.identityProviders.find(poolId, name);
  const { type, identifiers = [], attributeMapping = {} } = input;
  if (isSocial(type) && name !== type) {
    throw invalidParameter(`The provider name of a ${type} provider has to be ${type}.`);
  }
  const missing = requiredDetails[type].find((detail) => !input.details[detail]);
  if (missing) throw invalidParameter(`Missing required provider detail ${missing}.`);
  if (type === 'SAML' && !input.details.MetadataURL === !input.details.MetadataFile) {
    throw invalidParameter('SAML needs either MetadataURL or MetadataFile.');
  }
  const unknown = Object.keys(attributeMapping).find(
    (attribute) => attribute !== 'username' && !pool.schema.some(({ Name }) => Name === attribute),
  );
  if (unknown) throw invalidParameter(`Invalid AttributeMapping: ${unknown} is no attribute of the pool.`);
  refuseIdentifiers(engine, poolId, name, identifiers);
  if (!existing && engine.identityProviders.of(poolId).length >= maxProviders) {
    throw new AwsError(
      'LimitExceededException',
      `A user pool has at most ${maxProviders} identity providers.`,
    );
  }
  const now = engine.cloud.clock.now();
  const provider: IdentityProvider = {
    poolId,
    name,
    type,
    details: withKnownDetails(type, input.details),
    attributeMapping: { ...defaultMapping(type), ...attributeMapping },
    identifiers,
    createdAt: existing?.createdAt ?? now,
    updatedAt: now,
  };
  await engine.identityProviders.put(provider);
  return provider;
}

/** AWS maps the provider's own id by itself. */
const defaultMapping = (type: IdentityProviderType): Record<string, string> =>
  type === 'SAML'
    ? {}
    : { username: type === 'Facebook' ? 'id' : type === 'LoginWithAmazon' ? 'user_id' : 'sub' };

function refuseIdentifiers(
  engine: Engine,
  poolId: string,
  name: string,
  identifiers: readonly string[],
): void {
  if (identifiers.length > maxIdentifiers) {
    throw invalidParameter(`A provider has at most ${maxIdentifiers} identifiers.`);
  }
  const taken = identifiers.find((identifier) => {
    const holder = engine.identityProviders.byIdentifier(poolId, identifier);
    return holder !== undefined && holder.name !== name;
  });
  if (taken)
    throw new AwsError('DuplicateProviderException', `The identifier ${taken} is another provider's.`);
}
