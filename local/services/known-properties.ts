import { Fields } from './fields.ts';

/**
 * Reads an object of a template of which everything is known.
 * @throws AwsError naming each property that is not: what is not read would silently not happen here
 */
export function knownProperties(value: unknown, where: string, known: readonly string[]): Fields {
  const fields = new Fields(value ?? {});
  const unknown = Object.keys(fields.values).filter((name) => !known.includes(name));
  if (unknown.length > 0) fields.refuse(where, `${unknown.join(', ')}: not something the local cloud does`);
  return fields;
}
