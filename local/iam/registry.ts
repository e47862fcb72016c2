import type { Needed } from '../platform.ts';
import type { ConditionContext } from './conditions.ts';
import { AWS_MANAGED_POLICIES } from './managed-policies.ts';
import { compilePolicy, MalformedPolicy, type Statement } from './policy.ts';
import { type Grant, RolePolicies, type Verdict } from './role-policies.ts';

/** Condition keys that AWS knows of every request (`aws:currenttime`, …), by lower-case name; read when asked for. */
export type GlobalKeys = Readonly<Record<string, () => string>>;

/** Roles and managed policies of the template. It is rebuilt at every start, so nothing of it is stored. */
export class IamRegistry {
  private readonly rolesByArn = new Map<string, RolePolicies>();
  private readonly rolesByName = new Map<string, RolePolicies>();
  private readonly managed = new Map<string, readonly Statement[]>();
  private readonly global: GlobalKeys;

  constructor(global: GlobalKeys) {
    this.global = global;
  }

  createRole(roleArn: string, roleName: string): RolePolicies {
    const role = new RolePolicies(roleArn, roleName);
    this.rolesByArn.set(roleArn, role);
    this.rolesByName.set(roleName, role);
    return role;
  }

  role(roleName: string): RolePolicies {
    const role = this.rolesByName.get(roleName);
    if (role === undefined) throw new MalformedPolicy('Roles', `no role is named "${roleName}"`);
    return role;
  }

  createManagedPolicy(policyArn: string, statements: readonly Statement[]): void {
    this.managed.set(policyArn, statements);
  }

  managedPolicy(policyArn: string): readonly Statement[] {
    const own = this.managed.get(policyArn);
    if (own !== undefined) return own;
    const name = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(policyArn)?.[1];
    const document = name === undefined ? undefined : AWS_MANAGED_POLICIES[name];
    if (document === undefined) {
      const known = Object.keys(AWS_MANAGED_POLICIES).join(', ');
      throw new MalformedPolicy('ManagedPolicyArns', `"${policyArn}" is not known here (known: ${known})`);
    }
    return compilePolicy(document, policyArn);
  }

  authorize(roleArn: string, needed: Needed): Verdict {
    const role = this.rolesByArn.get(roleArn);
    if (role === undefined) return { allowed: false, why: `because no role has the ARN ${roleArn}` };
    return role.authorize(
      needed.action,
      needed.resource,
      () => new RequestContext(role, needed, this.global),
    );
  }

  grants(): readonly Grant[] {
    return [...this.rolesByArn.values()].flatMap((role) => role.grants());
  }

  removeGrant(match: (grant: Grant) => boolean): { readonly removed: readonly Grant[]; restore(): void } {
    const removals = [...this.rolesByArn.values()].map((role) => role.remove(match));
    return {
      removed: removals.flatMap((removal) => removal.removed),
      restore: () => {
        for (const removal of removals) removal.restore();
      },
    };
  }
}

/** Condition keys of one request. Most statements ask for one key, so nothing is prepared in advance. */
class RequestContext implements ConditionContext {
  private readonly role: RolePolicies;
  private readonly own: readonly (readonly [string, readonly string[]])[];
  private readonly global: GlobalKeys;

  constructor(role: RolePolicies, { context = {} }: Needed, global: GlobalKeys) {
    this.role = role;
    this.own = Object.entries(context).map(([key, value]) => [
      key.toLowerCase(),
      typeof value === 'string' ? [value] : value,
    ]);
    this.global = global;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get(key: string): readonly string[] | undefined {
    const own = this.own.find(([name]) => name === key);
    if (own !== undefined) return own[1];
    if (key === 'aws:principalarn') return [this.role.roleArn];
    const value = Object.hasOwn(this.global, key) ? this.global[key] : undefined;
    return value && [value()];
  }
}
