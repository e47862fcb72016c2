import type { GenericSchema, InferOutput } from 'valibot';
import type { CiamErrorCode } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import type { Method } from '../core/risk/decision.ts';
import type { AssuranceLevel } from '../core/session/assurance.ts';
import type { RouteId, routes } from './routes.ts';

export type ApiFunction = 'auth-api' | 'account-api' | 'admin-api';
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Scopes of the resource server `vestibule`; tokens carry the full form `vestibule/profile.read`. */
export type UserScope =
  | 'profile.read'
  | 'profile.write'
  | 'consents.read'
  | 'consents.write'
  | 'activity.read'
  | 'security.read'
  | 'security.write'
  | 'sessions.read'
  | 'sessions.write'
  | 'privacy.read'
  | 'privacy.write';
export const resourceServer = 'vestibule';

/** Given by the token trigger alone, to operators who proved a phishing-resistant factor; no client may ask for one. */
export type OperatorScope = 'operators.read' | 'operators.write';

export type RouteAuth =
  | { readonly kind: 'public' }
  | { readonly kind: 'user'; readonly scope: UserScope }
  | { readonly kind: 'operator'; readonly scope: OperatorScope };

/** What a route promises: everything that API Gateway, dispatch, the OpenAPI document and the client are made from. */
export interface RouteSpec {
  readonly function: ApiFunction;
  readonly summary: string;
  readonly auth: RouteAuth;
  /** All query values are strings on the wire; a schema may turn them into something else. */
  readonly query?: GenericSchema<Record<string, unknown>, unknown>;
  readonly body?: GenericSchema<unknown, unknown>;
  /** @default 16,384; Lambda takes 6 MB */
  readonly maxBodyBytes?: number;
  /** Request headers beyond the usual ones, by lower-case name. */
  readonly headers?: Readonly<Record<string, { readonly required: boolean; readonly description: string }>>;
  readonly answer: { readonly status: number; readonly body?: GenericSchema<unknown, unknown> };
  /** What the session must have proven, and how lately; without it any session will do. */
  readonly assurance?: RouteAssurance;
  /** Beyond those that every route may answer (see `commonErrors`). */
  readonly errors: readonly CiamErrorCode[];
  /**
   * Holds answers back until a fixed time after arrival, so that their time says nothing about an account:
   * `all` of them, only `refusals` (a success tells its caller nothing new), or `challenges` and refusals: a challenge
   * without a password is there for strangers, too, and a mail is sent in it only where there is somebody to get it.
   */
  readonly uniform?: 'all' | 'refusals' | 'challenges';
  /** Requests per second and burst for all callers of this route together. */
  readonly throttle?: { readonly rate: number; readonly burst: number };
}

/** Demands on a session; one that does not meet them answers `STEP_UP_REQUIRED` (RFC 9470). */
export interface RouteAssurance {
  /** `enrolled`: 2 for somebody who has a further factor, 1 for everybody else. */
  readonly level: 1 | 2 | 'enrolled';
  /** Seconds since the sign-in or the last step-up. */
  readonly maxAgeSeconds: number;
}

/** A route as API Gateway and dispatch see it. */
export interface Route extends RouteSpec {
  /** `POST /v1/registrations`: also `httpMethod` and `resource` of the proxy event. */
  readonly id: string;
  readonly method: HttpMethod;
  readonly path: string;
}

type SpecOf<Id extends RouteId> = (typeof routes)[Id];

export type RouteIdOf<F extends ApiFunction> = {
  [Id in RouteId]: SpecOf<Id>['function'] extends F ? Id : never;
}[RouteId];

type OutputOf<Spec, Key extends string> = Spec extends { readonly [K in Key]: infer S }
  ? S extends GenericSchema<infer _I, infer _O>
    ? InferOutput<S>
    : undefined
  : undefined;

/** `{field}` in the path becomes `params.field`. */
type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [K in Name]: string } & ParamsOf<Rest>
  : unknown;

/** Who calls, from the verified access token or the session behind the cookie; never from input. */
export interface Caller {
  readonly sub: Sub;
  /** Full form, for example `vestibule/profile.read`. */
  readonly scopes: readonly string[];
  readonly clientId: string;
  /** Names the session; opaque. */
  readonly sessionKey: string;
  /** Sign-in that the session began with; absent where the token does not name it. */
  readonly flow?: string;
  /** What the session has proven now, step-ups counted; 0 where we vouch for nothing (managed login, an SDK's refresh). */
  readonly level: AssuranceLevel | 0;
  readonly methods: readonly Method[];
  /** Epoch seconds of the sign-in or of the last step-up. */
  readonly authenticatedAt: number;
}

/** A request that passed every check of its route. */
export interface RouteRequest<Id extends RouteId = RouteId> {
  readonly body: OutputOf<SpecOf<Id>, 'body'>;
  readonly query: OutputOf<SpecOf<Id>, 'query'>;
  readonly params: ParamsOf<Id>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly requestId: string;
  /** Epoch milliseconds at which the function got the request. */
  readonly arrivedAt: number;
  readonly caller: SpecOf<Id>['auth'] extends { readonly kind: 'public' } ? undefined : Caller;
}

type AnswerSpec<Id extends RouteId> = SpecOf<Id>['answer'];

type AnswerBody<Id extends RouteId> =
  AnswerSpec<Id> extends { readonly body: infer S }
    ? S extends GenericSchema<infer _I, infer _O>
      ? { readonly body: InferOutput<S> }
      : unknown
    : { readonly body?: undefined };

export type RouteAnswer<Id extends RouteId = RouteId> = AnswerBody<Id> & {
  readonly status: AnswerSpec<Id>['status'];
  readonly headers?: Readonly<Record<string, string>>;
  /** Whole `Set-Cookie` values. */
  readonly cookies?: readonly string[];
};

export type RouteHandler<Id extends RouteId> = (request: RouteRequest<Id>) => Promise<RouteAnswer<Id>>;

/** Exactly the routes of one function: a missing or a foreign one does not compile. */
export type Handlers<F extends ApiFunction> = { readonly [Id in RouteIdOf<F>]: RouteHandler<Id> };
