import { beforeEach, describe, expect, it } from 'vitest';
import { failed, succeeded } from '../../../support/fake-cloud.ts';
import { ApiUnderTest, AUTHORIZER, json, lambdaUri } from './api-under-test.ts';

let api: ApiUnderTest;
beforeEach(async () => {
  api = await ApiUnderTest.open();
});

const wholeApi = (methodArn: string): string => `${methodArn.split('/').slice(0, 2).join('/')}/*`;

const policy = (Effect: string, Resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }],
});

const allowing = (context: Record<string, unknown> = {}) =>
  api.answer(
    (event) =>
      succeeded({
        principalId: 'user-1',
        policyDocument: policy('Allow', wholeApi(String(event.methodArn))),
        context,
      }),
    AUTHORIZER,
  );

const guarded = async (properties: Record<string, unknown> = {}) => {
  const authorizer = await api.provision('Authorizer', 'Authorizer', {
    Name: 'token',
    Type: 'TOKEN',
    AuthorizerUri: lambdaUri(AUTHORIZER),
    IdentitySource: 'method.request.header.Authorization',
    AuthorizerResultTtlInSeconds: 5,
    ...properties,
  });
  const more = { AuthorizationType: 'CUSTOM', AuthorizerId: authorizer.physicalId };
  await api.method('GET', '/v1/me/profile', more);
  await api.method('PATCH', '/v1/me/profile', more);
};

const get = (token?: string) =>
  api.send('GET', '/v1/me/profile', token === undefined ? {} : { headers: { authorization: token } });

describe('TOKEN authorizer', () => {
  it('passes the context on as strings beside the principal', async () => {
    await guarded();
    allowing({ sub: 'user-1', aal: 2, fresh: true, nothing: null });
    expect((await get('Bearer t')).status).toBe(200);
    expect(api.lastEvent(AUTHORIZER)).toEqual({
      type: 'TOKEN',
      authorizationToken: 'Bearer t',
      methodArn: `arn:aws:execute-api:eu-central-1:000000000000:${api.apiId}/dev/GET/v1/me/profile`,
    });
    expect(api.lastEvent()).toHaveProperty('requestContext.authorizer', {
      sub: 'user-1',
      aal: '2',
      fresh: 'true',
      principalId: 'user-1',
      integrationLatency: 3,
    });
  });

  it('is invoked as API Gateway under its own ARN', async () => {
    await guarded();
    allowing();
    await get('Bearer t');
    expect(api.calls(AUTHORIZER)[0]?.options).toMatchObject({
      principal: 'apigateway.amazonaws.com',
      sourceArn: expect.stringMatching(/:execute-api:.+\/authorizers\/\w{6}$/),
    });
  });

  it('answers 401 without a token and does not ask', async () => {
    await guarded();
    const response = await get();
    expect([response.status, json(response)]).toEqual([401, { message: 'Unauthorized' }]);
    expect(api.calls(AUTHORIZER)).toHaveLength(0);
  });

  it('answers 401 to a token that its expression refuses', async () => {
    await guarded({ IdentityValidationExpression: 'Bearer .+' });
    allowing();
    expect((await get('Basic x')).status).toBe(401);
    expect((await get('Bearer x')).status).toBe(200);
    expect(api.calls(AUTHORIZER)).toHaveLength(1);
  });

  it('keeps a result for its lifetime by token, for every method', async () => {
    await guarded();
    allowing();
    await get('Bearer t');
    await api.send('PATCH', '/v1/me/profile', { headers: { authorization: 'Bearer t' } });
    expect(api.calls(AUTHORIZER)).toHaveLength(1);
    await get('Bearer other');
    expect(api.calls(AUTHORIZER)).toHaveLength(2);
    api.cloud.clock.advance(5_000);
    await get('Bearer t');
    expect(api.calls(AUTHORIZER)).toHaveLength(3);
  });

  it('asks every time with a lifetime of 0', async () => {
    await guarded({ AuthorizerResultTtlInSeconds: 0 });
    allowing();
    await get('Bearer t');
    await get('Bearer t');
    expect(api.calls(AUTHORIZER)).toHaveLength(2);
  });

  it('refuses the other methods of a cached policy that names one', async () => {
    await guarded();
    api.answer(
      (event) => succeeded({ principalId: 'u', policyDocument: policy('Allow', String(event.methodArn)) }),
      AUTHORIZER,
    );
    expect((await get('Bearer t')).status).toBe(200);
    const response = await api.send('PATCH', '/v1/me/profile', { headers: { authorization: 'Bearer t' } });
    expect([response.status, json(response)]).toEqual([
      403,
      { message: 'User is not authorized to access this resource' },
    ]);
  });

  it('answers 403 to an explicit deny, also from the cache', async () => {
    await guarded();
    api.answer(
      (event) => succeeded({ principalId: 'u', policyDocument: policy('Deny', String(event.methodArn)) }),
      AUTHORIZER,
    );
    await get('Bearer t');
    const response = await get('Bearer t');
    expect(response.status).toBe(403);
    expect(json(response)).toEqual({
      message: 'User is not authorized to access this resource with an explicit deny',
    });
    expect(api.calls(AUTHORIZER)).toHaveLength(1);
  });

  it('answers 401 when the function says Unauthorized, and does not remember it', async () => {
    await guarded();
    api.answer(() => failed('threw', 'Error', 'Unauthorized'), AUTHORIZER);
    expect((await get('Bearer t')).status).toBe(401);
    expect((await get('Bearer t')).status).toBe(401);
    expect(api.calls(AUTHORIZER)).toHaveLength(2);
  });

  it.each<[string, () => ReturnType<typeof succeeded>]>([
    ['fails', () => failed('threw', 'Error', 'boom')],
    ['times out', () => failed('timeout', 'Sandbox.Timedout', 'late')],
    ['may not be invoked', () => failed('denied', 'AccessDenied', 'no permission')],
    ['answers nothing', () => succeeded(null)],
    ['forgets the policy', () => succeeded({ principalId: 'u' })],
    [
      'nests its context',
      () => succeeded({ principalId: 'u', policyDocument: policy('Allow', '*'), context: { a: {} } }),
    ],
  ])('never lets a request through when the function %s', async (_name, answer) => {
    await guarded();
    api.answer(answer, AUTHORIZER);
    const response = await get('Bearer t');
    expect([response.status, json(response)]).toEqual([500, { message: null }]);
    expect(api.calls()).toHaveLength(0);
  });
});

describe('REQUEST authorizer', () => {
  const sources = 'method.request.header.Authorization, method.request.querystring.client';

  it('sees the request, and keys its cache by all identity sources', async () => {
    await guarded({ Type: 'REQUEST', IdentitySource: sources });
    allowing();
    const send = (client: string) =>
      api.send('GET', '/v1/me/profile', {
        headers: { authorization: 'Bearer t' },
        query: `client=${client}`,
      });
    await send('a');
    await send('a');
    await send('b');
    expect(api.calls(AUTHORIZER)).toHaveLength(2);
    expect(api.lastEvent(AUTHORIZER)).toMatchObject({
      type: 'REQUEST',
      resource: '/v1/me/profile',
      path: '/v1/me/profile',
      httpMethod: 'GET',
      headers: { authorization: 'Bearer t' },
      queryStringParameters: { client: 'b' },
      requestContext: { stage: 'dev', resourcePath: '/v1/me/profile' },
    });
  });

  it('answers 401 when one of its identity sources is missing', async () => {
    await guarded({ Type: 'REQUEST', IdentitySource: sources });
    expect((await get('Bearer t')).status).toBe(401);
  });
});

describe('authorizer resource', () => {
  it.each([
    ['a user pool authorizer', { Type: 'COGNITO_USER_POOLS' }, 'COGNITO_USER_POOLS'],
    ['a lifetime above an hour', { AuthorizerResultTtlInSeconds: 3601 }, '3601'],
    ['a URI without a function', { AuthorizerUri: 'arn:x' }, 'AuthorizerUri'],
  ])('refuses %s by name', async (_name, properties, word) =>
    expect(guarded(properties)).rejects.toThrow(word),
  );
});
