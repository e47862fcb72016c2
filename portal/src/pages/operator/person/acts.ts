import { api } from '../../../session/api.ts';
import { asOperator } from '../as-operator.ts';
import type { OperatorReason, Person } from './found.ts';

export const acts = ['lock', 'unlock', 'end-sessions', 'reset', 'recovery'] as const;
export type Act = (typeof acts)[number];

/** A locked account can only be unlocked; any other can be everything else. */
export const actsFor = ({ lock }: Pick<Person, 'lock'>): readonly Act[] =>
  acts.filter((act) => (act === 'unlock') === (lock !== undefined));

/** In words of the operator, beside the reason; kept with the lock and out of events. */
export const takesNote = (act: Act): boolean => act === 'lock';

export function perform(act: Act, sub: string, reason: OperatorReason, note: string): Promise<unknown> {
  const params = { sub };
  const body = { reason };
  switch (act) {
    case 'lock':
      return asOperator(() =>
        api.call('POST /v1/admin/people/{sub}/lock', {
          params,
          body: { reason, ...(note.trim() !== '' && { note: note.trim() }) },
        }),
      );
    case 'unlock':
      return asOperator(() => api.call('POST /v1/admin/people/{sub}/unlock', { params, body }));
    case 'end-sessions':
      return asOperator(() => api.call('POST /v1/admin/people/{sub}/sessions/end', { params, body }));
    case 'reset':
      return asOperator(() => api.call('POST /v1/admin/people/{sub}/reset', { params, body }));
    case 'recovery':
      return asOperator(() => api.call('POST /v1/admin/people/{sub}/recovery', { params, body }));
  }
}
