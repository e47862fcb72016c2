import type { Needed } from '../platform.ts';
import type { ConditionContext } from './conditions.ts';
import { AWS_MANAGED_POLICIES } from './managed-policies.ts';
import { compilePolicy, MalformedPolicy, type Statement } from './policy.ts';
import { type Grant, RolePolicies, type Verdict } from './role-policies.ts';

/** Roles and managed policies of the template. It is rebuilt at every start, so nothing of it is stored. */
export class IamRegistry {
  private readonly rolesByArn = new Map<string, RolePolicies>();
  private readonly rolesByName = new Map<string, RolePolicies>();
  private readonly managed = new Map<string, readonly Statement[]>();
  private readonly global: () => Readonly<Record<string, string>>;

  /** @param global - condition keys that AWS knows of every request (`aws:CurrentTime`, …) */
  constructor(global: () => Readonly<Record<string, string>>) {
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
    return role.authorize(needed.action, needed.resource, () => this.context(role, needed));
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

  private context(role: RolePolicies, needed: Needed): ConditionContext {
    const own = { 'aws:PrincipalArn': role.roleArn, 'aws:PrincipalType': 'AssumedRole' };
    const all = { ...this.global(), ...own, ...needed.context };
    return new Map(
      Object.entries(all).map(([key, value]) => [
        key.toLowerCase(),
        typeof value === 'string' ? [value] : [...value],
      ]),
    );
  }
}
