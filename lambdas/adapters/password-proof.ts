import { CiamError, type CiamErrorCode } from '../core/errors.ts';
import type { PasswordProof } from '../core/recovery/ports.ts';
import type { CognitoSignIn } from './cognito-sign-in.ts';

/** Said by the pool about the person: the password is not proven, or proves nothing now. */
const refusals: ReadonlySet<CiamErrorCode> = new Set([
  'SIGN_IN_REJECTED',
  'ACCOUNT_NOT_CONFIRMED',
  'PASSWORD_RESET_REQUIRED',
]);

/**
 * A password by CUSTOM_AUTH without a context: after the right one our Define trigger asks for the context, and the
 * flow is left there. That question is the proof. Tokens would mean that the triggers are not ours: they are revoked,
 * and nothing counts as proven.
 */
export const cognitoPasswordProof = (
  cognito: Pick<CognitoSignIn, 'startWithPassword' | 'revoke'>,
): PasswordProof => ({
  prove: async (identifier, password) => {
    try {
      const step = await cognito.startWithPassword(identifier, password, {});
      if (step.kind === 'challenge') return step.parameters.step === 'begin';
      if (step.kind === 'new-password') return false; // a temporary password is an invitation, no proof
      if (step.tokens.refreshToken) await cognito.revoke(step.tokens.refreshToken);
      throw new Error('password proof: the pool issued tokens without a decision');
    } catch (error) {
      if (error instanceof CiamError && refusals.has(error.code)) return false;
      throw error;
    }
  },
});
