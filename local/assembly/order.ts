import { substituted } from './substitute.ts';
import { TemplateError, type TemplateResource } from './template.ts';

/**
 * Logical ids in an order in which each comes after everything it refers to; otherwise as in the template.
 * @throws TemplateError for a circle, with its path, and for a DependsOn that names nothing
 */
export function deploymentOrder(resources: Readonly<Record<string, TemplateResource>>): readonly string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string) => {
    if (done.has(id)) return;
    const start = path.indexOf(id);
    if (start >= 0) throw new TemplateError(`circular dependency: ${[...path.slice(start), id].join(' → ')}`);
    path.push(id);
    for (const dependency of dependencies(id, resources)) visit(dependency);
    path.pop();
    done.add(id);
  };
  for (const id of Object.keys(resources)) visit(id);
  return [...done];
}

function dependencies(id: string, resources: Readonly<Record<string, TemplateResource>>): readonly string[] {
  const { Properties, DependsOn = [] } = resources[id] as TemplateResource;
  const explicit = typeof DependsOn === 'string' ? [DependsOn] : DependsOn;
  const missing = explicit.find((name) => !Object.hasOwn(resources, name));
  if (missing) throw new TemplateError(`${id}: DependsOn names "${missing}", which is no resource`);
  const referred = references(Properties).filter((name) => Object.hasOwn(resources, name));
  return [...new Set([...explicit, ...referred])];
}

/** Every name behind Ref, GetAtt and Sub anywhere in a value: resources, but parameters too. */
export function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, argument]) => {
    if (key === 'Ref' && typeof argument === 'string') return [argument];
    if (key === 'Fn::GetAtt')
      return [String(Array.isArray(argument) ? argument[0] : argument).split('.')[0] ?? ''];
    if (key === 'Fn::Sub') return inSub(argument);
    return references(argument);
  });
}

function inSub(argument: unknown): readonly string[] {
  const [text, own = {}] = Array.isArray(argument) ? argument : [argument];
  const names = substituted(String(text)).filter((name) => !Object.hasOwn(own as object, name));
  return [...names.map((name) => name.split('.')[0] ?? ''), ...references(own)];
}
