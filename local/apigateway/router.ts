import type { ApiResource, RestApi } from './model.ts';

export interface Route {
  readonly resource: ApiResource;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Finds the resource of a path: literal parts win over `{name}`, which wins over `{name+}`. */
export function findRoute(api: RestApi, path: string): Route | undefined {
  const root = api.resources.get(api.rootResourceId);
  if (root === undefined) return undefined;
  const segments = path.split('/').slice(1);
  return path === '/' ? { resource: root, pathParameters: {} } : descend(root, segments, {});
}

function descend(
  resource: ApiResource,
  segments: readonly string[],
  parameters: Readonly<Record<string, string>>,
): Route | undefined {
  const [segment, ...rest] = segments;
  if (segment === undefined) return { resource, pathParameters: parameters };
  if (segment === '') return undefined;
  for (const child of byPrecedence(resource.children)) {
    const name = /^\{(\w[\w.-]*)(\+?)\}$/.exec(child.pathPart);
    if (name === null) {
      if (child.pathPart !== decoded(segment)) continue;
      const found = descend(child, rest, parameters);
      if (found !== undefined) return found;
      continue;
    }
    const [, key = '', greedy] = name;
    if (greedy === '+')
      return { resource: child, pathParameters: { ...parameters, [key]: segments.map(decoded).join('/') } };
    const found = descend(child, rest, { ...parameters, [key]: decoded(segment) });
    if (found !== undefined) return found;
  }
  return undefined;
}

const byPrecedence = (resources: readonly ApiResource[]): readonly ApiResource[] =>
  [...resources].sort((first, second) => rank(first.pathPart) - rank(second.pathPart));

const rank = (part: string): number => (part.endsWith('+}') ? 2 : part.startsWith('{') ? 1 : 0);

/** A malformed escape stays as it came: it names no resource and no parameter of ours. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
