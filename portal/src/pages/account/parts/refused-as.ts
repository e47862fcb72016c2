import { IdentityProblem, type ProblemCode } from '../../../../../client/index.ts';

export const isRefusedAs = (error: unknown, code: ProblemCode): boolean =>
  error instanceof IdentityProblem && error.code === code;
