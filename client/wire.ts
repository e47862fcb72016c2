import type { components } from './generated/identity-api.ts';

type Schemas = components['schemas'];
type Routes = Omit<Schemas, 'Problem'>;

/** `METHOD /v1/path`, as in the route table and in the OpenAPI document. */
export type RouteId = keyof Routes;

type Part<Id extends RouteId, Name extends string> = Routes[Id] extends { readonly [K in Name]: infer Value }
  ? Value
  : undefined;

export type BodyOf<Id extends RouteId> = Part<Id, 'body'>;
export type QueryOf<Id extends RouteId> = Part<Id, 'query'>;
export type ParamsOf<Id extends RouteId> = Part<Id, 'params'>;

/** What a route answers with; `undefined` where it has no body. */
export type AnswerOf<Id extends RouteId> = Part<Id, 'answer'>;

export type ProblemBody = Schemas['Problem'];

type Headers = Readonly<Record<string, string>>;

/** All that a call may carry. */
export type CallOptions<Id extends RouteId> = (BodyOf<Id> extends undefined
  ? unknown
  : { readonly body: BodyOf<Id> }) &
  (QueryOf<Id> extends undefined ? unknown : { readonly query?: QueryOf<Id> }) &
  (ParamsOf<Id> extends undefined ? unknown : { readonly params: Readonly<ParamsOf<Id>> }) &
  (Part<Id, 'headers'> extends undefined
    ? { readonly headers?: Headers }
    : { readonly headers: Readonly<Part<Id, 'headers'>> & Headers }) & {
    readonly signal?: AbortSignal;
    /** Milliseconds without an answer after which this call is given up. @default - that of the client */
    readonly timeoutMs?: number;
  };
