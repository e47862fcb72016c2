import type { ConditionContext } from './conditions.ts';
import type { ActionMatch, Statement } from './policy.ts';

/** One action on one resource of one statement of one role: the unit that is counted, listed and removed. */
export interface Grant {
  readonly roleArn: string;
  readonly roleName: string;
  readonly policy: string;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly action: string;
  readonly resources: readonly string[];
  readonly conditional: boolean;
  /** How often a call was decided by it since the start. */
  readonly used: number;
  /** How often only this action on these resources allowed a call: without such grants it would have been denied. */
  readonly alone: number;
}

export interface Verdict {
  readonly allowed: boolean;
  /** The tail of AWS's message: `because no identity-based policy allows the dynamodb:GetItem action`. */
  readonly why: string;
}

interface Entry {
  readonly grant: Grant & { used: number; alone: number };
  readonly action: ActionMatch;
  readonly statement: Statement;
}

interface CachedVerdict {
  readonly verdict: Verdict;
  readonly decidedBy: Entry | undefined;
  /** Nothing but what says the same would have decided so. */
  readonly isAlone?: boolean;
}

/** Resources such as S3 keys vary without end; a full cache starts again. */
const CACHED_VERDICTS = 10_000;

/** The identity-based policies of one role. */
export class RolePolicies {
  readonly roleArn: string;
  readonly roleName: string;
  private entries: readonly Entry[] = [];
  private readonly byAction = new Map<string, readonly Entry[]>();
  private readonly verdicts = new Map<string, CachedVerdict>();

  constructor(roleArn: string, roleName: string) {
    this.roleArn = roleArn;
    this.roleName = roleName;
  }

  attach(policy: string, statements: readonly Statement[]): void {
    const kept = this.entries.filter((entry) => entry.grant.policy !== policy);
    this.replace([...kept, ...statements.flatMap((statement) => this.entriesOf(policy, statement))]);
  }

  grants(): readonly Grant[] {
    return this.entries.map(({ grant }) => ({ ...grant }));
  }

  /** Takes grants away until `restore` is called on the result. */
  remove(match: (grant: Grant) => boolean): { readonly removed: readonly Grant[]; restore(): void } {
    const before = this.entries;
    const removed = before.filter(({ grant }) => match(grant));
    this.replace(before.filter((entry) => !removed.includes(entry)));
    return {
      removed: removed.map(({ grant }) => grant),
      restore: () => this.replace([...this.entries.filter((entry) => !removed.includes(entry)), ...removed]),
    };
  }

  /** @param context - built only when a statement of this action has a condition or a policy variable */
  authorize(action: string, resource: string, context: () => ConditionContext): Verdict {
    const candidates = this.candidates(action);
    if (candidates.some((entry) => entry.statement.conditional)) {
      return counted(decide(candidates, action, resource, context()));
    }
    const key = `${action}\n${resource}`;
    const cached =
      this.verdicts.get(key) ?? this.remember(key, decide(candidates, action, resource, new Map()));
    return counted(cached);
  }

  private candidates(action: string): readonly Entry[] {
    const known = this.byAction.get(action);
    if (known !== undefined) return known;
    const found = this.entries.filter((entry) => entry.action.matches(action));
    this.byAction.set(action, found);
    return found;
  }

  private remember(key: string, verdict: CachedVerdict): CachedVerdict {
    if (this.verdicts.size >= CACHED_VERDICTS) this.verdicts.clear();
    this.verdicts.set(key, verdict);
    return verdict;
  }

  private replace(entries: readonly Entry[]): void {
    this.entries = entries;
    this.byAction.clear();
    this.verdicts.clear();
  }

  private entriesOf(policy: string, statement: Statement): readonly Entry[] {
    const { sid, effect, resources, conditional } = statement;
    return statement.actions.map((action) => ({
      grant: {
        roleArn: this.roleArn,
        roleName: this.roleName,
        policy,
        sid,
        effect,
        action: action.label,
        resources,
        conditional,
        used: 0,
        alone: 0,
      },
      action,
      statement,
    }));
  }
}

/** An explicit Deny wins, then any Allow; nothing said means no. */
function decide(
  candidates: readonly Entry[],
  action: string,
  resource: string,
  context: ConditionContext,
): CachedVerdict {
  const applying = candidates.filter(({ statement }) => statement.appliesTo(resource, context));
  const denial = applying.find(({ statement }) => statement.effect === 'Deny');
  if (denial !== undefined) {
    return {
      verdict: { allowed: false, why: 'with an explicit deny in an identity-based policy' },
      decidedBy: denial,
    };
  }
  const [allowance] = applying;
  if (allowance !== undefined) {
    const isAlone = applying.every(({ grant }) => saysTheSame(grant, allowance.grant));
    const verdict = { allowed: true, why: `allowed by ${allowance.grant.policy}` };
    return { verdict, decidedBy: allowance, isAlone };
  }
  const why = `because no identity-based policy allows the ${action} action`;
  return { verdict: { allowed: false, why }, decidedBy: undefined };
}

const saysTheSame = (one: Grant, other: Grant): boolean =>
  one.action === other.action && one.resources.join() === other.resources.join();

function counted({ verdict, decidedBy, isAlone = false }: CachedVerdict): Verdict {
  if (decidedBy !== undefined) {
    decidedBy.grant.used += 1;
    if (isAlone) decidedBy.grant.alone += 1;
  }
  return verdict;
}
