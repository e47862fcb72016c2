import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { routeList } from '../../lambdas/api/routes.ts';
import { brandHeader, csrfHeader, deviceHeader, languageHeader } from '../../lambdas/core/request-headers.ts';

/** Request headers that pages of an allowed origin may send. */
const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'If-Match',
  brandHeader,
  csrfHeader,
  deviceHeader,
  languageHeader,
];
/** A browser asks again after this time; Chrome keeps an answer for 2 hours at the most. */
const maxAgeSeconds = 7200;

/**
 * Answers preflights at the gateway, without a function call. An origin is compared whole: CDK's own preflight
 * compares it as a regular expression, where the dots of a host name match anything.
 */
export function addPreflight(resource: apigateway.IResource, path: string, origins: readonly string[]): void {
  const methods = routeList.filter((route) => route.path === path).map((route) => route.method);
  const names = ['Headers', 'Methods', 'Max-Age', 'Credentials', 'Origin'].map(
    (part) => `Access-Control-Allow-${part}`,
  );
  const fixed = {
    'method.response.header.Access-Control-Allow-Headers': `'${allowedHeaders.join(',')}'`,
    'method.response.header.Access-Control-Allow-Methods': `'${methods.join(',')}'`,
    'method.response.header.Access-Control-Max-Age': `'${maxAgeSeconds}'`,
    'method.response.header.Vary': "'Origin'",
  };
  const answered = names.map((name) => (name.endsWith('Max-Age') ? 'Access-Control-Max-Age' : name));
  resource.addMethod(
    'OPTIONS',
    new apigateway.MockIntegration({
      passthroughBehavior: apigateway.PassthroughBehavior.NEVER,
      requestTemplates: { 'application/json': '{ "statusCode": 204 }' },
      integrationResponses: [
        {
          statusCode: '204',
          responseParameters: fixed,
          responseTemplates: { 'application/json': originTemplate(origins) },
        },
      ],
    }),
    {
      authorizationType: apigateway.AuthorizationType.NONE,
      methodResponses: [
        {
          statusCode: '204',
          responseParameters: Object.fromEntries(
            [...answered, 'Vary'].map((name) => [`method.response.header.${name}`, true]),
          ),
        },
      ],
    },
  );
}

/** Velocity: only a configured origin gets the two headers that let its page go on. */
function originTemplate(origins: readonly string[]): string {
  const known = origins.map((origin) => `$origin == "${origin}"`).join(' || ');
  return [
    '#set($origin = $input.params().header.get("Origin"))',
    // A browser on HTTP/2 writes every header name in lower case, and a template compares names as they are.
    '#if($origin == "")#set($origin = $input.params().header.get("origin"))#end',
    `#if(${known})`,
    '#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)',
    '#set($context.responseOverride.header.Access-Control-Allow-Credentials = "true")',
    '#end',
  ].join('\n');
}
