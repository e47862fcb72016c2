import { type ApiGatewayService, apiGatewayService } from '../../../../local/apigateway/index.ts';
import type { HttpRequest, HttpResponse, Invocation } from '../../../../local/platform.ts';
import { wafService } from '../../../../local/waf/index.ts';
import { FakeCloud, provision, succeeded } from '../../../support/fake-cloud.ts';

export const FUNCTION = 'arn:aws:lambda:eu-central-1:000000000000:function:auth-api';
export const AUTHORIZER = 'arn:aws:lambda:eu-central-1:000000000000:function:authorizer';

export const lambdaUri = (arn: string): string =>
  `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${arn}/invocations`;

export interface SentRequest {
  readonly headers?: Record<string, string>;
  readonly headerValues?: Record<string, readonly string[]>;
  readonly query?: string;
  readonly body?: unknown;
  readonly sourceIp?: string;
}

/** A REST API that a test builds part by part, with a function that echoes and a clock that stands still. */
export class ApiUnderTest {
  readonly cloud = new FakeCloud();
  readonly waf = this.cloud.add(wafService(this.cloud));
  readonly service: ApiGatewayService = this.cloud.add(apiGatewayService(this.cloud));
  apiId = '';
  private readonly resourceIds = new Map<string, string>();

  static async open(
    properties: Record<string, unknown> = {},
    stage: Record<string, unknown> = {},
  ): Promise<ApiUnderTest> {
    const api = new ApiUnderTest();
    const rest = await api.provision('RestApi', 'Api', { Name: 'identity', ...properties });
    api.apiId = rest.physicalId;
    api.resourceIds.set('/', String(rest.attributes.RootResourceId));
    await api.provision('Stage', 'Stage', { StageName: 'dev', ...stage });
    api.answer(() => succeeded({ statusCode: 200, body: '{"ok":true}' }));
    return api;
  }

  async provision(type: string, logicalId: string, properties: Record<string, unknown>) {
    return provision(this.service, `AWS::ApiGateway::${type}`, logicalId, {
      RestApiId: this.apiId,
      ...properties,
    });
  }

  /** Adds a method with a Lambda proxy integration, and the resources on the way to it. */
  async method(httpMethod: string, path: string, properties: Record<string, unknown> = {}): Promise<void> {
    await this.provision('Method', `${httpMethod}${path}`, {
      ResourceId: await this.resource(path),
      HttpMethod: httpMethod,
      AuthorizationType: 'NONE',
      Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: lambdaUri(FUNCTION) },
      ...properties,
    });
  }

  answer(
    handler: (event: Record<string, unknown>) => Invocation | Promise<Invocation>,
    functionArn = FUNCTION,
  ): void {
    this.cloud.answer(functionArn, (event) => handler(event as Record<string, unknown>));
  }

  async send(method: string, path: string, sent: SentRequest = {}): Promise<HttpResponse> {
    const { headers = {}, query = '', body, sourceIp = '127.0.0.1', headerValues } = sent;
    const request: HttpRequest = {
      method,
      path: `/api${path}`,
      query: new URLSearchParams(query),
      headers,
      ...(headerValues === undefined ? {} : { headerValues }),
      body: toBuffer(body),
      sourceIp,
    };
    const route = this.service.http?.[0];
    if (route === undefined) throw new Error('the service serves no HTTP');
    return route.handle(request);
  }

  /** The event of the last call of a function. */
  lastEvent<T = Record<string, never>>(functionArn = FUNCTION): T {
    return this.calls(functionArn).at(-1)?.event as T;
  }

  calls(functionArn = FUNCTION) {
    return this.cloud.invocations.filter((invocation) => invocation.functionArn === functionArn);
  }

  private async resource(path: string): Promise<string> {
    const known = this.resourceIds.get(path);
    if (known !== undefined) return known;
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    const { physicalId } = await this.provision('Resource', `Resource${path}`, {
      ParentId: await this.resource(parent),
      PathPart: path.slice(path.lastIndexOf('/') + 1),
    });
    this.resourceIds.set(path, physicalId);
    return physicalId;
  }
}

function toBuffer(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

export const json = (response: HttpResponse): unknown => JSON.parse(String(response.body));
