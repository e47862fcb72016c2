/** What this page reads of an OpenAPI 3.1 document; the API makes it from the route table. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
}

export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly description?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

interface Content {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, unknown>>;
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly { readonly accessToken?: readonly string[] }[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Content>> }>
  >;
}

/** One operation as the page shows it. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly scopes: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body: Content | undefined;
  readonly answer: { readonly status: string; readonly schema: Schema | undefined };
  readonly problems: readonly { readonly status: string; readonly codes: readonly string[] }[];
}

export function operationsOf({ paths }: ApiDocument): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationOf(method.toUpperCase(), path, operation)),
  );
}

function operationOf(method: string, path: string, operation: DocumentedOperation): Operation {
  const { operationId, summary, security, parameters = [], requestBody, responses } = operation;
  const [status = '', success] =
    Object.entries(responses).find(([candidate]) => candidate.startsWith('2')) ?? [];
  return {
    id: operationId,
    method,
    path,
    summary,
    scopes: security.flatMap(({ accessToken = [] }) => accessToken),
    parameters,
    body: requestBody?.content['application/json'],
    answer: { status, schema: success?.content?.['application/json']?.schema },
    problems: Object.entries(responses)
      .filter(([candidate]) => candidate !== status)
      .map(([candidate, { content }]) => ({
        status: candidate,
        codes: Object.keys(content?.['application/problem+json']?.examples ?? {}),
      })),
  };
}

/** Operations that have every word of a search in their address, description, scope or error codes. */
export function matching(operations: readonly Operation[], wanted: string): readonly Operation[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter((operation) => {
    const { method, path, summary, id, scopes, problems } = operation;
    const codes = problems.flatMap((problem) => problem.codes);
    const all = [method, path, summary, id, ...scopes, ...codes].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** By what they are about: `sessions`, `me/passkeys`; a person's own things are too many for one group. */
export function byArea(operations: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const area = areaOf(operation.path);
    groups.set(area, [...(groups.get(area) ?? []), operation]);
  }
  return groups;
}

function areaOf(path: string): string {
  const [, , first = '', second = ''] = path.split('/');
  return first === 'me' || first === 'admin' ? `${first}/${second}` : first;
}

/** What may stand in a place, in the words of JSON Schema. */
export function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return [...new Set(either.map(typeOf))].join(' | ');
  if (schema.type === 'array') return schema.items ? `array of ${typeOf(schema.items)}` : 'array';
  return schema.type === undefined ? 'any' : [schema.type].flat().join(' | ');
}

/** Length, range and form, as short as they can be said. */
export function limitsOf({ minLength, maxLength, minimum, maximum, maxItems, pattern }: Schema): string {
  const range = (name: string, from?: number, to?: number) =>
    from === undefined && to === undefined ? [] : [`${name} ${from ?? 0}…${to ?? ''}`];
  return [
    ...range('length', minLength, maxLength),
    ...range('value', minimum, maximum),
    ...range('items', undefined, maxItems),
    ...(pattern === undefined ? [] : [pattern]),
  ].join(', ');
}
