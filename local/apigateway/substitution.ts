/** `$context.error.messageString`, `$stageVariables.colour`, `$method.request.header.Origin` */
const REFERENCE = /\$(context|stageVariables|method)((?:\.[A-Za-z0-9_-]+)+)/g;

export type Scope = Readonly<Record<'context' | 'stageVariables' | 'method', unknown>>;

/** Reads `a.b.c` of nested records; `undefined` where a step is missing. */
export const readPath = (root: unknown, path: string): unknown =>
  path
    .split('.')
    .filter((part) => part !== '')
    .reduce<unknown>((value, part) => (isRecord(value) ? value[part] : undefined), root);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Gateway responses and access logs replace references only; they know no directives. */
export const substitute = (text: string, scope: Scope, missing: string): string =>
  text.replace(REFERENCE, (_, root: keyof Scope, path: string) => {
    const value = readPath(scope[root], path);
    if (value === undefined || value === null) return missing;
    return path === QUOTED ? String(value) : escaped(String(value));
  });

/** The one value that brings its own quotes. */
const QUOTED = '.error.messageString';

/** What a client sent cannot break out of a JSON template, nor make two lines of one. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A header mapping: `'static'`, `context.requestId`, `method.request.header.Origin` or `stageVariables.colour`. */
export function mappedValue(expression: string, scope: Scope): string | undefined {
  const fixed = /^'(.*)'$/s.exec(expression)?.[1];
  if (fixed !== undefined) return fixed;
  const [root = '', ...rest] = expression.split('.');
  const value = root in scope ? readPath(scope[root as keyof Scope], rest.join('.')) : undefined;
  return value === undefined || value === null ? undefined : String(value);
}
