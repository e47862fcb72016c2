import { randomUUID } from 'node:crypto';
import { AwsError } from '../../platform.ts';
import { checkRequired, checkValues } from '../attributes.ts';
import { type ClientCall, type Engine, triggerContext } from '../engine.ts';
import { invalidParameter, notAuthorized, userDisabled } from '../errors.ts';
import type { Client, IdentityProvider, LinkedIdentity, Pool, User } from '../model.ts';
import { putGroup } from '../operations/groups.ts';
import type { ProviderPerson } from './oidc.ts';

/**
 * A person comes back from a provider: inbound federation, then either a new user (PreSignUp, PostConfirmation) or the
 * one that the provider's account belongs to (PreAuthentication, its mapped attributes anew, PostAuthentication).
 * Custom challenges, migration and messages have no part in it.
 * @throws AwsError what a trigger refused, with AWS's words around it
 */
export async function signInFederated(
  engine: Engine,
  call: ClientCall,
  provider: IdentityProvider,
  person: ProviderPerson,
): Promise<User> {
  const username = federatedName(call.pool, provider, person.subject);
  const claims = await engine.triggers.inboundFederation(triggerContext(call), username, provider, person);
  const attributes = mappedAttributes(call.client, provider, claims);
  const owner = await ownerOf(engine, provider, person, attributes);
  if (!owner) return signUp(engine, call, provider, { username, subject: person.subject, attributes });
  return signIn(engine, call, owner, attributes);
}

/** `<Provider>_<id>`, in lower case where user names are: that is how the pool compares them. */
function federatedName(pool: Pool, provider: IdentityProvider, subject: string): string {
  const name = `${provider.name}_${subject}`;
  return pool.settings.UsernameConfiguration?.CaseSensitive === false ? name.toLowerCase() : name;
}

const verifiedFlags = ['email_verified', 'phone_number_verified'];

function mappedAttributes(
  client: Client,
  provider: IdentityProvider,
  claims: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const mapped: Record<string, string> = {};
  for (const [attribute, claim] of Object.entries(provider.attributeMapping)) {
    const value = textOf(claims[claim]);
    if (attribute === 'username' || value === undefined) continue;
    mapped[attribute] = verifiedFlags.includes(attribute) ? String(value.toLowerCase() === 'true') : value;
  }
  for (const flag of verifiedFlags) {
    // What the provider does not vouch for is not verified, also where it was before.
    if (mapped[flag.replace('_verified', '')] !== undefined) mapped[flag] ??= 'false';
  }
  const writable = client.settings.WriteAttributes;
  const refused = Object.keys(mapped).find(
    (name) => !verifiedFlags.includes(name) && writable !== undefined && !writable.includes(name),
  );
  if (refused) throw notAuthorized('A client attempted to write unauthorized attribute');
  return mapped;
}

/** Several values become one text, as AWS writes them. */
function textOf(value: unknown): string | undefined {
  if (Array.isArray(value))
    return value.length === 1 ? textOf(value[0]) : `[${value.map(textOf).join(', ')}]`;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** By the provider's own id, or by an attribute that an administrator linked and that is used for the first time. */
async function ownerOf(
  engine: Engine,
  { poolId, name }: IdentityProvider,
  { subject }: ProviderPerson,
  attributes: Readonly<Record<string, string>>,
): Promise<User | undefined> {
  const sub = engine.identityProviders.ownerOf(poolId, name, subject);
  const known = sub === undefined ? undefined : engine.directory.bySub(poolId, sub);
  if (known?.identities?.some((one) => one.providerName === name && one.userId === subject)) return known;
  const isNamed = (one: LinkedIdentity) =>
    one.providerName === name && one.byAttribute !== undefined && attributes[one.byAttribute] === one.userId;
  const named = engine.directory.list(poolId).find((user) => user.identities?.some(isNamed));
  if (!named) return undefined;
  await engine.identityProviders.bind(named, name, subject);
  return engine.directory.update(named, ({ identities = [] }) => ({
    identities: identities.map((one) => {
      if (!isNamed(one)) return one;
      const { byAttribute: _, ...kept } = one;
      return { ...kept, userId: subject };
    }),
  }));
}

async function signUp(
  engine: Engine,
  call: ClientCall,
  provider: IdentityProvider,
  {
    username,
    subject,
    attributes,
  }: { username: string; subject: string; attributes: Record<string, string> },
): Promise<User> {
  const { pool } = call;
  checkValues(pool, attributes);
  checkRequired(pool, attributes);
  const context = triggerContext(call);
  const shown = { 'cognito:email_alias': '', 'cognito:phone_number_alias': '', ...attributes };
  await engine.triggers.preSignUp(context, 'ExternalProvider', { username, attributes: shown }, undefined);
  const now = engine.cloud.clock.now();
  const group = `${pool.id}_${provider.name}`;
  await putGroup(engine, pool.id, group, {
    Description: `Autogenerated group for users who sign in using ${provider.name}`,
  });
  const user: User = {
    sub: randomUUID(),
    username,
    poolId: pool.id,
    attributes,
    status: 'EXTERNAL_PROVIDER',
    enabled: true,
    groups: [group],
    codes: {},
    pending: {},
    identities: [
      {
        providerName: provider.name,
        providerType: provider.type,
        userId: subject,
        primary: true,
        linkedAt: now,
      },
    ],
    createdAt: now,
    updatedAt: now,
  };
  await engine.directory.insert(user, 'User already exists');
  await engine.identityProviders.bind(user, provider.name, subject);
  await engine.triggers.postConfirmation(context, 'ConfirmSignUp', user);
  return user;
}

async function signIn(
  engine: Engine,
  call: ClientCall,
  owner: User,
  attributes: Record<string, string>,
): Promise<User> {
  if (!owner.enabled) throw userDisabled();
  const context = triggerContext(call);
  await engine.triggers.preAuthentication(context, { known: true, user: owner }, undefined);
  const changed = Object.fromEntries(
    Object.entries(attributes).filter(([name, value]) => owner.attributes[name] !== value),
  );
  checkValues(call.pool, changed, owner.attributes);
  const user = await engine.directory.update(owner, (current) => ({
    attributes: { ...current.attributes, ...changed },
    updatedAt: engine.cloud.clock.now(),
  }));
  await engine.triggers.postAuthentication(context, user, false);
  return user;
}

/** AWS's limit per user. */
export const maxIdentities = 5;

export function refuseFull(user: User): void {
  if ((user.identities ?? []).filter(({ primary }) => !primary).length >= maxIdentities) {
    throw new AwsError('LimitExceededException', `A user can be linked to ${maxIdentities} identities.`);
  }
}

export const alreadyLinked = () => invalidParameter('SourceUser is already linked to DestinationUser');
