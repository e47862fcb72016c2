import type { GenericSchema, InferInput } from 'valibot';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../../client/client.ts';
import type { ProblemCode } from '../../../client/problem.ts';
import type { AnswerOf, BodyOf, CallOptions, ParamsOf, QueryOf, RouteId } from '../../../client/wire.ts';
import { routeList, type routes, type RouteId as TableRouteId } from '../../../lambdas/api/routes.ts';
import type { CiamErrorCode } from '../../../lambdas/core/errors.ts';

type Spec<Id extends TableRouteId> = (typeof routes)[Id];
type InputOf<S, Key extends string> = S extends { readonly [K in Key]: infer Schema extends GenericSchema }
  ? InferInput<Schema>
  : undefined;
type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type TableParams<Id extends string> = [Names<Id>] extends [never]
  ? undefined
  : { [Name in Names<Id>]: string };
type TableHeaders<Id extends TableRouteId> =
  Spec<Id> extends { readonly headers: infer H } ? keyof H & string : never;

/** The same shape whether it was written as one object or as several. */
type Plain<T> = T extends readonly (infer Element)[]
  ? Plain<Element>[]
  : T extends object
    ? { [Key in keyof T]: Plain<T[Key]> }
    : T;
type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : false;

/** Parts of routes in which the generated types say something else than the route table. */
type Differences = {
  [Id in TableRouteId]: Id extends RouteId
    ?
        | (Same<BodyOf<Id>, InputOf<Spec<Id>, 'body'>> extends true ? never : [Id, 'body'])
        | (Same<QueryOf<Id>, InputOf<Spec<Id>, 'query'>> extends true ? never : [Id, 'query'])
        | (Same<ParamsOf<Id>, TableParams<Id>> extends true ? never : [Id, 'params'])
        | (Same<AnswerOf<Id>, InputOf<Spec<Id>['answer'], 'body'>> extends true ? never : [Id, 'answer'])
        | (CallOptions<Id> extends { readonly headers?: infer H }
            ? TableHeaders<Id> extends keyof H
              ? never
              : [Id, 'headers']
            : never)
    : [Id, 'route'];
}[TableRouteId];

/** Compiles for `never` alone. */
const holds = <Difference extends never>(): Difference[] => [];

describe('the types of the client', () => {
  it('are those of the route table, for every route', () => {
    expect(holds<Differences>()).toEqual([]);
    expect(holds<Exclude<RouteId, TableRouteId>>()).toEqual([]);
  });

  it('know every code of a problem', () => {
    expect(holds<Exclude<CiamErrorCode, ProblemCode>>()).toEqual([]);
    expect(holds<Exclude<ProblemCode, CiamErrorCode>>()).toEqual([]);
  });

  it('do not let a call compile that the API would refuse', () => {
    const client = createClient();
    const mistakes = [
      // @ts-expect-error no such route
      () => client.call('GET /v1/me/wishes'),
      // @ts-expect-error the body is missing
      () => client.call('POST /v1/password-resets'),
      // @ts-expect-error a field of another name
      () => client.call('POST /v1/password-resets', { body: { email: 'ada@example.com' } }),
      // @ts-expect-error which session?
      () => client.call('DELETE /v1/me/sessions/{id}'),
      // @ts-expect-error the ETag that the change is based on
      () => client.call('PATCH /v1/me/profile', { body: { locale: 'en' } }),
    ];
    expect(mistakes).toHaveLength(5);
  });
});

describe('the addresses of routes', () => {
  it('say which of them need a session', () => {
    const withSession = routeList.filter(({ auth }) => auth.kind !== 'public').map(({ path }) => path);
    const byAddress = routeList
      .filter(({ path }) => /^\/v1\/(me|admin)\//.test(path))
      .map(({ path }) => path);
    expect(byAddress).toEqual(withSession);
  });
});
