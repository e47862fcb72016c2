import { CiamError, type StepUpDemand } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import { type AssuranceLevel, meets } from '../core/session/assurance.ts';
import type { Caller, RouteAssurance } from './types.ts';

/** Best level that a person can reach with what is enrolled. */
export type ReadBestLevel = (sub: Sub) => Promise<AssuranceLevel>;

/**
 * @param bestLevel - asked only where it matters, as it costs a read; without it `enrolled` means 2
 * @throws CiamError `STEP_UP_REQUIRED` saying what the session would have to prove
 */
export async function requireAssurance(
  caller: Caller,
  assurance: RouteAssurance,
  nowSeconds: number,
  bestLevel: ReadBestLevel | undefined,
): Promise<void> {
  const { level, maxAgeSeconds } = assurance;
  if (meets(caller, { level: level === 'enrolled' ? 2 : level, maxAgeSeconds }, nowSeconds)) return;
  const demand: StepUpDemand = {
    level: level === 'enrolled' ? ((await bestLevel?.(caller.sub)) ?? 2) : level,
    maxAgeSeconds,
  };
  if (meets(caller, demand, nowSeconds)) return;
  throw new CiamError('STEP_UP_REQUIRED', 'This needs a fresh proof that it is you.', { stepUp: demand });
}
