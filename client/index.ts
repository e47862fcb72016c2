export { type ClientOptions, createClient, type IdentityClient } from './client.ts';
export { type CookieSession, createCookieSession, isSessionOver } from './cookie-session.ts';
export type { Asked, ChallengeMethod, NextStep } from './flow.ts';
export type { FlowOptions } from './flow-driver.ts';
export type { FlowStorage } from './flow-storage.ts';
export { type FailureReason, IdentityProblem, NetworkFailure, type ProblemCode } from './problem.ts';
export { createSignIn, type SignedIn, type SignIn, type SignInOptions, type SignInState } from './sign-in.ts';
export { createStepUp, type Proven, type StepUp, type StepUpState } from './step-up.ts';
export {
  createTokenSession,
  type KeptTokens,
  type TokenSession,
  type TokenSessionOptions,
  type TokenStorage,
} from './token-session.ts';
export type { AnswerOf, BodyOf, CallOptions, ParamsOf, QueryOf, RouteId } from './wire.ts';
