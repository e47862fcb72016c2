import type { Collection, Store } from '../../platform.ts';
import { resourceNotFound } from '../errors.ts';
import type { IdentityProvider, User } from '../model.ts';

/** Providers of all pools, and which user each of their accounts signs in as. */
export class IdentityProviders {
  private readonly providers: Collection<IdentityProvider>;
  /** Pool, provider and the provider's id of a person → sub. */
  private readonly identities: Collection<string>;

  constructor(store: Store) {
    this.providers = store.collection('cognito-identity-providers');
    this.identities = store.collection('cognito-identities');
  }

  find(poolId: string, name: string): IdentityProvider | undefined {
    return this.providers.get(`${poolId}/${name}`);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(poolId: string, name: string): IdentityProvider {
    const provider = this.find(poolId, name);
    if (!provider) throw resourceNotFound(`Identity provider ${name} does not exist.`);
    return provider;
  }

  /** By one of the identifiers that an app may send instead of the name (`idp_identifier`). */
  byIdentifier(poolId: string, identifier: string): IdentityProvider | undefined {
    return this.of(poolId).find(({ identifiers }) => identifiers.includes(identifier));
  }

  of(poolId: string): IdentityProvider[] {
    return Array.from(this.providers.entries(), ([, provider]) => provider).filter(
      (provider) => provider.poolId === poolId,
    );
  }

  put(provider: IdentityProvider): Promise<void> {
    return this.providers.set(`${provider.poolId}/${provider.name}`, provider);
  }

  remove({ poolId, name }: IdentityProvider): Promise<void> {
    return this.providers.delete(`${poolId}/${name}`);
  }

  /** Sub of the user that this account of the provider signs in as; the user may be gone. */
  ownerOf(poolId: string, providerName: string, userId: string): string | undefined {
    return this.identities.get(identityKey(poolId, providerName, userId));
  }

  bind(user: Pick<User, 'poolId' | 'sub'>, providerName: string, userId: string): Promise<void> {
    return this.identities.set(identityKey(user.poolId, providerName, userId), user.sub);
  }

  unbind(poolId: string, providerName: string, userId: string): Promise<void> {
    return this.identities.delete(identityKey(poolId, providerName, userId));
  }
}

const identityKey = (poolId: string, providerName: string, userId: string): string =>
  JSON.stringify([poolId, providerName, userId]);
