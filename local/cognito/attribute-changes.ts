import { issueCode } from './codes.ts';
import type { Call, Engine } from './engine.ts';
import { aliasExists, invalidParameter } from './errors.ts';
import { type CodeDelivery, sendCode } from './mail.ts';
import type { Client, Pool, User } from './model.ts';
import type { StringMap } from './triggers/triggers.ts';

type ChangeCall = Call & { readonly pool: Pool; readonly client?: Client };

/**
 * Writes new attribute values. A changed address is either kept back until its code was proven (the original stays in
 * force) or written at once as unverified, as the pool is configured; values sent together with their
 * `_verified` flag, which only administrators may do, are taken as they are.
 */
export async function changeAttributes(
  engine: Engine,
  call: ChangeCall,
  user: User,
  values: Readonly<Record<string, string>>,
  clientMetadata: StringMap | undefined,
): Promise<CodeDelivery[]> {
  const changed = (['email', 'phone_number'] as const).filter((name) => isNewAddress(user, values, name));
  for (const name of changed) refuseTaken(engine, call.pool, user, name, values[name] ?? '');
  const settings = call.pool.settings;
  const keptBack = changed.filter((name) =>
    settings.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate?.includes(name),
  );
  const updated = await engine.directory.update(user, (current) => ({
    attributes: { ...current.attributes, ...written(values, changed, keptBack) },
    pending: { ...without(current.pending, changed), ...pick(values, keptBack) },
    updatedAt: engine.cloud.clock.now(),
  }));
  const proven = changed.filter(
    (name) => keptBack.includes(name) || settings.AutoVerifiedAttributes?.includes(name),
  );
  const deliveries: CodeDelivery[] = [];
  for (const attribute of proven) {
    const destination = values[attribute] ?? '';
    const code = await issueCode(engine, updated, `verify:${attribute}`, { attribute, destination });
    const message = { source: 'UpdateUserAttribute' as const, attribute, destination, code, clientMetadata };
    deliveries.push(await sendCode(engine, call, updated, message));
  }
  return deliveries;
}

/** Removes optional attributes; an address goes with its flag. */
export function removeAttributes(
  engine: Engine,
  pool: Pool,
  user: User,
  names: readonly string[],
): Promise<User> {
  for (const name of names) {
    const attribute = pool.schema.find(({ Name }) => Name === name);
    const isSignInName = pool.settings.UsernameAttributes?.includes(name);
    if (!attribute || attribute.Required || attribute.Mutable === false || isSignInName) {
      throw invalidParameter(`user.${name}: Attribute cannot be deleted.`);
    }
  }
  const gone = names.flatMap((name) => [name, `${name}_verified`]);
  return engine.directory.update(user, (current) => ({
    attributes: without(current.attributes, gone),
    pending: without(current.pending, gone),
    updatedAt: engine.cloud.clock.now(),
  }));
}

const isNewAddress = (user: User, values: StringMap, name: string): boolean =>
  values[name] !== undefined &&
  values[name] !== user.attributes[name] &&
  values[`${name}_verified`] !== 'true';

function refuseTaken(engine: Engine, pool: Pool, user: User, name: string, value: string): void {
  const signsIn = [...(pool.settings.UsernameAttributes ?? []), ...(pool.settings.AliasAttributes ?? [])];
  if (signsIn.includes(name) && engine.directory.isTaken(pool.id, value, user.sub)) throw aliasExists(name);
}

function written(values: StringMap, changed: readonly string[], keptBack: readonly string[]): StringMap {
  const flags = changed
    .filter((name) => !keptBack.includes(name) && values[`${name}_verified`] === undefined)
    .map((name) => [`${name}_verified`, 'false']);
  return { ...without(values, keptBack), ...Object.fromEntries(flags) };
}

const pick = (record: StringMap, names: readonly string[]): StringMap =>
  Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));

const without = (record: StringMap, names: readonly string[]): StringMap =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
