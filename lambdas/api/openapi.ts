import { type CiamErrorCode, httpStatus } from '../core/errors.ts';
import { bodyExamples } from './examples.ts';
import { type JsonSchema, wireSchema } from './json-schema.ts';
import { problemContentType, problemTitle, problemType } from './problem.ts';
import { errorsOf, routeList } from './routes.ts';
import { type Route, resourceServer } from './types.ts';

export interface OpenApiOptions {
  readonly title: string;
  readonly supportUrl?: string;
}

/** The OpenAPI 3.1 description of the Identity API, made from the route table alone. */
export function openApiDocument({ title, supportUrl }: OpenApiOptions): JsonSchema {
  return {
    openapi: '3.1.0',
    info: {
      title: `${title}: Identity API`,
      version: '1',
      description:
        'Answers of the public routes never tell whether an account exists. Errors are RFC 9457 problem details; branch on `code`.',
      ...(supportUrl && { contact: { url: supportUrl } }),
    },
    // Relative to the place of this document, which is /v1/openapi.json below the API's root.
    servers: [{ url: '..' }],
    paths: pathsOf(routeList),
    components: { schemas: { Problem: problemSchema }, securitySchemes },
  };
}

const securitySchemes = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Access token of a sign-in; each operation names the scope that it needs.',
  },
};

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'instance'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(httpStatus) },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'Id of the request, to quote to the operator' },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: {
          pointer: {
            type: 'string',
            description: 'RFC 6901 pointer into the body; /query/… and /headers/… name those places',
          },
          detail: { type: 'string' },
        },
      },
    },
    stepUp: {
      type: 'object',
      description: 'With STEP_UP_REQUIRED: what to prove by POST /v1/me/step-up (RFC 9470)',
      required: ['level', 'maxAgeSeconds'],
      properties: { level: { type: 'integer', enum: [1, 2] }, maxAgeSeconds: { type: 'integer' } },
    },
    link: {
      type: 'object',
      description: 'With LINK_REQUIRED: the code for POST /v1/me/links, after a sign-in to the account',
      required: ['code'],
      properties: { code: { type: 'string' } },
    },
  },
};

function pathsOf(routes: readonly Route[]): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const operations = paths[route.path] ?? {};
    paths[route.path] = { ...operations, [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
}

function operationOf(route: Route): JsonSchema {
  const parameters = [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)];
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.path.split('/')[2] ?? 'v1'],
    security:
      route.auth.kind !== 'public' ? [{ accessToken: [`${resourceServer}/${route.auth.scope}`] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: requestBody(route) }),
    responses: { ...successOf(route), ...problemsOf(errorsOf(route)) },
  };
}

/** `POST /v1/registrations/confirm` is `postRegistrationsConfirm`. */
const operationId = ({ method, path }: Route): string =>
  [method.toLowerCase(), ...path.split('/').slice(2)]
    .map((part) => part.replace(/[{}]|\.json$/g, ''))
    .map((part, index) =>
      index === 0 ? part : part.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase()),
    )
    .join('');

const pathParameters = ({ path }: Route): JsonSchema[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$', maxLength: 64 },
  }));

function queryParameters({ query }: Route): JsonSchema[] {
  if (!query) return [];
  const { properties = {}, required = [] } = wireSchema(query) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

const headerParameters = ({ headers = {} }: Route): JsonSchema[] =>
  Object.entries(headers).map(([name, { required, description }]) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  }));

function requestBody(route: Route): JsonSchema {
  const example = (bodyExamples as Readonly<Record<string, unknown>>)[route.id];
  return {
    required: true,
    content: {
      'application/json': {
        schema: route.body && wireSchema(route.body),
        ...(example !== undefined && { example }),
      },
    },
  };
}

const successOf = ({ answer }: Route): JsonSchema => ({
  [answer.status]: {
    description: 'Done',
    ...(answer.body && { content: { 'application/json': { schema: wireSchema(answer.body) } } }),
  },
});

/** One response per status, with an example for each code that it may carry. */
function problemsOf(codes: readonly CiamErrorCode[]): JsonSchema {
  const distinct = [...new Set(codes)];
  const statuses = [...new Set(distinct.map((code) => httpStatus[code]))];
  const byStatus = statuses.map(
    (status) => [status, distinct.filter((code) => httpStatus[code] === status)] as const,
  );
  return Object.fromEntries(
    byStatus.map(([status, group]) => [
      status,
      {
        description: group.map(problemTitle).join(', '),
        ...((status === 429 || status === 503) && { headers: { 'Retry-After': retryAfter } }),
        content: {
          [problemContentType]: {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: Object.fromEntries(group.map((code) => [code, { value: exampleOf(code) }])),
          },
        },
      },
    ]),
  );
}

const retryAfter = { description: 'Seconds to wait', schema: { type: 'integer' } };

const exampleOf = (code: CiamErrorCode) => ({
  type: problemType(code),
  title: problemTitle(code),
  status: httpStatus[code],
  code,
  detail: problemTitle(code),
  instance: 'JKJaXmPLvHcESHA=',
});
