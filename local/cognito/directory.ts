import type { Collection, Store } from '../platform.ts';
import { aliasExists, userNotFound, usernameExists } from './errors.ts';
import type { Pool, User } from './model.ts';

/**
 * The users of all pools with the indexes sign-in needs. A change is visible to the next caller at once and durable
 * when its promise resolves, so that two requests in flight never work on the same old state.
 */
export class Directory {
  private readonly stored: Collection<User>;
  private readonly users = new Map<string, Map<string, User>>();
  /** Pool id → sign-in name (username, or an alias that may be used as one) → sub. */
  private readonly names = new Map<string, Map<string, string>>();
  private readonly poolOf: (poolId: string) => Pool;

  constructor(store: Store, poolOf: (poolId: string) => Pool) {
    this.stored = store.collection('cognito-users');
    this.poolOf = poolOf;
    for (const [, user] of this.stored.entries()) this.index(user);
  }

  bySub(poolId: string, sub: string): User | undefined {
    return this.users.get(poolId)?.get(sub);
  }

  /** By username, sub or an alias the pool lets people sign in with. */
  find(poolId: string, name: string): User | undefined {
    const sub = this.names.get(poolId)?.get(this.canonical(poolId, name)) ?? name;
    return this.bySub(poolId, sub);
  }

  get(poolId: string, name: string): User {
    const user = this.find(poolId, name);
    if (!user) throw userNotFound();
    return user;
  }

  /** Sign-in names are compared in this form. */
  canonical(poolId: string, name: string): string {
    return this.poolOf(poolId).settings.UsernameConfiguration?.CaseSensitive === false
      ? name.toLowerCase()
      : name;
  }

  list(poolId: string): User[] {
    return [...(this.users.get(poolId)?.values() ?? [])];
  }

  count(poolId: string): number {
    return this.users.get(poolId)?.size ?? 0;
  }

  /** @throws AwsError `UsernameExistsException`, also when the name was taken while a trigger ran */
  insert(user: User, message: string): Promise<void> {
    for (const name of this.namesOf(user)) {
      if (this.find(user.poolId, name)) throw usernameExists(message);
    }
    this.index(user);
    return this.stored.set(key(user), user);
  }

  /**
   * Changes the user's current record; `change` sees what is true now, not what the caller read before it waited.
   * @throws AwsError `AliasExistsException` when an alias of the new record belongs to someone else
   */
  async update(user: Pick<User, 'poolId' | 'sub'>, change: (current: User) => Partial<User>): Promise<User> {
    const current = this.bySub(user.poolId, user.sub);
    if (!current) throw userNotFound();
    const next = { ...current, ...change(current) };
    this.refuseTakenAlias(next);
    this.unindex(current);
    this.index(next);
    await this.stored.set(key(next), next);
    return next;
  }

  /** Takes aliases away from whoever has them, so that `user` can be given them. */
  async releaseAliases(user: User, attributes: readonly string[]): Promise<void> {
    for (const attribute of attributes) {
      const value = user.attributes[attribute];
      const holder = value ? this.find(user.poolId, value) : undefined;
      if (!holder || holder.sub === user.sub) continue;
      await this.update(holder, ({ attributes: held }) => ({
        attributes: { ...held, [`${attribute}_verified`]: 'false' },
      }));
    }
  }

  remove(user: User): Promise<void> {
    this.unindex(user);
    this.users.get(user.poolId)?.delete(user.sub);
    return this.stored.delete(key(user));
  }

  async removePool(poolId: string): Promise<void> {
    await Promise.all(this.list(poolId).map((user) => this.remove(user)));
  }

  /** Whether someone other than `sub` signs in with this value. */
  isTaken(poolId: string, value: string, sub?: string): boolean {
    const holder = this.find(poolId, value);
    return holder !== undefined && holder.sub !== sub;
  }

  private refuseTakenAlias(user: User): void {
    for (const attribute of ['email', 'phone_number', 'preferred_username']) {
      const value = user.attributes[attribute];
      if (value && this.namesOf(user).includes(value) && this.isTaken(user.poolId, value, user.sub)) {
        throw aliasExists(attribute === 'phone_number' ? 'phone number' : attribute);
      }
    }
  }

  private namesOf(user: User): string[] {
    // A provider's word for an address gives nobody a name to sign in with.
    if (user.status === 'EXTERNAL_PROVIDER') return [user.username];
    const { UsernameAttributes = [], AliasAttributes = [] } = this.poolOf(user.poolId).settings;
    const signIn = UsernameAttributes.map((attribute) => user.attributes[attribute]);
    const verified = AliasAttributes.filter(
      (attribute) =>
        attribute === 'preferred_username' || user.attributes[`${attribute}_verified`] === 'true',
    ).map((attribute) => user.attributes[attribute]);
    return [user.username, ...signIn, ...verified].filter((name): name is string => Boolean(name));
  }

  private index(user: User): void {
    nested(this.users, user.poolId).set(user.sub, user);
    const names = nested(this.names, user.poolId);
    for (const name of this.namesOf(user)) names.set(this.canonical(user.poolId, name), user.sub);
  }

  private unindex(user: User): void {
    const names = nested(this.names, user.poolId);
    for (const name of this.namesOf(user)) {
      const canonical = this.canonical(user.poolId, name);
      if (names.get(canonical) === user.sub) names.delete(canonical);
    }
  }
}

const key = (user: Pick<User, 'poolId' | 'sub'>): string => `${user.poolId}/${user.sub}`;

function nested<V>(outer: Map<string, Map<string, V>>, name: string): Map<string, V> {
  const existing = outer.get(name);
  if (existing) return existing;
  const created = new Map<string, V>();
  outer.set(name, created);
  return created;
}
