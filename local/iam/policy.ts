import { type Condition, type ConditionContext, compileConditions } from './conditions.ts';
import { type Pattern, pattern, type VariableValues } from './pattern.ts';

export class MalformedPolicy extends Error {
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.name = 'MalformedPolicy';
  }
}

/** One statement of a policy document, ready to be asked. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** One entry per action pattern; a `NotAction` list is one entry. */
  readonly actions: readonly ActionMatch[];
  readonly resources: readonly string[];
  /** True when the verdict depends on more than action and resource. */
  readonly conditional: boolean;
  appliesTo(resource: string, context: ConditionContext): boolean;
}

export interface ActionMatch {
  /** `dynamodb:Get*`, or `NotAction: …`. */
  readonly label: string;
  matches(action: string): boolean;
}

const NO_VARIABLES: VariableValues = () => undefined;

/** @throws MalformedPolicy naming `where` when a statement lacks what IAM requires of it */
export function compilePolicy(document: unknown, where: string): readonly Statement[] {
  if (typeof document !== 'object' || document === null)
    throw new MalformedPolicy(where, 'expected a policy document');
  const statements = (document as { Statement?: unknown }).Statement;
  if (statements === undefined) throw new MalformedPolicy(where, 'expected Statement');
  return list(statements).flatMap((statement, index) =>
    perResource((statement ?? {}) as Record<string, unknown>).map((one) =>
      compileStatement(one, `${where}.Statement[${index}]`),
    ),
  );
}

/** The same policy with one resource per statement, so that each is counted, listed and removed for itself. */
function perResource(statement: Record<string, unknown>): readonly Record<string, unknown>[] {
  const resources = texts(statement.Resource);
  return resources.length > 1 ? resources.map((Resource) => ({ ...statement, Resource })) : [statement];
}

function compileStatement(statement: Record<string, unknown>, where: string): Statement {
  const effect = statement.Effect;
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new MalformedPolicy(where, 'expected Effect Allow or Deny');
  const { patterns, resources, excluded } = compileResources(statement, where);
  const condition = compileConditions(statement.Condition);
  return {
    sid: typeof statement.Sid === 'string' ? statement.Sid : undefined,
    effect,
    actions: compileActions(statement, where),
    resources,
    conditional: condition !== undefined || patterns.some((candidate) => candidate.variable),
    appliesTo: (resource, context) =>
      anyMatches(patterns, resource, context) !== excluded && holds(condition, context),
  };
}

function compileActions(statement: Record<string, unknown>, where: string): readonly ActionMatch[] {
  const included = texts(statement.Action);
  const excluded = texts(statement.NotAction);
  if (included.length > 0) return included.map((label) => ({ label, matches: actionTest(label) }));
  if (excluded.length === 0) throw new MalformedPolicy(where, 'expected Action or NotAction');
  const tests = excluded.map(actionTest);
  return [
    { label: `NotAction: ${excluded.join(', ')}`, matches: (action) => !tests.some((test) => test(action)) },
  ];
}

/** Actions compare without case in IAM. */
const actionTest = (source: string) => {
  const compiled = pattern(source, { ignoreCase: true, variables: false });
  return (action: string): boolean => compiled.matches(action, NO_VARIABLES);
};

function compileResources(statement: Record<string, unknown>, where: string) {
  const included = texts(statement.Resource);
  const excluded = texts(statement.NotResource);
  if (included.length === 0 && excluded.length === 0)
    throw new MalformedPolicy(where, 'expected Resource or NotResource');
  const isExcluded = included.length === 0;
  const resources = isExcluded ? excluded : included;
  return {
    patterns: resources.map((resource) => pattern(resource)),
    resources: isExcluded ? resources.map((resource) => `NotResource: ${resource}`) : resources,
    excluded: isExcluded,
  };
}

const anyMatches = (patterns: readonly Pattern[], resource: string, context: ConditionContext): boolean =>
  patterns.some((candidate) => candidate.matches(resource, (key) => context.get(key)?.[0]));

const holds = (condition: Condition | undefined, context: ConditionContext): boolean =>
  condition === undefined || condition(context);

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const texts = (value: unknown): readonly string[] => (value === undefined ? [] : list(value).map(String));
