import { IdentityProblem } from '../../../../client/index.ts';
import { api } from '../../session/api.ts';
import { withStepUp } from '../../session/step-up.tsx';

/** Calls that find the scopes gone at the same time renew them once. */
let renewing: Promise<unknown> | undefined;

/**
 * A call of an operator. The session's operator scopes last ten minutes (docs/sessions.md): when they are over, the session
 * is renewed, which asks the user pool again whether this is an operator, and the call is made once more.
 * @throws StepUpCancelled, IdentityProblem (`SCOPE_MISSING`, `OPERATOR_REQUIRED`: no operator any more), NetworkFailure
 */
export async function asOperator<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await withStepUp(call);
  } catch (error) {
    if (!(error instanceof IdentityProblem && error.code === 'SCOPE_MISSING')) throw error;
    renewing ??= api.call('POST /v1/sessions/refresh', { body: {} }).finally(() => {
      renewing = undefined;
    });
    await renewing;
    return withStepUp(call);
  }
}
