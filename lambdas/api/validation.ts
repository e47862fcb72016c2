import { type GenericIssue, type GenericSchema, safeParse } from 'valibot';
import { CiamError, type FieldProblem } from '../core/errors.ts';

/** More than this many at once help nobody and could be made to grow. */
const maxProblems = 20;
const maxPointerLength = 200;

/** RFC 6901: `~` and `/` inside a name are escaped. */
export const pointerTo = (keys: readonly unknown[]): string =>
  keys
    .map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .slice(0, maxPointerLength);

/**
 * The checked value.
 * @param root - where the value was found, for the pointers: empty for the body, `query` for the query
 * @throws CiamError `REQUEST_INVALID` naming every refused field, never quoting what was sent
 */
export function parseWith(
  schema: GenericSchema<unknown, unknown>,
  value: unknown,
  root: readonly string[],
): unknown {
  const parsed = safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw refused(parsed.issues.slice(0, maxProblems).map((issue) => problemOf(issue, root)));
}

const refused = (fields: readonly FieldProblem[]): CiamError =>
  new CiamError('REQUEST_INVALID', 'The request has fields that are not allowed as they are.', { fields });

const problemOf = (issue: GenericIssue, root: readonly string[]): FieldProblem => ({
  pointer: pointerTo([...root, ...(issue.path?.map((item) => item.key) ?? [])]),
  detail: detailOf(issue),
});

/** Says what is allowed. `issue.message` and `issue.received` quote the input and are never used. */
function detailOf(issue: GenericIssue): string {
  if (issue.expected === 'never') return 'is not known here';
  const atKey = issue.path?.at(-1)?.origin === 'key';
  if (atKey) return 'is required';
  switch (issue.type) {
    case 'min_length':
      return `must be at least ${issue.requirement} long`;
    case 'max_length':
      return `must be at most ${issue.requirement} long`;
    case 'regex':
      return `must match ${String(issue.requirement)}`;
    default:
      return `must be ${issue.expected ?? 'something else'}`;
  }
}

/** Names that every object has: schemas of free names pass over them in silence. */
const reservedNames = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * @throws CiamError `REQUEST_INVALID` for a reserved name anywhere in the value; without recursion, as 16 kB of
 *   brackets are deeper than a call stack
 */
export function refuseReservedNames(value: object): void {
  const waiting: [object, readonly string[]][] = [[value, []]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, path] = next;
    for (const [key, child] of Object.entries(node)) {
      if (reservedNames.has(key))
        throw refused([{ pointer: pointerTo([...path, key]), detail: 'is not known here' }]);
      // Pointers are cut anyway; a path as long as the nesting would cost the square of it.
      if (typeof child === 'object' && child !== null)
        waiting.push([child, path.length < 8 ? [...path, key] : path]);
    }
  }
}
