import { matchingStep, totpDigits } from '../../adapters/totp.ts';
import type { Sub } from '../../core/ids.ts';
import type { MethodRound } from './round.ts';

/** A code of an authenticator app: this time step or one beside it, and each step once. */
export const totp: MethodRound = {
  compares: false,
  delivers: false,
  ask: async (_services, _person, flow) => ({ flow, parameters: { codeLength: `${totpDigits}` } }),
  prove: async ({ clock, factors, factorSecrets }, { account }, _claim, text) => {
    const sub = account as string as Sub;
    const { totp: app } = await factors.list(sub);
    const secret = app && (await factorSecrets.open(sub, app.sealedSecret));
    const step = secret === undefined ? undefined : matchingStep(secret, text, clock.now());
    return step !== undefined && factors.spendTotpStep(sub, step, new Date(clock.now()).toISOString());
  },
};
