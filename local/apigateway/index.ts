import type { Cloud, HttpRequest, HttpResponse, Service } from '../platform.ts';
import { Pipeline } from './pipeline.ts';
import { authorizerProvider } from './providers/authorizer.ts';
import { methodProvider } from './providers/method.ts';
import {
  accountProvider,
  deploymentProvider,
  gatewayResponseProvider,
  modelProvider,
  resourceProvider,
  restApiProvider,
  validatorProvider,
} from './providers/rest-api.ts';
import { stageProvider } from './providers/stage.ts';
import { ApiRegistry } from './registry.ts';

/** REST APIs of the template, served below `/api/`. */
export interface ApiGatewayService extends Service {
  /** Lines in the stage's format, newest first, at most 500. */
  accessLog(): readonly string[];
  /** A request to `https://<api>.execute-api…<path>`, the stage's name first in the path. */
  serve(api: string, path: string, request: HttpRequest): Promise<HttpResponse>;
}

const PREFIX = '/api/';

export function apiGatewayService(cloud: Cloud): ApiGatewayService {
  const registry = new ApiRegistry();
  const pipeline = new Pipeline(cloud);
  return {
    name: 'apigateway',
    providers: [
      restApiProvider(registry),
      resourceProvider(registry),
      methodProvider(registry),
      modelProvider(registry),
      validatorProvider(registry),
      authorizerProvider(registry),
      gatewayResponseProvider(registry),
      deploymentProvider(registry),
      stageProvider(registry),
      accountProvider(),
    ],
    http: [{ prefix: PREFIX, handle: (request) => serve(registry, pipeline, request) }],
    accessLog: () => pipeline.accessLog.read(),
    serve: async (api, path, request) => serveStage(registry, pipeline, api, path, request),
  };
}

async function serve(registry: ApiRegistry, pipeline: Pipeline, request: HttpRequest): Promise<HttpResponse> {
  const deployed = registry.deployed();
  if (deployed === undefined) return { status: 404, body: 'The template deploys no REST API.\n' };
  return pipeline.handle(deployed.api, deployed.stage, request, request.path.slice(PREFIX.length - 1));
}

async function serveStage(
  registry: ApiRegistry,
  pipeline: Pipeline,
  api: string,
  path: string,
  request: HttpRequest,
): Promise<HttpResponse> {
  const [, stageName = '', ...rest] = path.split('/');
  const found = registry.all().find(({ id }) => id === api);
  const stage = found?.stages.get(stageName);
  if (!found || !stage) return { status: 403, body: '{"message":"Forbidden"}' };
  return pipeline.handle(found, stage, request, `/${rest.join('/')}`);
}
