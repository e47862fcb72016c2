import type { ProvisionedResource } from '../platform.ts';
import { substitute } from './substitute.ts';
import { TemplateError } from './template.ts';

/** What expressions may refer to while a template is deployed. */
export interface Scope {
  /** Parameters and pseudo parameters such as `AWS::Region`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly mappings: Readonly<Record<string, Record<string, Record<string, unknown>>>>;
  /** Expressions of the template's conditions. */
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly resources: ReadonlyMap<string, ProvisionedResource>;
  /** Value of `{{resolve:ssm:…}}` and `{{resolve:secretsmanager:…}}`, given what is between the braces. */
  dynamicReference(service: string, reference: string): Promise<string>;
}

/** `AWS::NoValue`: the property or list item that it stands for does not exist. */
const nothing = Symbol('AWS::NoValue');

type Evaluate = (value: unknown, scope: Scope) => Promise<unknown>;

/**
 * Gives a value of the template with every intrinsic function replaced by what it stands for.
 * @throws TemplateError naming the function and what it could not find
 */
export async function resolveValue(value: unknown, scope: Scope): Promise<unknown> {
  const resolved = await evaluate(value, scope);
  return resolved === nothing ? undefined : resolved;
}

export async function resolveCondition(name: string, scope: Scope): Promise<boolean> {
  if (!(name in scope.conditions)) throw new TemplateError(`Condition: there is no condition "${name}"`);
  return (await evaluate(scope.conditions[name], scope)) === true;
}

const evaluate: Evaluate = async (value, scope) => {
  if (typeof value === 'string') return dynamic(value, scope);
  if (Array.isArray(value)) {
    const items = await Promise.all(value.map((item) => evaluate(item, scope)));
    return items.filter((item) => item !== nothing);
  }
  if (typeof value !== 'object' || value === null) return value;
  const call = intrinsicCall(value);
  if (call) return call.run(call.argument, scope);
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await evaluate(item, scope)] as const),
  );
  return Object.fromEntries(entries.filter(([, item]) => item !== nothing));
};

/** An object with one key that names an intrinsic function is a call of it. */
function intrinsicCall(value: object): { run: Evaluate; argument: unknown } | undefined {
  const [first, ...others] = Object.entries(value);
  if (!first || others.length > 0) return undefined;
  const [name, argument] = first;
  // `Condition` with anything but a name is a property, for example of a policy statement.
  if (name === 'Condition' && typeof argument !== 'string') return undefined;
  const run = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (run) return { run, argument };
  if (name.startsWith('Fn::')) throw new TemplateError(`${name} is not known to the local cloud`);
  return undefined;
}

const functions: Readonly<Record<string, Evaluate>> = {
  Ref: async (name, scope) => reference(String(name), scope),
  'Fn::GetAtt': async (argument, scope) => {
    const [id, attribute] = await attributePath(argument, scope);
    return attributeOf(id, attribute, scope);
  },
  'Fn::Sub': async (argument, scope) => {
    const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
    const values = (await evaluate(own ?? {}, scope)) as Record<string, unknown>;
    const filled = substitute(String(text), (name) => {
      if (Object.hasOwn(values, name)) return values[name];
      const dot = name.indexOf('.');
      return dot < 0 ? reference(name, scope) : attributeOf(name.slice(0, dot), name.slice(dot + 1), scope);
    });
    return dynamic(filled, scope);
  },
  'Fn::Join': async (argument, scope) => {
    const [separator, items] = pair('Fn::Join', argument);
    return dynamic(list('Fn::Join', await evaluate(items, scope)).join(String(separator)), scope);
  },
  'Fn::Select': async (argument, scope) => {
    const [index, items] = pair('Fn::Select', await evaluate(argument, scope));
    const chosen = list('Fn::Select', items)[Number(index)];
    if (chosen === undefined) throw new TemplateError(`Fn::Select: there is no item ${index}`);
    return chosen;
  },
  'Fn::Split': async (argument, scope) => {
    const [separator, text] = pair('Fn::Split', await evaluate(argument, scope));
    return String(text).split(String(separator));
  },
  'Fn::Base64': async (argument, scope) =>
    Buffer.from(String(await evaluate(argument, scope))).toString('base64'),
  'Fn::FindInMap': async (argument, scope) => {
    const [map, first, second] = list('Fn::FindInMap', await evaluate(argument, scope)).map(String);
    const found = scope.mappings[map ?? '']?.[first ?? '']?.[second ?? ''];
    if (found === undefined) throw new TemplateError(`Fn::FindInMap: nothing at ${map}.${first}.${second}`);
    return found;
  },
  'Fn::GetAZs': async (_argument, scope) =>
    ['a', 'b', 'c'].map((zone) => `${scope.parameters['AWS::Region']}${zone}`),
  Condition: async (name, scope) => resolveCondition(String(name), scope),
  'Fn::If': async (argument, scope) => {
    const [name, whenTrue, whenFalse] = list('Fn::If', argument);
    return evaluate((await resolveCondition(String(name), scope)) ? whenTrue : whenFalse, scope);
  },
  'Fn::Equals': async (argument, scope) => {
    const [left, right] = pair('Fn::Equals', await evaluate(argument, scope));
    return JSON.stringify(asText(left)) === JSON.stringify(asText(right));
  },
  'Fn::Not': async (argument, scope) => list('Fn::Not', await evaluate(argument, scope))[0] !== true,
  'Fn::And': async (argument, scope) =>
    list('Fn::And', await evaluate(argument, scope)).every((item) => item === true),
  'Fn::Or': async (argument, scope) =>
    list('Fn::Or', await evaluate(argument, scope)).some((item) => item === true),
};

/** CloudFormation compares text: `1` and `"1"` are equal. */
const asText = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;

function reference(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') return nothing;
  if (Object.hasOwn(scope.parameters, name)) return scope.parameters[name];
  const resource = scope.resources.get(name);
  if (resource) return resource.physicalId;
  throw new TemplateError(`Ref: there is no parameter and no deployed resource "${name}"`);
}

async function attributePath(argument: unknown, scope: Scope): Promise<[string, string]> {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  const [id, attribute] = pair('Fn::GetAtt', argument);
  return [String(id), String(await evaluate(attribute, scope))];
}

function attributeOf(id: string, attribute: string, scope: Scope): unknown {
  const resource = scope.resources.get(id);
  if (!resource) throw new TemplateError(`Fn::GetAtt: there is no deployed resource "${id}"`);
  const value = resource.attributes[attribute];
  if (value !== undefined) return value;
  const known = Object.keys(resource.attributes).join(', ') || 'none';
  throw new TemplateError(`Fn::GetAtt: ${id} has no attribute "${attribute}" locally; it has: ${known}`);
}

function list(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value))
    throw new TemplateError(`${name}: expected a list, got ${JSON.stringify(value)}`);
  return value;
}

function pair(name: string, value: unknown): readonly [unknown, unknown] {
  const items = list(name, value);
  if (items.length !== 2) throw new TemplateError(`${name}: expected two items, got ${items.length}`);
  return [items[0], items[1]];
}

const dynamicPattern = /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}/g;

async function dynamic(text: string, scope: Scope): Promise<string> {
  if (!text.includes('{{resolve:')) return text;
  let resolved = text;
  for (const [whole, service = '', reference = ''] of text.matchAll(dynamicPattern)) {
    const value = await scope.dynamicReference(service, reference);
    resolved = resolved.replace(whole, () => value);
  }
  return resolved;
}
