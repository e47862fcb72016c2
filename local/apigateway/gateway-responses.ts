import type { HttpResponse } from '../platform.ts';
import { contextOf, type Exchange } from './exchange.ts';
import { GATEWAY_RESPONSES, type GatewayFailure } from './gateway-response-types.ts';
import type { GatewayResponse } from './model.ts';
import { mappedValue, type Scope, substitute } from './substitution.ts';

const DEFAULT_TEMPLATES: ReadonlyMap<string, string> = new Map([
  ['application/json', '{"message":$context.error.messageString}'],
]);

/** Renders one of the gateway's own answers, in the API's words where it has some. */
export function gatewayResponse(exchange: Exchange, failure: GatewayFailure): HttpResponse {
  exchange.error = {
    message: failure.publicMessage,
    type: failure.type,
    validation: failure.validationErrors,
  };
  const own = ownResponse(exchange, failure);
  const scope = scopeOf(exchange);
  const templates = own === undefined || own.templates.size === 0 ? DEFAULT_TEMPLATES : own.templates;
  const [contentType, template] = [...templates][0] ?? ['application/json', ''];
  return {
    status: own?.statusCode ?? failure.status,
    headers: {
      'content-type': contentType,
      'x-amzn-errortype': GATEWAY_RESPONSES[failure.type].errorType,
      ...mappedHeaders(own, scope),
    },
    body: substitute(template, scope, ''),
  };
}

/** The status of `DEFAULT_4XX` and `DEFAULT_5XX` replaces only the status of what has no response of its own. */
function ownResponse({ api }: Exchange, failure: GatewayFailure): GatewayResponse | undefined {
  const fallback = failure.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
  return api.gatewayResponses.get(failure.type) ?? api.gatewayResponses.get(fallback);
}

const mappedHeaders = (own: GatewayResponse | undefined, scope: Scope): Record<string, string> =>
  Object.fromEntries(
    [...(own?.headers ?? [])].flatMap(([name, expression]) => {
      const value = mappedValue(expression, scope);
      return value === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );

export const scopeOf = (exchange: Exchange): Scope => ({
  context: contextOf(exchange),
  stageVariables: exchange.stage.variables,
  method: {
    request: {
      header: ignoringCase(exchange.headers),
      querystring: Object.fromEntries(exchange.query),
      path: exchange.pathParameters,
    },
  },
});

/** Header names in mappings are written in any case. */
const ignoringCase = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  new Proxy(headers, { get: (target, name) => target[String(name).toLowerCase()] });
