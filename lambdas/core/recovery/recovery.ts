import type { Sub } from '../ids.ts';

/**
 * The way back for somebody who lost every further factor: mailbox and password are proven, then time has to pass in
 * which the owner hears of it on every channel and can stop it. Pure: what may happen when, and nothing else.
 *
 *     none → requested → ready → completed
 *                │         ├──→ expired
 *                └─────────┴──→ cancelled
 *
 * `ready` and `expired` are no writes: they are `requested` at a later time.
 */
export type RecoveryState = 'none' | 'requested' | 'ready' | 'completed' | 'cancelled' | 'expired';

export interface Recovery {
  readonly sub: Sub;
  /** Of this one recovery: a link or a step of an older one does nothing to it. */
  readonly id: string;
  readonly status: 'requested' | 'completed' | 'cancelled';
  /** Who asked. An operator can start one and has no shorter way. */
  readonly by: 'self' | 'operator';
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  /** From here on it can be completed, epoch milliseconds; fixed when it was requested. */
  readonly readyAt: number;
  /** From here on it cannot any more. */
  readonly expiresAt: number;
}

export interface RecoveryPolicy {
  /** Hours between request and completion, 24 to 336. */
  readonly delayHours: number;
}

/** Hours in which a recovery that is ready can be completed. */
export const completionHours = 168;

const hourMs = 3_600_000;

export function stateAt(recovery: Recovery | undefined, now: number): RecoveryState {
  if (!recovery) return 'none';
  if (recovery.status !== 'requested') return recovery.status;
  if (now < recovery.readyAt) return 'requested';
  return now < recovery.expiresAt ? 'ready' : 'expired';
}

/** Under way: it can still be completed or cancelled. */
export const isOpen = (recovery: Recovery | undefined, now: number): recovery is Recovery =>
  ['requested', 'ready'].includes(stateAt(recovery, now));

/**
 * The recovery that stands after a request. One that is under way stays as it is: asking again neither shortens nor
 * prolongs it, whoever asks, and a changed delay is for those that begin after the change.
 * @param id - of a new one
 */
export function requested(
  standing: Recovery | undefined,
  request: { readonly sub: Sub; readonly id: string; readonly by: Recovery['by']; readonly now: number },
  { delayHours }: RecoveryPolicy,
): Recovery {
  if (isOpen(standing, request.now)) return standing;
  const { now, ...who } = request;
  const readyAt = now + delayHours * hourMs;
  return {
    ...who,
    status: 'requested',
    requestedAt: now,
    readyAt,
    expiresAt: readyAt + completionHours * hourMs,
  };
}
