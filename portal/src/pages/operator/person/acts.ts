import { IdentityProblem } from '../../../../../client/index.ts';
import { api } from '../../../session/api.ts';
import { asOperator } from '../as-operator.ts';
import type { OperatorReason, Person } from './found.ts';

export const acts = ['lock', 'unlock', 'end-sessions', 'reset', 'recovery'] as const;
export type Act = (typeof acts)[number];

/** The person's own, who has the account deleted: nobody opens it again. */
const isErasure = (reason: string | undefined): boolean => reason === 'erasure' || reason === 'erased';

/** Statuses of the user pool with a password that the person chose. */
const withPassword = ['CONFIRMED', 'RESET_REQUIRED'];

/** A locked account can only be unlocked, one that is being deleted not even that; only a password can be reset. */
export function actsFor({
  lock,
  enabled,
  status,
}: Pick<Person, 'lock' | 'enabled' | 'status'>): readonly Act[] {
  if (isErasure(lock?.reason)) return [];
  if (lock || !enabled) return ['unlock'];
  return acts.filter((act) => act !== 'unlock' && (act !== 'reset' || withPassword.includes(status)));
}

/** In words of the operator, beside the reason; kept with the lock and out of events. */
export const takesNote = (act: Act): boolean => act === 'lock';

/** How an act ended: `already`, somebody was faster; `not-needed`, there is nothing to recover; `ready`, it may go on. */
export type Ended = 'done' | 'already' | 'not-needed' | 'ready';

export async function perform(act: Act, sub: string, reason: OperatorReason, note: string): Promise<Ended> {
  const about = { params: { sub }, body: { reason } };
  switch (act) {
    case 'lock': {
      const body = { reason, ...(note.trim() !== '' && { note: note.trim() }) };
      const { already } = await asOperator(() =>
        api.call('POST /v1/admin/people/{sub}/lock', { params: { sub }, body }),
      );
      return already ? 'already' : 'done';
    }
    case 'unlock': {
      const { already } = await asOperator(() => api.call('POST /v1/admin/people/{sub}/unlock', about));
      return already ? 'already' : 'done';
    }
    case 'end-sessions':
      await asOperator(() => api.call('POST /v1/admin/people/{sub}/sessions/end', about));
      return 'done';
    case 'reset':
      await asOperator(() => api.call('POST /v1/admin/people/{sub}/reset', about));
      return 'done';
    case 'recovery': {
      const { state } = await asOperator(() => api.call('POST /v1/admin/people/{sub}/recovery', about));
      return state === 'waiting' ? 'done' : state;
    }
  }
}

const staleCodes = ['ACCOUNT_UNKNOWN', 'ACCOUNT_LOCKED', 'ERASURE_UNDER_WAY', 'METHOD_UNAVAILABLE'] as const;
export type Stale = (typeof staleCodes)[number];

/** The person is no more as the page shows them, so the act came to nothing. */
export const staleOf = (error: unknown): Stale | undefined =>
  error instanceof IdentityProblem ? staleCodes.find((code) => code === error.code) : undefined;
