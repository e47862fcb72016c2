/** When a system that does not answer is given a rest. All times in epoch seconds. */
export interface CircuitState {
  /** Failures in a row. */
  readonly failures: number;
  /** Nobody asks before this time; then one does, to see. */
  readonly restsUntil?: number;
}

export const circuitRules = {
  /** Failures in a row after which it rests. */
  failures: 5,
  restSeconds: 30,
  /** Time that the one who looks whether it answers again has before another may look. */
  trialSeconds: 5,
} as const;

/** `closed`: ask. `open`: do not. `trial`: the rest is over; whoever claims the trial may ask, once. */
export type CircuitPosition = 'closed' | 'open' | 'trial';

export function circuitPosition({ failures, restsUntil }: CircuitState, now: number): CircuitPosition {
  if (failures < circuitRules.failures) return 'closed';
  return restsUntil !== undefined && now < restsUntil ? 'open' : 'trial';
}
