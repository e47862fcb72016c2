import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { routeList } from '../../lambdas/api/routes.ts';
import { httpStatus } from '../../lambdas/core/errors.ts';
import { brandHeader, csrfHeader, deviceHeader, languageHeader } from '../../lambdas/core/request-headers.ts';
import { CustomerIdentity } from '../../lib/index.ts';
import sample from '../../vestibule.config.ts';
import {
  emptyBundles,
  emptyPages,
  functionNamed,
  ofType,
  resourcesOf,
  synthesize,
  testApp,
} from '../support/synth.ts';

const dev = synthesize();
const resources = resourcesOf(dev);
const stage = ofType(dev, 'AWS::ApiGateway::Stage').map(([, { Properties }]) => Properties)[0] ?? {};

const pathOf = (id: string): string => {
  const { ParentId, PathPart } = resources[id]?.Properties ?? {};
  const parent = (ParentId as { Ref?: string } | undefined)?.Ref;
  return `${parent ? pathOf(parent) : ''}/${String(PathPart)}`;
};
const methods = new Map(
  ofType(dev, 'AWS::ApiGateway::Method').map(([, { Properties }]) => [
    `${String(Properties.HttpMethod)} ${pathOf((Properties.ResourceId as { Ref: string }).Ref)}`,
    Properties,
  ]),
);

describe('REST API', () => {
  it('has exactly the methods of the route table, and a preflight per path', () => {
    const preflights = [...new Set(routeList.map(({ path }) => `OPTIONS ${path}`))];
    expect([...methods.keys()].sort()).toEqual([...routeList.map(({ id }) => id), ...preflights].sort());
  });

  it.each(routeList)('$id calls its function and asks for who calls where it must', (route) => {
    const method = methods.get(route.id);
    expect(JSON.stringify(method?.Integration)).toContain(functionNamed(dev, route.function)[0]);
    expect(method?.Integration).toMatchObject({ Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST' });
    expect(method?.AuthorizationType).toBe(route.auth.kind !== 'public' ? 'CUSTOM' : 'NONE');
    expect(method?.AuthorizerId === undefined).toBe(route.auth.kind === 'public');
    expect(method?.RequestModels === undefined).toBe(route.body === undefined);
    expect(method?.RequestValidatorId === undefined).toBe(route.body === undefined);
  });

  it('keeps no verdict about a session, and asks about a token as about a cookie', () => {
    dev.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: Match.absent(),
    });
  });

  it('throttles every method, each route as its table says', () => {
    const settings = stage.MethodSettings as Record<string, unknown>[];
    expect(settings).toContainEqual(
      expect.objectContaining({
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 200,
        ThrottlingBurstLimit: 400,
        DataTraceEnabled: false,
      }),
    );
    for (const { path, method, throttle } of routeList.filter((route) => route.throttle)) {
      expect(settings).toContainEqual(
        expect.objectContaining({
          HttpMethod: method,
          ResourcePath: `/${path.replaceAll('/', '~1')}`,
          ThrottlingRateLimit: throttle?.rate,
          ThrottlingBurstLimit: throttle?.burst,
        }),
      );
    }
  });

  it('has no metrics per method, which are billed one by one', () => {
    for (const setting of stage.MethodSettings as { MetricsEnabled?: boolean }[])
      expect(setting.MetricsEnabled ?? false).toBe(false);
  });

  it('is deployed again when nothing but a model changes', () => {
    const deployed = (requestValidation: 'shape' | 'full') => {
      const stack = new Stack(testApp(), 'Shop');
      new CustomerIdentity(stack, 'Identity', {
        config: sample,
        requestValidation,
        bundles: emptyBundles(),
        pages: emptyPages(),
      });
      return ofType(Template.fromStack(stack), 'AWS::ApiGateway::Deployment').map(([id]) => id);
    };
    expect(deployed('full')).not.toEqual(deployed('shape'));
  });

  it('logs every request without a trace of who it was', () => {
    const { Format: format } = stage.AccessLogSetting as { Format: string };
    expect(JSON.parse(format)).toHaveProperty('requestId', '$context.extendedRequestId');
    for (const secret of [
      'identity.',
      'claims',
      'authorizer.principalId',
      'authorizer.sub',
      '$context.path',
      'userAgent',
      'sourceIp',
      'input.',
    ]) {
      expect(format).not.toContain(secret);
    }
    expect(stage.TracingEnabled).toBe(false);
  });
});

describe('preflights', () => {
  const integration = methods.get('OPTIONS /v1/sessions')?.Integration as {
    readonly IntegrationResponses: { readonly ResponseTemplates: Record<string, string> }[];
  };
  const template = integration.IntegrationResponses[0]?.ResponseTemplates['application/json'] ?? '';

  it('compare origins whole and give nothing to others', () => {
    for (const origin of sample.stages.dev.origins) expect(template).toContain(`$origin == "${origin}"`);
    expect(template).not.toContain('matches');
    expect(template).not.toContain('*');
  });

  it('find the origin of a browser on HTTP/2, which sends its name in lower case', () => {
    expect(template).toContain('header.get("origin")');
  });

  it('answer at the gateway and name the methods of their path', () => {
    expect(methods.get('OPTIONS /v1/me/profile')?.Integration).toMatchObject({ Type: 'MOCK' });
    expect(JSON.stringify(methods.get('OPTIONS /v1/me/profile'))).toContain("'GET,PATCH'");
  });

  it.each([brandHeader, csrfHeader, deviceHeader, languageHeader])('lets pages send %s', (header) => {
    expect(JSON.stringify(methods.get('OPTIONS /v1/sessions'))).toMatch(new RegExp(`[',]${header}[',]`));
  });
});

describe('gateway responses', () => {
  const responses = ofType(dev, 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => Properties);

  it('speak like the functions: problem details with a code of ours', () => {
    for (const { ResponseTemplates, ResponseParameters, StatusCode } of responses) {
      const problem = JSON.parse((ResponseTemplates as Record<string, string>)['application/json'] ?? '{}');
      expect(Object.keys(problem)).toEqual(['type', 'title', 'status', 'code', 'detail', 'instance']);
      expect(problem.status).toBe(httpStatus[problem.code as keyof typeof httpStatus]);
      expect(StatusCode).toBe(String(problem.status)); // the catch-alls too: a body never says another one
      expect(ResponseParameters).toMatchObject({
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
      });
    }
  });

  it.each([
    ['UNAUTHORIZED', 'TOKEN_REJECTED'],
    ['ACCESS_DENIED', 'TOKEN_REJECTED'],
    ['MISSING_AUTHENTICATION_TOKEN', 'ROUTE_NOT_FOUND'],
    ['BAD_REQUEST_BODY', 'REQUEST_INVALID'],
    ['THROTTLED', 'TOO_MANY_ATTEMPTS'],
    ['WAF_FILTERED', 'REQUEST_BLOCKED'],
    ['INTEGRATION_TIMEOUT', 'UNAVAILABLE'],
  ])('%s is %s', (type, code) => {
    const found = responses.find(({ ResponseType }) => ResponseType === type);
    expect(JSON.stringify(found)).toContain(`\\"code\\":\\"${code}\\"`);
  });

  it('can be read by a page that sends its cookie along', () => {
    for (const { ResponseParameters } of responses) {
      expect(ResponseParameters).toMatchObject({
        'gatewayresponse.header.Access-Control-Allow-Origin': 'method.request.header.Origin',
        'gatewayresponse.header.Access-Control-Allow-Credentials': "'true'",
        'gatewayresponse.header.Vary': "'Origin'",
      });
    }
  });

  it('quote nothing that a caller sent', () => {
    const quoted = JSON.stringify(responses).match(/\$[a-z.A-Z]+/g) ?? [];
    expect([...new Set(quoted)]).toEqual(['$context.extendedRequestId']);
  });
});
