/** Values that a policy variable such as `${aws:PrincipalTag/team}` may take, by lower-case key. */
export type VariableValues = (key: string) => string | undefined;

export interface Pattern {
  readonly source: string;
  /** True when the verdict depends on the request's context and must not be cached. */
  readonly variable: boolean;
  matches(text: string, variables: VariableValues): boolean;
}

const VARIABLE = /\$\{\s*([^},\s]+)\s*(?:,\s*'([^']*)')?\s*\}/g;
/** `${*}`, `${?}` and `${$}` write the character itself. */
const LITERALS = new Set(['*', '?', '$']);

export interface PatternOptions {
  readonly ignoreCase?: boolean;
  /** @default true */
  readonly variables?: boolean;
  /** False for `StringEquals`, where `*` is a star. @default true */
  readonly wildcards?: boolean;
}

/**
 * Compiles an IAM pattern: `*` is any text, `?` one character, `${key}` the value of a context key.
 * A variable without a value and without a default matches nothing, as in AWS.
 */
export function pattern(source: string, options: PatternOptions = {}): Pattern {
  const { ignoreCase = false, variables = true, wildcards = true } = options;
  const flags = ignoreCase ? 'is' : 's';
  const translate = wildcards ? withWildcards : literal;
  if (variables && source.includes('${')) return withVariables(source, flags, translate);
  if (wildcards && source === '*') return { source, variable: false, matches: () => true };
  if (!ignoreCase && (!wildcards || !/[*?]/.test(source))) {
    return { source, variable: false, matches: (text) => text === source };
  }
  const expression = new RegExp(`^${translate(source)}$`, flags);
  return { source, variable: false, matches: (text) => expression.test(text) };
}

type Translate = (text: string) => string;

function withVariables(source: string, flags: string, translate: Translate): Pattern {
  return {
    source,
    variable: true,
    matches(text, variables) {
      const filled = fill(source, variables, translate);
      return filled !== undefined && new RegExp(`^${filled}$`, flags).test(text);
    },
  };
}

/** The regular expression's text with every variable's value taken literally; `undefined` when one has no value. */
function fill(source: string, variables: VariableValues, translate: Translate): string | undefined {
  let expression = '';
  let position = 0;
  for (const found of source.matchAll(VARIABLE)) {
    const [whole, key = '', fallback] = found;
    const value = LITERALS.has(key) ? key : (variables(key.toLowerCase()) ?? fallback);
    if (value === undefined) return undefined;
    expression += translate(source.slice(position, found.index)) + literal(value);
    position = found.index + whole.length;
  }
  return expression + translate(source.slice(position));
}

const withWildcards: Translate = (text) => literal(text).replaceAll('\\*', '.*').replaceAll('\\?', '.');

const literal: Translate = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
