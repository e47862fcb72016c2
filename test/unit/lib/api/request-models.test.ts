import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { routeList } from '../../../../lambdas/api/routes.ts';
import { toDraft04 } from '../../../../lib/api/draft04.ts';
import { bodySchema, modelId } from '../../../../lib/api/request-models.ts';

const withBody = routeList.filter((route) => route.body);
const route = (id: string) => {
  const found = withBody.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no route ${id}`);
  return found;
};
/** The same keywords mean the same in the draft that Ajv knows; `$schema` names the older one. */
const accepts = (id: string, body: unknown): boolean => {
  const { $schema: _, ...schema } = bodySchema(route(id), 'full');
  return new Ajv({ strict: false }).validate(schema, body) as boolean;
};

const keywordsOf = (schema: unknown): string[] =>
  Array.isArray(schema)
    ? schema.flatMap(keywordsOf)
    : typeof schema === 'object' && schema !== null
      ? Object.entries(schema).flatMap(([key, value]) => [
          key,
          ...(key === 'properties' ? Object.values(value as object).flatMap(keywordsOf) : keywordsOf(value)),
        ])
      : [];

describe('full request models', () => {
  it('use nothing but keywords that API Gateway honours', () => {
    const used = new Set(withBody.flatMap((each) => keywordsOf(bodySchema(each, 'full'))));
    const known = [
      '$schema',
      'title',
      'type',
      'properties',
      'required',
      'additionalProperties',
      'items',
      'enum',
    ];
    const bounds = [
      'minLength',
      'maxLength',
      'minimum',
      'maximum',
      'pattern',
      'minItems',
      'maxItems',
      'anyOf',
    ];
    expect([...used].filter((keyword) => ![...known, ...bounds].includes(keyword))).toEqual([]);
  });

  it('accept what the route takes and refuse what it does not', () => {
    const body = { identifier: 'ada@example.com', password: 'correct horse battery staple' };
    expect(accepts('POST /v1/sessions', body)).toBe(true);
    expect(accepts('POST /v1/sessions', { ...body, admin: true })).toBe(false);
    expect(accepts('POST /v1/sessions/challenge', { answer: '123456' })).toBe(false);
    expect(accepts('POST /v1/sessions', { ...body, password: 7 })).toBe(false);
  });

  it('take values of a profile as text, number or boolean, and null to remove one', () => {
    for (const value of ['Berlin', 3, true, null]) {
      expect(accepts('PATCH /v1/me/profile', { fields: { city: value } })).toBe(true);
    }
    expect(accepts('PATCH /v1/me/profile', { fields: { city: { nested: 1 } } })).toBe(false);
  });
});

describe('shape request models', () => {
  it('ask for an object and leave the naming of wrong fields to the function', () => {
    expect(bodySchema(route('POST /v1/sessions'), 'shape')).toEqual({
      $schema: 'http://json-schema.org/draft-04/schema#',
      title: 'JsonObject',
      type: 'object',
    });
  });
});

describe('toDraft04', () => {
  it('writes a constant as an enum of one', () => {
    expect(toDraft04({ const: true })).toEqual({ enum: [true] });
  });

  it('leaves out an empty list of required members, which draft-04 forbids', () => {
    expect(toDraft04({ type: 'object', required: [] })).toEqual({ type: 'object' });
  });

  it('drops what draft-04 does not know, at every depth', () => {
    expect(
      toDraft04({
        type: 'array',
        items: { type: 'object', propertyNames: {}, properties: { a: { type: 'string', format: 'email' } } },
      }),
    ).toEqual({ type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } });
  });
});

describe('modelId', () => {
  it('is unique and alphanumeric for every route', () => {
    const ids = routeList.map(modelId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]+$/);
  });
});
