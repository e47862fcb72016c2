import type { Operation } from './document.ts';

/** The same call twice: by the typed client, and by hand. */
export interface Samples {
  readonly client: string;
  readonly curl: string;
}

const indent = (text: string, by: number): string => text.replace(/\n/g, `\n${' '.repeat(by)}`);
const quoted = (word: string): string => (/^[a-z]\w*$/i.test(word) ? word : `'${word}'`);

/** JSON in the writing of a program: names without quotes where they need none. */
const literal = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/^(\s*)"([a-z]\w*)":/gim, '$1$2:');

/** How to make one call; what the document has no example for is said by its name. */
export function samplesOf({ method, path, parameters, body, scopes }: Operation, root: string): Samples {
  return {
    client: clientCall({ method, path, parameters, body }),
    curl: curlCall({ method, path, parameters, body, scopes }, root),
  };
}

function clientCall({
  method,
  path,
  parameters,
  body,
}: Pick<Operation, 'method' | 'path' | 'parameters' | 'body'>): string {
  const given = (place: 'path' | 'header') =>
    parameters
      .filter(({ in: where, required }) => where === place && required)
      .map(({ name }) => `${quoted(name)}: '…'`)
      .join(', ');
  const parts = [
    ...(given('path') ? [`params: { ${given('path')} }`] : []),
    ...(given('header') ? [`headers: { ${given('header')} }`] : []),
    ...(body ? [`body: ${body.example === undefined ? '{ … }' : indent(literal(body.example), 2)}`] : []),
  ];
  const route = `'${method} ${path}'`;
  return parts.length === 0
    ? `await identity.call(${route});`
    : `await identity.call(${route}, {\n  ${parts.join(',\n  ')},\n});`;
}

function curlCall(
  {
    method,
    path,
    parameters,
    body,
    scopes,
  }: Pick<Operation, 'method' | 'path' | 'parameters' | 'body' | 'scopes'>,
  root: string,
): string {
  const headers = parameters.filter(({ in: where, required }) => where === 'header' && required);
  const json = body && JSON.stringify(body.example ?? {}, null, 2);
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}'${root}${path}'`,
    ...(scopes.length > 0 ? ['-H "authorization: Bearer $ACCESS_TOKEN"'] : []),
    ...headers.map(({ name }) => `-H '${name}: …'`),
    ...(json ? ["-H 'content-type: application/json'", `-d '${json.replaceAll("'", "'\\''")}'`] : []),
  ].join(' \\\n  ');
}
