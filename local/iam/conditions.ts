import { type PatternOptions, pattern, type VariableValues } from './pattern.ts';

/** Values of a request by lower-case condition key. A key that the request does not carry is absent. */
export type ConditionContext = Pick<ReadonlyMap<string, readonly string[]>, 'get' | 'has'>;

export type Condition = (context: ConditionContext) => boolean;

/** Compares one value of the request with all values of the policy. */
type Test = (value: string, variables: VariableValues) => boolean;

interface Operator {
  /** Builds the test for the policy's values; `true` when one of them fits. */
  compile(expected: readonly string[]): Test;
  /** `StringNotEquals` and the like: true when *no* value of the policy fits, and when the key is missing. */
  readonly negated?: boolean;
}

export class UnsupportedCondition extends Error {
  constructor(operator: string) {
    super(`Condition operator "${operator}" is not one the local cloud evaluates`);
    this.name = 'UnsupportedCondition';
  }
}

/** Compiles a statement's `Condition` block: every operator and every key in it must hold. */
export function compileConditions(block: unknown): Condition | undefined {
  const tests = Object.entries(asRecord(block)).flatMap(([operator, keys]) =>
    Object.entries(asRecord(keys)).map(([key, values]) => compileOne(operator, key, strings(values))),
  );
  return tests.length === 0 ? undefined : (context) => tests.every((test) => test(context));
}

function compileOne(name: string, key: string, expected: readonly string[]): Condition {
  const lowerKey = key.toLowerCase();
  if (name === 'Null') return (context) => expected.includes(String(!context.has(lowerKey)));
  const { quantifier, operator, ifExists } = parseOperator(name);
  const fits = operator.compile(expected);
  return (context) => {
    const values = context.get(lowerKey);
    if (values === undefined || values.length === 0) {
      return (
        ifExists || quantifier === 'ForAllValues' || (operator.negated === true && quantifier === undefined)
      );
    }
    const variables: VariableValues = (variable) => context.get(variable)?.[0];
    const holds = (value: string): boolean => fits(value, variables) !== (operator.negated === true);
    // AWS leaves a plain operator on a multivalued key undefined; here every value must hold.
    return quantifier === 'ForAnyValue' ? values.some(holds) : values.every(holds);
  };
}

function parseOperator(name: string) {
  const [, quantifier, base = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const operator = OPERATORS[base];
  if (operator === undefined) throw new UnsupportedCondition(name);
  return { quantifier, operator, ifExists: ifExists !== undefined };
}

const texts =
  (options: PatternOptions) =>
  (expected: readonly string[]): Test => {
    const patterns = expected.map((value) => pattern(value, options));
    return (value, variables) => patterns.some((candidate) => candidate.matches(value, variables));
  };

/** Each of an ARN's six parts is compared on its own: a `*` in one part never swallows a colon of the first five. */
const arns = (expected: readonly string[]): Test => {
  const patterns = expected.map((value) => arnParts(value).map((part) => pattern(part)));
  return (value, variables) => {
    const parts = arnParts(value);
    return patterns.some(
      (candidate) =>
        candidate.length === parts.length &&
        candidate.every((part, index) => part.matches(parts[index] ?? '', variables)),
    );
  };
};

const arnParts = (arn: string): readonly string[] => {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
};

const ordered =
  (read: (text: string) => number, holds: (actual: number, limit: number) => boolean) =>
  (expected: readonly string[]): Test => {
    const limits = expected.map(read);
    return (value) => limits.some((limit) => holds(read(value), limit));
  };

const orderedFamily = (name: string, read: (text: string) => number): Record<string, Operator> => ({
  [`${name}Equals`]: { compile: ordered(read, (actual, limit) => actual === limit) },
  [`${name}NotEquals`]: { compile: ordered(read, (actual, limit) => actual === limit), negated: true },
  [`${name}LessThan`]: { compile: ordered(read, (actual, limit) => actual < limit) },
  [`${name}LessThanEquals`]: { compile: ordered(read, (actual, limit) => actual <= limit) },
  [`${name}GreaterThan`]: { compile: ordered(read, (actual, limit) => actual > limit) },
  [`${name}GreaterThanEquals`]: { compile: ordered(read, (actual, limit) => actual >= limit) },
});

/** Dates are ISO 8601 or epoch seconds. */
const readDate = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const exact = texts({ wildcards: false });
const exactIgnoringCase = texts({ wildcards: false, ignoreCase: true });
const like = texts({});

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { compile: exact },
  StringNotEquals: { compile: exact, negated: true },
  StringEqualsIgnoreCase: { compile: exactIgnoringCase },
  StringNotEqualsIgnoreCase: { compile: exactIgnoringCase, negated: true },
  StringLike: { compile: like },
  StringNotLike: { compile: like, negated: true },
  ArnEquals: { compile: arns },
  ArnLike: { compile: arns },
  ArnNotEquals: { compile: arns, negated: true },
  ArnNotLike: { compile: arns, negated: true },
  Bool: { compile: exactIgnoringCase },
  BinaryEquals: { compile: exact },
  ...orderedFamily('Numeric', Number),
  ...orderedFamily('Date', readDate),
};

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).map(String);
