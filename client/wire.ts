import type { GenericSchema, InferInput, InferOutput } from 'valibot';
import type { RouteId, routes } from '../lambdas/api/routes.ts';

/** Types of every route, from the route table; nothing of it is in the running code. */
export type { RouteId };

type Spec<Id extends RouteId> = (typeof routes)[Id];

type InputOf<S, Key extends string> = S extends { readonly [K in Key]: infer Schema }
  ? Schema extends GenericSchema
    ? InferInput<Schema>
    : undefined
  : undefined;

export type BodyOf<Id extends RouteId> = InputOf<Spec<Id>, 'body'>;
export type QueryOf<Id extends RouteId> = InputOf<Spec<Id>, 'query'>;
export type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [K in Name]: string } & ParamsOf<Rest>
  : unknown;

/** What a route answers with; `undefined` where it has no body. */
export type AnswerOf<Id extends RouteId> = Spec<Id>['answer'] extends { readonly body: infer Schema }
  ? Schema extends GenericSchema
    ? InferOutput<Schema>
    : undefined
  : undefined;

/** All that a call may carry. */
export type CallOptions<Id extends RouteId> = (BodyOf<Id> extends undefined
  ? unknown
  : { readonly body: BodyOf<Id> }) &
  (QueryOf<Id> extends undefined ? unknown : { readonly query?: QueryOf<Id> }) &
  (keyof ParamsOf<Id> extends never ? unknown : { readonly params: ParamsOf<Id> }) & {
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  };
