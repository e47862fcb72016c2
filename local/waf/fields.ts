import {
  asList,
  asProperties,
  onlyKey,
  type Properties,
  UnsupportedWaf,
  type WafRequest,
} from './request.ts';

/** What a statement compares: any value may match. A fixed answer stands where content could not be inspected. */
export type FieldContent = readonly string[] | { readonly fixed: boolean };

export type Field = (request: WafRequest) => FieldContent;

/** Default of `AssociationConfig.RequestBody.*.DefaultSizeInspectionLimit`. */
export const DEFAULT_BODY_LIMIT_BYTES = 16 * 1024;
const HEADERS_LIMIT_BYTES = 8 * 1024;

export interface FieldOptions {
  readonly where: string;
  readonly bodyLimitBytes: number;
}

export function compileField(fieldToMatch: unknown, options: FieldOptions): Field {
  const [kind, settings] = onlyKey(fieldToMatch, `${options.where}.FieldToMatch`);
  const compile = FIELDS[kind];
  if (compile === undefined) throw new UnsupportedWaf(options.where, `field ${kind} is not evaluated here`);
  return compile(settings, options);
}

const FIELDS: Readonly<Record<string, (settings: Properties, options: FieldOptions) => Field>> = {
  UriPath: () => (request) => [request.path],
  QueryString: () => (request) => [request.query.toString()],
  Method: () => (request) => [request.method],
  SingleHeader: (settings) => {
    const name = nameOf(settings).toLowerCase();
    return (request) => present(request.headers[name]);
  },
  SingleQueryArgument: (settings) => {
    const name = nameOf(settings).toLowerCase();
    return (request) =>
      [...request.query].filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  },
  AllQueryArguments: () => (request) => [...request.query].flat(),
  Headers: (settings) => pairs(settings, 'Headers', (request) => Object.entries(request.headers)),
  Cookies: (settings) => pairs(settings, 'Cookies', (request) => [...readCookies(request)]),
  Body:
    (settings, { bodyLimitBytes }) =>
    (request) => {
      const fixed = oversize(request.body.length > bodyLimitBytes, settings);
      return fixed ?? [request.body.subarray(0, bodyLimitBytes).toString('utf8')];
    },
  JsonBody: (settings, { bodyLimitBytes }) => jsonBody(settings, bodyLimitBytes),
};

/** CDK passes the name through as it was written, so both spellings occur. */
const nameOf = (settings: Properties): string => String(settings.Name ?? settings.name);

const present = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);

function oversize(isOversize: boolean, settings: Properties): { readonly fixed: boolean } | undefined {
  const handling = settings.OversizeHandling ?? 'CONTINUE';
  return isOversize && handling !== 'CONTINUE' ? { fixed: handling === 'MATCH' } : undefined;
}

export function readCookies(request: WafRequest): ReadonlyMap<string, string> {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return new Map(
    cookies
      .filter((cookie) => cookie.includes('='))
      .map((cookie) => [cookie.slice(0, cookie.indexOf('=')), cookie.slice(cookie.indexOf('=') + 1)]),
  );
}

function pairs(
  settings: Properties,
  kind: 'Headers' | 'Cookies',
  read: (request: WafRequest) => readonly (readonly [string, string])[],
): Field {
  const chosen = asProperties(settings.MatchPattern);
  const included = lowerCase(chosen[`Included${kind}`]);
  const excluded = lowerCase(chosen[`Excluded${kind}`]);
  const isChosen = (name: string): boolean =>
    chosen.All !== undefined || included.has(name) || (excluded.size > 0 && !excluded.has(name));
  const scope = settings.MatchScope;
  return (request) => {
    const all = read(request);
    const bytes = all.reduce((total, [name, value]) => total + name.length + value.length, 0);
    const matching = all.filter(([name]) => isChosen(name.toLowerCase()));
    return (
      oversize(bytes > HEADERS_LIMIT_BYTES, settings) ??
      matching.flatMap(([name, value]) => scoped(scope, name, value))
    );
  };
}

const lowerCase = (names: unknown): ReadonlySet<string> =>
  new Set(asList(names).map((name) => String(name).toLowerCase()));

const scoped = (scope: unknown, key: string, value: string): readonly string[] =>
  scope === 'KEY' ? [key] : scope === 'VALUE' ? [value] : [key, value];

function jsonBody(settings: Properties, limitBytes: number): Field {
  const pattern = asProperties(settings.MatchPattern);
  const paths = asList(pattern.IncludedPaths).map(String);
  return (request) => {
    const fixed = oversize(request.body.length > limitBytes, settings);
    if (fixed !== undefined) return fixed;
    const text = request.body.subarray(0, limitBytes).toString('utf8');
    const leaves = parseLeaves(text);
    if (leaves === undefined) return invalidJson(settings.InvalidFallbackBehavior, text);
    return leaves
      .filter(
        ({ pointer }) =>
          paths.length === 0 || paths.some((path) => pointer === path || pointer.startsWith(`${path}/`)),
      )
      .flatMap(({ key, value }) => scoped(settings.MatchScope, key, value));
  };
}

const invalidJson = (fallback: unknown, text: string): FieldContent =>
  fallback === 'MATCH' || fallback === 'NO_MATCH' ? { fixed: fallback === 'MATCH' } : [text];

interface Leaf {
  readonly pointer: string;
  readonly key: string;
  readonly value: string;
}

/** Keys and scalar values with their JSON pointers; `undefined` when the text is not JSON. */
function parseLeaves(text: string): readonly Leaf[] | undefined {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return undefined;
  }
  return leavesOf(root, '', '');
}

const leavesOf = (value: unknown, pointer: string, key: string): readonly Leaf[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, child]) => leavesOf(child, `${pointer}/${name}`, name))
    : [{ pointer, key, value: String(value) }];
