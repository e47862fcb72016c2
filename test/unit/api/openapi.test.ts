import { safeParse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { bodyExamples } from '../../../lambdas/api/examples.ts';
import { openApiDocument } from '../../../lambdas/api/openapi.ts';
import { errorsOf, routeList } from '../../../lambdas/api/routes.ts';
import { httpStatus } from '../../../lambdas/core/errors.ts';

interface Operation {
  operationId: string;
  security: Record<string, string[]>[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, unknown>;
  parameters?: { name: string; in: string; required: boolean }[];
}

const document = openApiDocument({ title: 'Harbour' }) as {
  paths: Record<string, Record<string, Operation>>;
};
const operation = (id: string): Operation => {
  const [method = '', path = ''] = id.split(' ');
  const found = document.paths[path]?.[method.toLowerCase()];
  if (!found) throw new Error(`no operation for ${id}`);
  return found;
};

describe('the OpenAPI description', () => {
  it.each(routeList.map((route) => [route.id, route] as const))('describes %s completely', (id, route) => {
    const described = operation(id);
    const statuses = new Set(
      [route.answer.status, ...errorsOf(route).map((code) => httpStatus[code])].map(String),
    );
    expect(new Set(Object.keys(described.responses))).toEqual(statuses);
    expect(described.security).toEqual(
      route.auth.kind !== 'public' ? [{ accessToken: [`vestibule/${route.auth.scope}`] }] : [],
    );
    expect(described.requestBody !== undefined).toBe(route.body !== undefined);
  });

  it.each(routeList.filter(({ body }) => body).map((route) => [route.id, route] as const))(
    'has an example for %s that its own schema takes',
    (id, route) => {
      const example = (bodyExamples as Record<string, unknown>)[id];
      expect(route.body && safeParse(route.body, example).success).toBe(true);
      expect(operation(id).requestBody?.content['application/json']?.example).toEqual(example);
    },
  );

  it('names every operation once, and path, query and header parameters', () => {
    const ids = routeList.map(({ id }) => operation(id).operationId);
    expect(new Set(ids).size).toBe(routeList.length);
    expect(ids).toContain('postRegistrationsConfirm');
    expect(operation('PUT /v1/me/prompts/{field}').parameters).toMatchObject([
      { name: 'field', in: 'path', required: true },
    ]);
    expect(operation('GET /v1/me/activity').parameters?.map(({ name }) => name)).toEqual(['limit', 'cursor']);
    expect(operation('PATCH /v1/me/profile').parameters).toMatchObject([
      { name: 'locale', in: 'query', required: false },
      { name: 'if-match', in: 'header', required: true },
    ]);
  });

  it('is plain JSON and the same every time', () =>
    expect(JSON.stringify(openApiDocument({ title: 'Harbour' }))).toBe(JSON.stringify(document)));
});

it('keeps an error out of the table that no code knows', () => {
  for (const route of routeList)
    for (const code of errorsOf(route)) expect(httpStatus[code]).toBeGreaterThanOrEqual(400);
});
