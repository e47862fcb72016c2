import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';

export type JsonSchema = { readonly [key: string]: unknown };

/** What travels, as JSON Schema 2020-12 (OpenAPI 3.1): the input side of a schema, before it is turned into anything. */
export function wireSchema(schema: GenericSchema<unknown, unknown>): JsonSchema {
  const { $schema: _, ...rest } = toJsonSchema(schema, { target: 'draft-2020-12', typeMode: 'input' });
  return rest as JsonSchema;
}
