import { canonicalRecoveryCode, recoveryCodeHash } from '../../adapters/recovery-codes.ts';
import type { Sub } from '../../core/ids.ts';
import type { MethodRound } from './round.ts';

/** One of the codes on paper, spent by it. One scrypt (about 70 ms) for any answer that could be one. */
export const recoveryCode: MethodRound = {
  compares: false,
  delivers: false,
  ask: async (_services, _person, flow) => ({ flow, parameters: {} }),
  prove: async ({ factors }, { account }, _claim, text) => {
    const sub = account as string as Sub;
    const { recoveryCodes } = await factors.list(sub);
    const code = canonicalRecoveryCode(text);
    if (!recoveryCodes || code === undefined) return false;
    return factors.spendRecoveryCode(sub, await recoveryCodeHash(code, recoveryCodes.salt));
  },
};
