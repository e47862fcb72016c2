import { beforeEach, describe, expect, it } from 'vitest';
import { failed, succeeded } from '../../../support/fake-cloud.ts';
import { ApiUnderTest, FUNCTION, json, lambdaUri } from './api-under-test.ts';

let api: ApiUnderTest;
beforeEach(async () => {
  api = await ApiUnderTest.open();
});

describe('routing', () => {
  it.each([
    ['/v1/me/prompts/locale', { field: 'locale' }, '/v1/me/prompts/{field}'],
    ['/v1/me/prompts/fixed', null, '/v1/me/prompts/fixed'],
    ['/v1/me/prompts/a%2Fb', { field: 'a/b' }, '/v1/me/prompts/{field}'],
    ['/v1/files/a/b/c', { path: 'a/b/c' }, '/v1/files/{path+}'],
  ])('sends %s to its resource', async (path, pathParameters, resource) => {
    await api.method('GET', '/v1/me/prompts/{field}');
    await api.method('GET', '/v1/me/prompts/fixed');
    await api.method('GET', '/v1/files/{path+}');
    await api.send('GET', path);
    expect(api.lastEvent()).toMatchObject({ resource, pathParameters });
  });

  it.each([
    ['GET', '/v1/nothing'],
    ['DELETE', '/v1/sessions'],
    ['POST', '/v1/sessions/'],
    ['POST', '/V1/sessions'],
    ['GET', '/'],
  ])('answers %s %s as AWS answers what does not exist', async (method, path) => {
    await api.method('POST', '/v1/sessions');
    const response = await api.send(method, path);
    expect([response.status, json(response)]).toEqual([403, { message: 'Missing Authentication Token' }]);
  });

  it('prefers a method to ANY', async () => {
    await api.method('ANY', '/v1/x');
    expect((await api.send('PATCH', '/v1/x')).status).toBe(200);
  });
});

describe('Lambda proxy event', () => {
  it('has the shape of version 1', async () => {
    await api.method('POST', '/v1/sessions');
    await api.send('POST', '/v1/sessions', {
      headers: {
        'user-agent': 'vitest',
        'content-type': 'application/json',
        'x-many': 'a, b',
        cookie: 'c=1',
      },
      headerValues: {
        'user-agent': ['vitest'],
        'content-type': ['application/json'],
        'x-many': ['a', 'b'],
        cookie: ['c=1'],
      },
      query: 'p=1&p=2&q=%20',
      body: { hello: 'wörld' },
      sourceIp: '192.0.2.7',
    });
    const event = api.lastEvent();
    expect(event).toMatchObject({
      resource: '/v1/sessions',
      path: '/v1/sessions',
      httpMethod: 'POST',
      headers: { 'x-many': 'b', 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'https' },
      multiValueHeaders: { 'x-many': ['a', 'b'], 'x-forwarded-for': ['192.0.2.7'] },
      queryStringParameters: { p: '2', q: ' ' },
      multiValueQueryStringParameters: { p: ['1', '2'], q: [' '] },
      pathParameters: null,
      stageVariables: null,
      body: '{"hello":"wörld"}',
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        apiId: api.apiId,
        domainPrefix: api.apiId,
        httpMethod: 'POST',
        path: '/dev/v1/sessions',
        protocol: 'HTTP/1.1',
        requestTime: '22/Nov/2026:12:00:00 +0000',
        requestTimeEpoch: 1795348800000,
        resourcePath: '/v1/sessions',
        stage: 'dev',
        identity: { sourceIp: '192.0.2.7', userAgent: 'vitest', caller: null, apiKey: null },
      },
    });
    expect(event).not.toHaveProperty('requestContext.authorizer');
  });

  it('leaves out what was not sent', async () => {
    await api.method('GET', '/v1/x');
    await api.send('GET', '/v1/x');
    expect(api.lastEvent()).toMatchObject({
      body: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
    });
  });

  it('appends the peer to a forwarded address that the client made up', async () => {
    await api.method('GET', '/v1/x');
    await api.send('GET', '/v1/x', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(api.lastEvent()).toMatchObject({
      headers: { 'x-forwarded-for': '203.0.113.9, 127.0.0.1' },
      requestContext: { identity: { sourceIp: '127.0.0.1' } },
    });
  });

  it('lets a client choose the request id by a UUID, never the extended one', async () => {
    await api.method('GET', '/v1/x');
    const chosen = '11111111-2222-4333-8444-555555555555';
    const response = await api.send('GET', '/v1/x', { headers: { 'x-amzn-requestid': chosen } });
    expect(response.headers?.['x-amzn-requestid']).toBe(chosen);
    await api.send('GET', '/v1/x', { headers: { 'x-amzn-requestid': 'not-a-uuid' } });
    const { requestContext } = api.lastEvent<{ requestContext: Record<string, string> }>();
    expect(requestContext.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(requestContext.extendedRequestId).toMatch(/^[\w-]{15}=$/);
  });

  it('encodes bodies of binary types, and passes stage variables', async () => {
    api = await ApiUnderTest.open({ BinaryMediaTypes: ['image~1*'] }, { Variables: { colour: 'blue' } });
    await api.method('POST', '/v1/x');
    await api.send('POST', '/v1/x', {
      headers: { 'content-type': 'image/png' },
      body: Buffer.from([0xff, 0]),
    });
    expect(api.lastEvent()).toMatchObject({
      body: '/wA=',
      isBase64Encoded: true,
      stageVariables: { colour: 'blue' },
    });
  });

  it('invokes as API Gateway, with the source ARN that permissions name and the deadline of the integration', async () => {
    const Integration = { Type: 'AWS_PROXY', Uri: lambdaUri(FUNCTION), TimeoutInMillis: 5_000 };
    await api.method('PUT', '/v1/me/prompts/{field}', { Integration });
    await api.send('PUT', '/v1/me/prompts/locale');
    expect(api.calls().at(-1)?.options).toEqual({
      principal: 'apigateway.amazonaws.com',
      sourceArn: `arn:aws:execute-api:eu-central-1:000000000000:${api.apiId}/dev/PUT/v1/me/prompts/{field}`,
      deadlineMs: 5_000,
    });
  });
});

describe('Lambda proxy answer', () => {
  const answered = async (payload: unknown) => {
    await api.method('GET', '/v1/x');
    api.answer(() => succeeded(payload));
    return api.send('GET', '/v1/x', { headers: { accept: 'image/png' } });
  };

  it('passes status, headers and body on', async () => {
    const response = await answered({
      statusCode: 201,
      headers: { 'Content-Type': 'application/problem+json', ETag: '"1"' },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], etag: ['"1"'] },
      body: 'hi',
    });
    expect(response).toMatchObject({
      status: 201,
      headers: { 'content-type': 'application/problem+json', etag: '"1"', 'set-cookie': ['a=1', 'b=2'] },
      body: 'hi',
    });
  });

  it('renames what the gateway keeps for itself', async () => {
    const response = await answered({
      statusCode: 401,
      headers: { 'WWW-Authenticate': 'Bearer', Server: 'x' },
    });
    expect(response.headers).toMatchObject({
      'content-type': 'application/json',
      'x-amzn-remapped-www-authenticate': 'Bearer',
      'x-amzn-remapped-server': 'x',
    });
    expect(response.headers).not.toHaveProperty('www-authenticate');
  });

  it('decodes base64 only where the client accepts a binary type of the API', async () => {
    const payload = { statusCode: 200, body: '/wA=', isBase64Encoded: true };
    expect((await answered(payload)).body).toBe('/wA=');
    api = await ApiUnderTest.open({ BinaryMediaTypes: ['image/png'] });
    expect((await answered(payload)).body).toEqual(Buffer.from([0xff, 0]));
  });

  it.each([
    ['nothing', null],
    ['text', 'ok'],
    ['no status', { body: 'x' }],
    ['a status that is none', { statusCode: 'ok' }],
    ['an object as body', { statusCode: 200, body: {} }],
    ['an unknown field', { statusCode: 200, cookies: [] }],
    ['a nested header', { statusCode: 200, headers: { a: {} } }],
    ['a multi-value header that is no list', { statusCode: 200, multiValueHeaders: { a: 'b' } }],
  ])('answers 502 to %s', async (_name, payload) => {
    const response = await answered(payload);
    expect([response.status, json(response)]).toEqual([502, { message: 'Internal server error' }]);
    expect(api.cloud.logged.at(-1)?.fields?.reason).toContain('Malformed Lambda proxy response');
  });

  it.each([
    ['threw', 5, 502, 'Internal server error'],
    ['crashed', 5, 502, 'Internal server error'],
    ['timeout', 5, 502, 'Internal server error'],
    ['timeout', 29_000, 504, 'Endpoint request timed out'],
    ['denied', 0, 500, 'Internal server error'],
    ['throttled', 0, 500, 'Internal server error'],
  ] as const)('answers a function that %s after %i ms with %i', async (kind, durationMs, status, message) => {
    await api.method('GET', '/v1/x');
    api.answer(() => failed(kind, 'Error', 'secret detail', durationMs));
    const response = await api.send('GET', '/v1/x');
    expect([response.status, json(response)]).toEqual([status, { message }]);
  });
});
