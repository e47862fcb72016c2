import { atPosition, forwardedAddresses, plainAddress } from './addresses.ts';
import { compileField } from './fields.ts';
import { RateCounter } from './rate.ts';
import { compileRateKey } from './rate-keys.ts';
import {
  asList,
  asProperties,
  type Evaluation,
  onlyKey,
  type Properties,
  UnsupportedWaf,
} from './request.ts';
import { compileTransformations } from './transformations.ts';

export type Matcher = (evaluation: Evaluation) => boolean;

/** What statements of a rule refer to. */
export interface StatementContext {
  readonly where: string;
  readonly bodyLimitBytes: number;
  addressSet(arn: string): (address: string) => boolean;
  patternSet(arn: string): readonly string[];
  /** Told about a statement whose verdict AWS alone can give; the rule that holds it then never matches. */
  notEvaluated(what: string): void;
  /** Told about a group of which some rules are known here; for the others it never matches. */
  partlyEvaluated(what: string): void;
}

const DEFAULT_WINDOW_SECONDS = 300;

export function compileStatement(statement: unknown, context: StatementContext): Matcher {
  const [kind, settings] = onlyKey(statement, context.where);
  const closed = CLOSED_STATEMENTS[kind];
  if (closed !== undefined) return notEvaluated(closed(settings), context);
  if (kind === 'ManagedRuleGroupStatement') return managedGroup(settings, context);
  const compile = STATEMENTS[kind];
  if (compile === undefined)
    throw new UnsupportedWaf(context.where, `statement ${kind} is not evaluated here`);
  return compile(settings, { ...context, where: `${context.where}.${kind}` });
}

const notEvaluated = (what: string, context: StatementContext): Matcher => {
  context.notEvaluated(what);
  return () => false;
};

/** AWS keeps the content of these to itself, or has data that a laptop has not. */
const CLOSED_STATEMENTS: Readonly<Record<string, (settings: Properties) => string>> = {
  GeoMatchStatement: () => 'country of the address',
  AsnMatchStatement: () => 'network operator of the address',
  SqliMatchStatement: () => 'SQL injection detection',
  XssMatchStatement: () => 'cross-site scripting detection',
};

/** The one rule of the core group that programs fall over, functions of ours among them, and that says all of itself. */
const noAgent = 'NoUserAgent_HEADER';

function managedGroup(settings: Properties, context: StatementContext): Matcher {
  const { VendorName, Name, ScopeDownStatement, RuleActionOverrides, ExcludedRules } = settings;
  const what = `managed rule group ${String(VendorName)}/${String(Name)}`;
  const changed = [...asList(RuleActionOverrides), ...asList(ExcludedRules)].map(asProperties);
  if (Name !== 'AWSManagedRulesCommonRuleSet' || changed.some((rule) => rule.Name === noAgent))
    return notEvaluated(what, context);
  const concerns = ScopeDownStatement ? compileStatement(ScopeDownStatement, context) : () => true;
  context.partlyEvaluated(`${what}, but for ${noAgent}`);
  return (evaluation) => evaluation.request.headers['user-agent'] === undefined && concerns(evaluation);
}

const STATEMENTS: Readonly<Record<string, (settings: Properties, context: StatementContext) => Matcher>> = {
  ByteMatchStatement: (settings, context) => {
    const position = POSITIONS[String(settings.PositionalConstraint)];
    if (position === undefined) throw new UnsupportedWaf(context.where, 'PositionalConstraint is not known');
    const search = searchString(settings);
    return content(settings, context, (text) => position(text, search));
  },
  RegexMatchStatement: (settings, context) => {
    const expression = regularExpression(String(settings.RegexString), context.where);
    return content(settings, context, (text) => expression.test(text));
  },
  RegexPatternSetReferenceStatement: (settings, context) => {
    const expressions = context
      .patternSet(String(settings.Arn))
      .map((source) => regularExpression(source, context.where));
    return content(settings, context, (text) => expressions.some((expression) => expression.test(text)));
  },
  SizeConstraintStatement: (settings, context) => {
    const compare = COMPARISONS[String(settings.ComparisonOperator)];
    if (compare === undefined) throw new UnsupportedWaf(context.where, 'ComparisonOperator is not known');
    return content(settings, context, (text) => compare(Buffer.byteLength(text), Number(settings.Size)));
  },
  IPSetReferenceStatement: addressMatch,
  LabelMatchStatement: labelMatch,
  AndStatement: (settings, context) => {
    const all = nested(settings, context);
    return (evaluation) => all.every((matches) => matches(evaluation));
  },
  OrStatement: (settings, context) => {
    const any = nested(settings, context);
    return (evaluation) => any.some((matches) => matches(evaluation));
  },
  NotStatement: (settings, context) => {
    const matches = compileStatement(settings.Statement, context);
    return (evaluation) => !matches(evaluation);
  },
  RateBasedStatement: rateBased,
};

const nested = (settings: Properties, context: StatementContext): readonly Matcher[] =>
  asList(settings.Statements).map((statement) => compileStatement(statement, context));

function content(settings: Properties, context: StatementContext, test: (text: string) => boolean): Matcher {
  const field = compileField(settings.FieldToMatch, context);
  const transform = compileTransformations(settings.TextTransformations, context.where);
  return ({ request }) => {
    const found = field(request);
    return 'fixed' in found ? found.fixed : found.some((text) => test(transform(text)));
  };
}

const searchString = ({ SearchString, SearchStringBase64 }: Properties): string =>
  SearchString === undefined
    ? Buffer.from(String(SearchStringBase64), 'base64').toString('utf8')
    : String(SearchString);

const POSITIONS: Readonly<Record<string, (text: string, search: string) => boolean>> = {
  EXACTLY: (text, search) => text === search,
  STARTS_WITH: (text, search) => text.startsWith(search),
  ENDS_WITH: (text, search) => text.endsWith(search),
  CONTAINS: (text, search) => text.includes(search),
  CONTAINS_WORD: (text, search) =>
    new RegExp(`(?<!\\w)${search.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?!\\w)`).test(text),
};

const COMPARISONS: Readonly<Record<string, (actual: number, size: number) => boolean>> = {
  EQ: (actual, size) => actual === size,
  NE: (actual, size) => actual !== size,
  LT: (actual, size) => actual < size,
  LE: (actual, size) => actual <= size,
  GT: (actual, size) => actual > size,
  GE: (actual, size) => actual >= size,
};

function regularExpression(source: string, where: string): RegExp {
  const ignoreCase = source.startsWith('(?i)');
  try {
    return new RegExp(ignoreCase ? source.slice(4) : source, ignoreCase ? 'is' : 's');
  } catch (cause) {
    throw new UnsupportedWaf(where, `"${source}" is not an expression JavaScript knows (${String(cause)})`);
  }
}

function addressMatch(settings: Properties, context: StatementContext): Matcher {
  const contains = context.addressSet(String(settings.Arn));
  if (settings.IPSetForwardedIPConfig === undefined) {
    return ({ request }) => contains(plainAddress(request.sourceIp));
  }
  const config = asProperties(settings.IPSetForwardedIPConfig);
  return ({ request }) => {
    const found = forwardedAddresses(request, config);
    if (found.kind === 'addresses') return atPosition(found.all, config).some(contains);
    return found.kind === 'invalid' && config.FallbackBehavior === 'MATCH';
  };
}

/** A key may leave out leading parts of a label, never cut a part in two. */
function labelMatch({ Scope, Key }: Properties): Matcher {
  const key = String(Key);
  const isLabel = (label: string): boolean => label === key || label.endsWith(`:${key}`);
  const isNamespace = (label: string): boolean => label.startsWith(key) || label.includes(`:${key}`);
  const test = Scope === 'NAMESPACE' ? isNamespace : isLabel;
  return ({ labels }) => [...labels].some(test);
}

function rateBased(settings: Properties, context: StatementContext): Matcher {
  const scopeDown =
    settings.ScopeDownStatement === undefined
      ? undefined
      : compileStatement(settings.ScopeDownStatement, context);
  const keyOf = compileRateKey(settings, context.where);
  const counter = new RateCounter(
    Number(settings.Limit),
    Number(settings.EvaluationWindowSec ?? DEFAULT_WINDOW_SECONDS),
  );
  return (evaluation) => {
    if (scopeDown !== undefined && !scopeDown(evaluation)) return false;
    const key = keyOf(evaluation);
    if (key === undefined) return false;
    return typeof key === 'string' ? counter.exceeds(key, evaluation.nowMs) : key.fixed;
  };
}
