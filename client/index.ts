export { type ClientOptions, createClient, type IdentityClient } from './client.ts';
export { IdentityProblem, NetworkFailure, type ProblemCode } from './problem.ts';
export type { AnswerOf, BodyOf, CallOptions, QueryOf, RouteId } from './wire.ts';
