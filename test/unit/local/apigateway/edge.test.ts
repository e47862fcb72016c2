import { beforeEach, describe, expect, it } from 'vitest';
import { provision } from '../../../support/fake-cloud.ts';
import { ApiUnderTest, json } from './api-under-test.ts';

let api: ApiUnderTest;
beforeEach(async () => {
  api = await ApiUnderTest.open();
});

describe('request validation', () => {
  const schema = {
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    additionalProperties: false,
    required: ['name', 'age'],
    properties: {
      name: { type: 'string', minLength: 1 },
      age: { type: 'number', minimum: 0, exclusiveMinimum: true },
    },
  };

  const validated = async (models: Record<string, string>, more: Record<string, unknown> = {}) => {
    const validator = await api.provision('RequestValidator', 'Validator', {
      ValidateRequestBody: true,
      ValidateRequestParameters: true,
    });
    await api.provision('Model', 'Person', {
      Name: 'Person',
      ContentType: 'application/json',
      Schema: schema,
    });
    const reference = `https://apigateway.amazonaws.com/restapis/${api.apiId}/models/Person`;
    await api.provision('Model', 'People', {
      Name: 'People',
      Schema: { type: 'array', items: { $ref: reference } },
    });
    await api.method('POST', '/v1/x', {
      RequestValidatorId: validator.physicalId,
      RequestModels: models,
      ...more,
    });
  };
  const post = (body: unknown, contentType = 'application/json') =>
    api.send('POST', '/v1/x', { body, headers: { 'content-type': contentType } });

  it.each<[string, unknown, number]>([
    ['a fitting body', { name: 'a', age: 1 }, 200],
    ['a missing field', { name: 'a' }, 400],
    ['an unknown field', { name: 'a', age: 1, x: 1 }, 400],
    ['a wrong type', { name: 1, age: 1 }, 400],
    ['the excluded bound of draft-04', { name: 'a', age: 0 }, 400],
    ['no JSON', '{', 400],
    ['no body', undefined, 400],
  ])('answers %s', async (_name, body, status) => {
    await validated({ 'application/json': 'Person' });
    const response = await post(body, 'application/json; charset=utf-8');
    expect(response.status).toBe(status);
    if (status === 400) expect(json(response)).toEqual({ message: 'Invalid request body' });
    expect(api.calls()).toHaveLength(status === 200 ? 1 : 0);
  });

  it('does not validate a content type without a model, unless $default catches it', async () => {
    await validated({ 'application/json': 'Person' });
    expect((await post('{}', 'text/plain')).status).toBe(200);
    api = await ApiUnderTest.open();
    await validated({ $default: 'Person' });
    expect((await post('{}', 'text/plain')).status).toBe(400);
  });

  it('follows references to other models', async () => {
    await validated({ 'application/json': 'People' });
    expect((await post([{ name: 'a', age: 1 }])).status).toBe(200);
    expect((await post([{ name: 'a' }])).status).toBe(400);
  });

  it('requires parameters by presence', async () => {
    await validated(
      {},
      {
        RequestParameters: {
          'method.request.querystring.locale': true,
          'method.request.header.If-Match': true,
          'method.request.querystring.optional': false,
        },
      },
    );
    const response = await api.send('POST', '/v1/x', { query: 'locale=%20' });
    expect([response.status, json(response)]).toEqual([
      400,
      { message: 'Missing required request parameters: [locale, If-Match]' },
    ]);
    const complete = await api.send('POST', '/v1/x', { query: 'locale=en', headers: { 'if-match': '"1"' } });
    expect(complete.status).toBe(200);
  });

  it('answers in the words of the gateway response, whatever the client sent', async () => {
    await api.provision('GatewayResponse', 'BadBody', {
      ResponseType: 'BAD_REQUEST_BODY',
      StatusCode: '422',
      ResponseParameters: {
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
        'gatewayresponse.header.X-Origin': 'method.request.header.Origin',
        'gatewayresponse.header.X-Id': 'context.requestId',
      },
      ResponseTemplates: {
        'application/problem+json':
          '{"detail":$context.error.messageString,"why":"$context.error.validationErrorString","id":"$context.requestId","type":"$context.error.responseType"}',
      },
    });
    await validated({ 'application/json': 'Person' });
    const response = await api.send('POST', '/v1/x', {
      body: { name: 'a', age: 1, '"},"x":{"': 1 },
      headers: { origin: 'https://app.example' },
    });
    const id = response.headers?.['x-amzn-requestid'];
    expect(response).toMatchObject({
      status: 422,
      headers: {
        'content-type': 'application/problem+json',
        'access-control-allow-origin': '*',
        'x-origin': 'https://app.example',
        'x-id': id,
      },
    });
    expect(json(response)).toEqual({
      detail: 'Invalid request body',
      why: expect.stringContaining('must NOT have additional properties'),
      id,
      type: 'BAD_REQUEST_BODY',
    });
  });

  it('takes headers from DEFAULT_4XX and leaves the status alone', async () => {
    const cors = { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" };
    await api.provision('GatewayResponse', 'Default', {
      ResponseType: 'DEFAULT_4XX',
      ResponseParameters: cors,
    });
    const response = await api.send('GET', '/nothing');
    expect(response).toMatchObject({ status: 403, headers: { 'access-control-allow-origin': '*' } });
    expect(json(response)).toEqual({ message: 'Missing Authentication Token' });
  });
});

describe('throttles', () => {
  const statuses = async (count: number, path: string) => {
    const all: number[] = [];
    for (let call = 0; call < count; call += 1) all.push((await api.send('GET', path)).status);
    return all;
  };

  it('limits each method by its burst and refills by the clock', async () => {
    api = await ApiUnderTest.open(
      {},
      {
        MethodSettings: [
          { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 10, ThrottlingBurstLimit: 3 },
          { ResourcePath: '/~1v1~1x', HttpMethod: 'GET', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 },
        ],
      },
    );
    await api.method('GET', '/v1/x');
    await api.method('GET', '/v1/y');
    expect(await statuses(2, '/v1/x')).toEqual([200, 429]);
    expect(await statuses(4, '/v1/y')).toEqual([200, 200, 200, 429]);
    api.cloud.clock.advance(100);
    expect(await statuses(2, '/v1/y')).toEqual([200, 429]);
    expect(await statuses(1, '/v1/x')).toEqual([429]);
    api.cloud.clock.advance(1_000);
    expect(await statuses(1, '/v1/x')).toEqual([200]);
  });

  it('says it in AWS words', async () => {
    api = await ApiUnderTest.open(
      {},
      {
        MethodSettings: [
          { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 0 },
        ],
      },
    );
    await api.method('GET', '/v1/x');
    expect(json(await api.send('GET', '/v1/x'))).toEqual({ message: 'Too Many Requests' });
  });
});

describe('limits', () => {
  it.each([
    ['headers of more than 10,240 bytes', { headers: { a: 'x'.repeat(10_240) } }],
    ['a body of more than a function takes', { body: Buffer.alloc(6 * 1024 * 1024 + 1) }],
    ['a body of more than the gateway takes', { body: Buffer.alloc(10 * 1024 * 1024 + 1) }],
  ])('refuses %s', async (_name, sent) => {
    await api.method('POST', '/v1/x');
    expect((await api.send('POST', '/v1/x', sent)).status).toBe(413);
    expect(api.calls()).toHaveLength(0);
  });
});

describe('WAF before everything else', () => {
  const protect = async (rules: unknown[]) => {
    const acl = await provision(api.waf, 'AWS::WAFv2::WebACL', 'Acl', {
      Name: 'api',
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      Rules: rules,
    });
    const ResourceArn = `arn:aws:apigateway:eu-central-1::/restapis/${api.apiId}/stages/dev`;
    await provision(api.waf, 'AWS::WAFv2::WebACLAssociation', 'Link', {
      ResourceArn,
      WebACLArn: acl.attributes.Arn,
    });
  };
  const onPath = (search: string, Action: unknown) => ({
    Name: 'r',
    Priority: 0,
    Action,
    Statement: {
      ByteMatchStatement: {
        FieldToMatch: { UriPath: {} },
        SearchString: search,
        PositionalConstraint: 'STARTS_WITH',
        TextTransformations: [{ Priority: 0, Type: 'NONE' }],
      },
    },
  });

  it('blocks what a rule blocks, the stage being part of the path', async () => {
    await api.method('GET', '/v1/x');
    await protect([onPath('/dev/v1/', { Block: {} })]);
    const response = await api.send('GET', '/v1/x');
    expect([response.status, json(response)]).toEqual([403, { message: 'Forbidden' }]);
    expect(api.calls()).toHaveLength(0);
  });

  it('answers with the custom response of a rule', async () => {
    await protect([onPath('/dev/', { Block: { CustomResponse: { ResponseCode: 429 } } })]);
    expect((await api.send('GET', '/v1/x')).status).toBe(429);
  });

  it('hands inserted headers to the function and replaces forged ones', async () => {
    await api.method('GET', '/v1/x');
    const InsertHeaders = [{ Name: 'Country', Value: 'unknown' }];
    await protect([onPath('/', { Count: { CustomRequestHandling: { InsertHeaders } } })]);
    await api.send('GET', '/v1/x', { headers: { 'x-amzn-waf-country': 'DE', 'x-amzn-waf-other': 'kept' } });
    expect(api.lastEvent()).toMatchObject({
      headers: { 'x-amzn-waf-country': 'unknown', 'x-amzn-waf-other': 'kept' },
      multiValueHeaders: { 'x-amzn-waf-country': ['unknown'] },
    });
  });
});

describe('MOCK integrations', () => {
  const preflight = async (ResponseTemplates: Record<string, string>, more: Record<string, unknown> = {}) => {
    await api.method('OPTIONS', '/v1/x', {
      Integration: {
        Type: 'MOCK',
        RequestTemplates: { 'application/json': '{ statusCode: 200 }' },
        IntegrationResponses: [
          {
            StatusCode: '204',
            ResponseParameters: {
              'method.response.header.Access-Control-Allow-Methods': "'GET,POST'",
              'method.response.header.Vary': "'Origin'",
            },
            ResponseTemplates,
          },
        ],
        ...more,
      },
    });
    return (origin?: string) =>
      api.send('OPTIONS', '/v1/x', { headers: origin === undefined ? {} : { origin } });
  };

  it('answers a CORS preflight', async () => {
    const send = await preflight({});
    const response = await send('https://app.example');
    expect(response).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-methods': 'GET,POST', vary: 'Origin' },
      body: '',
    });
  });

  it('evaluates the template that CDK writes for several origins', async () => {
    const send = await preflight({
      'application/json': [
        '#set($origin = $input.params().header.get("Origin"))',
        '#if($origin == "")',
        '  #set($origin = $input.params().header.get("origin"))',
        '#end',
        '#if($origin == "https://a.example" || $origin.matches("https://[a-z]+\\.b\\.example"))',
        '  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)',
        '#end',
      ].join('\n'),
    });
    const allowed = async (origin?: string) => (await send(origin)).headers?.['access-control-allow-origin'];
    expect(await allowed('https://a.example')).toBe('https://a.example');
    expect(await allowed('https://x.b.example')).toBe('https://x.b.example');
    expect(await allowed('https://evil.example')).toBeUndefined();
    expect(await allowed()).toBeUndefined();
  });

  it('refuses a content type without a template where passthrough is NEVER', async () => {
    await preflight({}, { PassthroughBehavior: 'NEVER' });
    const response = await api.send('OPTIONS', '/v1/x', { headers: { 'content-type': 'text/plain' } });
    expect([response.status, json(response)]).toEqual([415, { message: 'Unsupported Media Type' }]);
  });

  it('names a directive that it does not evaluate when the API is built', async () =>
    expect(preflight({ 'application/json': '#foreach($a in $b)#end' })).rejects.toThrow('#foreach'));
});

describe('access log', () => {
  it('has one line per request in the format of the stage, however hostile the request', async () => {
    const Format =
      '{"id":"$context.requestId","route":"$context.httpMethod $context.resourcePath","status":$context.status,"agent":"$context.identity.userAgent","error":"$context.error.message","sub":"$context.authorizer.sub"}';
    api = await ApiUnderTest.open({}, { AccessLogSetting: { DestinationArn: 'arn', Format } });
    await api.method('GET', '/v1/x');
    await api.send('GET', '/v1/x', { headers: { 'user-agent': 'a"\n{"forged":1}' } });
    await api.send('GET', '/none');
    const [newest = '', oldest = ''] = api.service.accessLog();
    expect(JSON.parse(newest)).toMatchObject({
      status: 403,
      error: 'Missing Authentication Token',
      route: 'GET -',
    });
    expect(JSON.parse(oldest)).toMatchObject({
      status: 200,
      route: 'GET /v1/x',
      agent: 'a"\n{"forged":1}',
      sub: '-',
    });
  });

  it('refuses a format that names no request', async () =>
    expect(ApiUnderTest.open({}, { AccessLogSetting: { Format: '$context.status' } })).rejects.toThrow(
      'requestId',
    ));
});

describe('what is not played', () => {
  it.each([
    ['IAM authorization', { AuthorizationType: 'AWS_IAM' }, 'AWS_IAM'],
    ['API keys', { ApiKeyRequired: true }, 'ApiKeyRequired'],
    ['HTTP integrations', { Integration: { Type: 'HTTP_PROXY' } }, 'HTTP_PROXY'],
  ])('is refused by name: %s', async (_name, properties, word) =>
    expect(api.method('GET', '/v1/x', properties)).rejects.toThrow(word),
  );

  it('is refused by name: a second stage, an imported definition, an unknown API', async () => {
    await expect(api.provision('Stage', 'Second', { StageName: 'prod' })).rejects.toThrow('one stage');
    await expect(api.provision('RestApi', 'Other', { Body: {} })).rejects.toThrow('Body');
    await expect(api.provision('Model', 'M', { RestApiId: 'gone', Schema: {} })).rejects.toThrow(
      'no API has the id gone',
    );
  });
});
