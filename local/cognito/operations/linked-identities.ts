import * as v from 'valibot';
import type { Engine } from '../engine.ts';
import { invalidParameter, userNotFound } from '../errors.ts';
import { alreadyLinked, refuseFull } from '../federation/federated-users.ts';
import type { IdentityProvider, LinkedIdentity, User } from '../model.ts';
import { operation } from '../registry.ts';
import { poolId, text } from '../schema.ts';

const identity = v.object({
  ProviderName: v.optional(text(1, 32)),
  ProviderAttributeName: v.optional(text(0, 131_072)),
  ProviderAttributeValue: v.optional(text(0, 131_072)),
});
type Named = v.InferOutput<typeof identity>;

/** The provider's own id of a person, whatever it calls it. */
const subjectName = 'Cognito_Subject';

export const linkedIdentityOperations = [
  operation('AdminLinkProviderForUser', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId, DestinationUser: identity, SourceUser: identity }),
    handle: async (engine, input) => {
      const pool = engine.pools.get(input.UserPoolId);
      const destination = findNamed(engine, pool.id, input.DestinationUser);
      if (!destination) throw userNotFound();
      const source = sourceOf(engine, pool.id, input.SourceUser);
      const linked = holderOf(engine, pool.id, source);
      if (linked?.sub === destination.sub) throw alreadyLinked();
      if (linked) {
        throw invalidParameter(
          'Merging is not currently supported, provide a SourceUser that has not signed up.',
        );
      }
      refuseFull(destination);
      await link(engine, destination, source);
      return {};
    },
  }),
  operation('AdminDisableProviderForUser', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId, User: identity }),
    handle: async (engine, input) => {
      const pool = engine.pools.get(input.UserPoolId);
      if (input.User.ProviderName === 'Cognito') return disableLocal(engine, pool.id, input.User);
      const source = sourceOf(engine, pool.id, input.User);
      const holder = holderOf(engine, pool.id, source);
      if (!holder) throw userNotFound();
      await unlink(engine, holder, source);
      return {};
    },
  }),
];

interface Source {
  readonly provider: IdentityProvider;
  readonly value: string;
  /** Attribute of the pool; absent for the provider's own id. */
  readonly byAttribute?: string;
}

/** A local user by the user name, a federated one by the provider's id. */
function findNamed(engine: Engine, pool: string, named: Named): User | undefined {
  const { ProviderName: name = '', ProviderAttributeValue: value = '' } = named;
  if (name === 'Cognito') return engine.directory.find(pool, value);
  engine.identityProviders.get(pool, name);
  const sub = engine.identityProviders.ownerOf(pool, name, value);
  return sub === undefined ? undefined : engine.directory.bySub(pool, sub);
}

function sourceOf(engine: Engine, pool: string, named: Named): Source {
  const {
    ProviderName: name = '',
    ProviderAttributeName: attribute = '',
    ProviderAttributeValue: value,
  } = named;
  const provider = engine.identityProviders.find(pool, name);
  if (!provider || !value) {
    throw invalidParameter('Invalid ProviderName/Username combination. Please check again');
  }
  if (attribute === subjectName) return { provider, value };
  if (provider.type !== 'OIDC' && provider.type !== 'SAML') {
    throw invalidParameter(`ProviderAttributeName of a social provider has to be ${subjectName}.`);
  }
  if (!(attribute in provider.attributeMapping)) {
    throw invalidParameter(`ProviderAttributeName ${attribute} is not a mapped attribute of ${name}.`);
  }
  return { provider, value, byAttribute: attribute };
}

const isSource =
  ({ provider, value, byAttribute }: Source) =>
  (one: LinkedIdentity): boolean =>
    one.providerName === provider.name && one.userId === value && one.byAttribute === byAttribute;

/** Whoever signs in with it today: linked to it, or made by it. */
function holderOf(engine: Engine, pool: string, source: Source): User | undefined {
  if (source.byAttribute)
    return engine.directory.list(pool).find(({ identities }) => identities?.some(isSource(source)));
  const sub = engine.identityProviders.ownerOf(pool, source.provider.name, source.value);
  const user = sub === undefined ? undefined : engine.directory.bySub(pool, sub);
  return user?.identities?.some(isSource(source)) ? user : undefined;
}

async function link(engine: Engine, user: User, { provider, value, byAttribute }: Source): Promise<void> {
  const now = engine.cloud.clock.now();
  const added: LinkedIdentity = {
    providerName: provider.name,
    providerType: provider.type,
    userId: value,
    primary: false,
    linkedAt: now,
    ...(byAttribute && { byAttribute }),
  };
  if (!byAttribute) await engine.identityProviders.bind(user, provider.name, value);
  await engine.directory.update(user, (current) => {
    refuseFull(current);
    return { identities: [...(current.identities ?? []), added], updatedAt: now };
  });
}

/** The user that a provider's account came with is disabled, since nobody could sign in as it any more. */
async function unlink(engine: Engine, user: User, source: Source): Promise<void> {
  const isPrimary = user.identities?.find(isSource(source))?.primary === true;
  await engine.directory.update(user, (current) => ({
    identities: (current.identities ?? []).filter((one) => !isSource(source)(one)),
    ...(isPrimary && { enabled: false }),
    updatedAt: engine.cloud.clock.now(),
  }));
  if (!source.byAttribute)
    await engine.identityProviders.unbind(user.poolId, source.provider.name, source.value);
}

async function disableLocal(engine: Engine, pool: string, named: Named): Promise<object> {
  if (named.ProviderAttributeName !== subjectName) {
    throw invalidParameter(`ProviderAttributeName has to be ${subjectName}.`);
  }
  const user = findNamed(engine, pool, named);
  if (!user) throw userNotFound();
  // The password is what the user pool itself signs people in with.
  await engine.directory.update(user, () => ({
    password: undefined,
    updatedAt: engine.cloud.clock.now(),
  }));
  return {};
}
