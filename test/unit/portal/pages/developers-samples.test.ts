import { describe, expect, it } from 'vitest';
import { byArea, type Operation } from '../../../../portal/src/pages/developers/document.ts';
import { samplesOf } from '../../../../portal/src/pages/developers/samples.ts';

const anOperation = (given: Partial<Operation>): Operation => ({
  id: 'postSessions',
  method: 'POST',
  path: '/v1/sessions',
  summary: '',
  scopes: [],
  parameters: [],
  body: undefined,
  answer: { status: '200', schema: undefined },
  problems: [],
  ...given,
});

describe('a sample of an operation', () => {
  it('carries the example, by the client and by hand', () => {
    const body = { example: { identifier: 'ada@example.com', 'odd-name': "it's" } };
    const { client, curl } = samplesOf(anOperation({ body }), 'https://id.example');
    expect(client).toBe(
      `await identity.call('POST /v1/sessions', {\n  body: {\n    identifier: "ada@example.com",\n    "odd-name": "it's"\n  },\n});`,
    );
    expect(curl).toContain(
      "curl -X POST 'https://id.example/v1/sessions' \\\n  -H 'content-type: application/json'",
    );
    expect(curl).toContain(`"it'\\''s"`);
  });

  it('names what the address and the headers need, and a token where one is needed', () => {
    const operation = anOperation({
      method: 'DELETE',
      path: '/v1/me/sessions/{id}',
      scopes: ['vestibule/sessions'],
      parameters: [
        { name: 'id', in: 'path', required: true, schema: {} },
        { name: 'if-match', in: 'header', required: true, schema: {} },
        { name: 'limit', in: 'query', required: false, schema: {} },
      ],
    });
    const { client, curl } = samplesOf(operation, '');
    expect(client).toBe(
      "await identity.call('DELETE /v1/me/sessions/{id}', {\n  params: { id: '…' },\n  headers: { 'if-match': '…' },\n});",
    );
    expect(curl).toContain('-H "authorization: Bearer $ACCESS_TOKEN"');
    expect(curl).toContain("-H 'if-match: …'");
    expect(curl).not.toContain('limit');
  });

  it('is one line where nothing goes along', () => {
    const { client, curl } = samplesOf(anOperation({ method: 'GET', path: '/v1/me/factors' }), '');
    expect([client, curl]).toEqual(["await identity.call('GET /v1/me/factors');", "curl '/v1/me/factors'"]);
  });
});

it('operations are grouped by what they are about', () => {
  const paths = ['/v1/sessions', '/v1/sessions/refresh', '/v1/me/passkeys', '/v1/me/sessions/{id}'];
  const groups = byArea(paths.map((path) => anOperation({ path })));
  expect([...groups].map(([area, all]) => [area, all.length])).toEqual([
    ['sessions', 2],
    ['me/passkeys', 1],
    ['me/sessions', 1],
  ]);
});
