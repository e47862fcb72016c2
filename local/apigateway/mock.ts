import type { HttpResponse } from '../platform.ts';
import { contextOf, type Exchange } from './exchange.ts';
import { GatewayFailure } from './gateway-response-types.ts';
import { scopeOf } from './gateway-responses.ts';
import type { IntegrationResponse, MockIntegration } from './model.ts';
import { mappedValue, readPath } from './substitution.ts';
import { mediaType, parameterValue } from './validation.ts';
import type { Names } from './velocity-expression.ts';

/** A MOCK integration: the request template names a status code, its integration response the answer. */
export function mockResponse(exchange: Exchange, integration: MockIntegration): HttpResponse {
  const status = statusCode(requestBody(exchange, integration));
  const response = integration.responses.find((candidate) => selects(candidate, status));
  if (response === undefined)
    throw new GatewayFailure('API_CONFIGURATION_ERROR', { detail: `no response for ${status}` });
  return integrationResponse(exchange, response);
}

function requestBody(exchange: Exchange, { requestTemplates, passthrough }: MockIntegration): string {
  const template = requestTemplates.get(mediaType(exchange.headers));
  if (template !== undefined) return template(templateNames(exchange));
  const isRefused =
    passthrough === 'NEVER' || (passthrough === 'WHEN_NO_TEMPLATES' && requestTemplates.size > 0);
  if (isRefused) throw new GatewayFailure('UNSUPPORTED_MEDIA_TYPE');
  return exchange.body.toString('utf8');
}

/** The template's result need not be strict JSON: `{ statusCode: 200 }` is what CDK writes. */
function statusCode(body: string): string {
  const found = /["']?statusCode["']?\s*:\s*"?(\d{3})/.exec(body)?.[1];
  if (found === undefined)
    throw new GatewayFailure('API_CONFIGURATION_ERROR', { detail: 'no statusCode in the template' });
  return found;
}

const selects = ({ statusCode: own, selectionPattern }: IntegrationResponse, status: string): boolean =>
  selectionPattern === undefined
    ? true
    : new RegExp(`^(?:${selectionPattern})$`).test(status) || String(own) === status;

function integrationResponse(exchange: Exchange, response: IntegrationResponse): HttpResponse {
  const scope = scopeOf(exchange);
  const headers: Record<string, string> = {};
  for (const [name, expression] of response.headers) {
    const value = mappedValue(expression, scope);
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  const names = templateNames(exchange);
  const [contentType, template] = [...response.templates][0] ?? ['application/json', () => ''];
  const body = template(names).trim();
  const override = readPath(names, 'context.responseOverride') as
    | { header?: Names; status?: unknown }
    | undefined;
  for (const [name, value] of Object.entries(override?.header ?? {}))
    headers[name.toLowerCase()] = String(value);
  return {
    status: Number(override?.status ?? response.statusCode),
    headers: { ...(body === '' ? {} : { 'content-type': contentType }), ...headers },
    body,
  };
}

const templateNames = (exchange: Exchange): Names => ({
  context: contextOf(exchange),
  stageVariables: exchange.stage.variables,
  input: {
    body: exchange.body.toString('utf8'),
    params: (name?: string) => (name === undefined ? allParameters(exchange) : anyParameter(exchange, name)),
  },
  util: {
    escapeJavaScript: (text: unknown) => JSON.stringify(String(text)).slice(1, -1).replaceAll("'", "\\'"),
    urlEncode: (text: unknown) => encodeURIComponent(String(text)),
    urlDecode: (text: unknown) => decodeURIComponent(String(text)),
  },
});

/** In the order that AWS looks: path, query string, header. */
const anyParameter = (exchange: Exchange, name: string): string =>
  (['path', 'querystring', 'header'] as const)
    .map((location) => parameterValue(exchange, { location, name }))
    .find((value) => value !== undefined) ?? '';

const allParameters = (exchange: Exchange) => ({
  header: { get: (name: string) => parameterValue(exchange, { location: 'header', name }) ?? '' },
  querystring: { get: (name: string) => parameterValue(exchange, { location: 'querystring', name }) ?? '' },
  path: { get: (name: string) => parameterValue(exchange, { location: 'path', name }) ?? '' },
});
