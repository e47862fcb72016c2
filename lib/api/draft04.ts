type Schema = Readonly<Record<string, unknown>>;

/** Keywords of draft-04 that API Gateway's validator honours; everything else would be refused or silently ignored. */
const kept = [
  'type',
  'enum',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'pattern',
  'minItems',
  'maxItems',
];

/**
 * JSON Schema draft-07 (as our schemas convert) → the part of draft-04 that an API Gateway model may hold.
 * Looser where draft-04 has no word for it, never stricter: the function checks again.
 */
export function toDraft04(schema: Schema): Schema {
  const result: Record<string, unknown> = {};
  for (const key of kept) if (schema[key] !== undefined) result[key] = schema[key];
  if ('const' in schema) result.enum = [schema.const];
  if (schema.properties)
    result.properties = mapValues(schema.properties as Record<string, Schema>, toDraft04);
  if (Array.isArray(schema.required) && schema.required.length > 0) result.required = schema.required;
  if (schema.items) result.items = toDraft04(schema.items as Schema);
  if (schema.additionalProperties !== undefined) {
    const rest = schema.additionalProperties;
    result.additionalProperties = typeof rest === 'boolean' ? rest : toDraft04(rest as Schema);
  }
  for (const key of ['anyOf', 'oneOf', 'allOf'] as const) {
    if (Array.isArray(schema[key])) result[key] = (schema[key] as Schema[]).map(toDraft04);
  }
  return result;
}

const mapValues = <V, R>(record: Readonly<Record<string, V>>, map: (value: V) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
