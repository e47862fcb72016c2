import { IdentityProblem, type ProblemCode } from '../../../../../client/index.ts';

/** Takes away what may be gone already, by another browser or by time: that is as good as done. */
export async function unlessGone(call: () => Promise<unknown>, gone: ProblemCode): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof IdentityProblem && error.code === gone)) throw error;
  }
}
