import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';

export type JsonSchema = { readonly [key: string]: unknown };

/** What travels, as JSON Schema 2020-12 (OpenAPI 3.1): the input side of a schema, before it is turned into anything. */
export function wireSchema(schema: GenericSchema<unknown, unknown>): JsonSchema {
  const { $schema: _, ...rest } = toJsonSchema(schema, { target: 'draft-2020-12', typeMode: 'input' });
  return rest as JsonSchema;
}

/** Keywords that came after draft-04; API Gateway refuses a model that has one. */
const unknownToDraft04 = new Set(['$schema', 'propertyNames', 'examples', '$id']);

/**
 * A request body as an API Gateway model: JSON Schema draft-04 without what that draft does not know.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function gatewayModel(schema: GenericSchema<unknown, unknown>): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-04/schema#',
    ...(draft04(toJsonSchema(schema, { target: 'draft-07', typeMode: 'input' })) as JsonSchema),
  };
}

function draft04(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(draft04);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
    if (unknownToDraft04.has(key)) return [];
    if (key === 'const') return [['enum', [value]]];
    // draft-04 wants at least one name
    if (key === 'required' && Array.isArray(value) && value.length === 0) return [];
    return [[key, draft04(value)]];
  });
  return Object.fromEntries(entries);
}
