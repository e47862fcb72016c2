import { AwsError } from '../../platform.ts';

/**
 * Event patterns of EventBridge, also used by the filters of event source mappings: every field of the pattern must
 * match, a field matches when any of its listed values does.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export type Matches = (event: unknown) => boolean;

type Values = readonly unknown[] | undefined;
type Matcher = (values: Values) => boolean;

/** @throws AwsError `InvalidEventPatternException` naming the field, also for matchers that are not implemented */
export function compilePattern(pattern: unknown, path = ''): Matches {
  if (!isObject(pattern)) throw invalid(path || 'pattern', 'expected an object');
  const tests = Object.entries(pattern).map(([key, rule]) => {
    const here = path ? `${path}.${key}` : key;
    if (key === '$or') return anyOf(rule, here, path);
    return Array.isArray(rule) ? leaf(key, rule, here) : nested(key, compilePattern(rule, here));
  });
  return (event) => tests.every((test) => test(event));
}

function anyOf(rule: unknown, here: string, path: string): Matches {
  if (!Array.isArray(rule)) throw invalid(here, 'expected a list of patterns');
  const options = rule.map((option) => compilePattern(option, path));
  return (event) => options.some((option) => option(event));
}

const nested =
  (key: string, inner: Matches): Matches =>
  (event) => {
    const value = isObject(event) ? event[key] : undefined;
    return Array.isArray(value) ? value.some(inner) : inner(value);
  };

function leaf(key: string, rules: readonly unknown[], here: string): Matches {
  if (rules.length === 0) throw invalid(here, 'an empty list matches nothing');
  const matchers = rules.map((rule) => compileRule(rule, here));
  return (event) => {
    const value = isObject(event) ? event[key] : undefined;
    const values: Values = value === undefined ? undefined : Array.isArray(value) ? value : [value];
    return matchers.some((matcher) => matcher(values));
  };
}

function compileRule(rule: unknown, here: string): Matcher {
  if (!isObject(rule)) return some((value) => value === rule);
  const [[kind, operand] = ['', undefined], ...others] = Object.entries(rule);
  if (others.length > 0) throw invalid(here, 'one matcher per object');
  switch (kind) {
    case 'exists':
      // only leaf values count: an object is not a value
      return (values) => (values?.some((value) => !isObject(value)) ?? false) === (operand === true);
    case 'anything-but':
      return anythingBut(operand, here);
    case 'numeric':
      return some(numeric(operand, here));
    default:
      return some(textMatcher(kind, operand, here));
  }
}

const some =
  (test: (value: unknown) => boolean): Matcher =>
  (values) =>
    values?.some(test) ?? false;

function anythingBut(operand: unknown, here: string): Matcher {
  const refused = isObject(operand)
    ? compileRule(operand, here)
    : some((value) => (Array.isArray(operand) ? operand.includes(value) : operand === value));
  return (values) => values !== undefined && !refused(values);
}

function textMatcher(kind: string, operand: unknown, here: string): (value: unknown) => boolean {
  if (typeof operand !== 'string') throw invalid(here, `${kind || 'matcher'} expects a string`);
  const text = (test: (value: string) => boolean) => (value: unknown) =>
    typeof value === 'string' && test(value);
  switch (kind) {
    case 'prefix':
      return text((value) => value.startsWith(operand));
    case 'suffix':
      return text((value) => value.endsWith(operand));
    case 'equals-ignore-case':
      return text((value) => value.toLowerCase() === operand.toLowerCase());
    case 'wildcard': {
      const parts = operand.split('*').map((part) => part.replaceAll(/[\\^$+?.()|{}[\]]/g, '\\$&'));
      const expression = new RegExp(`^${parts.join('.*')}$`, 's');
      return text((value) => expression.test(value));
    }
    default:
      throw invalid(here, `the matcher "${kind}" is not implemented locally`);
  }
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `[">", 0, "<=", 5]`: every pair must hold. */
function numeric(operand: unknown, here: string): (value: unknown) => boolean {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 === 1) {
    throw invalid(here, 'numeric expects pairs of comparison and number');
  }
  const tests = Array.from({ length: operand.length / 2 }, (_, index) => {
    const compare = comparisons[String(operand[index * 2])];
    const bound: unknown = operand[index * 2 + 1];
    if (!compare || typeof bound !== 'number')
      throw invalid(here, 'numeric expects pairs of comparison and number');
    return (value: number) => compare(value, bound);
  });
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (field: string, problem: string): AwsError =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${field}: ${problem}`);
