import { listOf } from '../../../text/intl.ts';
import { hasText, text } from '../../../text/text.ts';
import { type Names, variantOf, wordsOf } from '../../account/activity-words.ts';
import { actName, methodName, reasonName } from '../statistics/words.ts';
import type { Person } from './found.ts';
import { exactMoment } from './times.ts';

export type Event = Person['activity'][number];

/** An operator sees purposes and fields by the names of the configuration. */
const names: Names = { purpose: (purpose) => purpose, field: (field) => field, network: undefined };

/** Words of the owner's page say "you": where they do, there are others here. */
export function titleOf(event: Event): string {
  const { type, data } = event;
  if (isLook(event) && typeof data.act === 'string')
    return text('operator', 'event.act-failed', { act: actName(data.act) });
  const variant = variantOf(event);
  const keys = [...(variant ? [`event.${type}.${variant}`] : []), `event.${type}`];
  // The more exact one first, of whichever page has words for it.
  const key = keys.find((each) => hasText('operator', each) || hasText('activity', each)) ?? 'event.other';
  return hasText('operator', key)
    ? text('operator', key as never, { purpose: String(data.purpose ?? '') })
    : wordsOf(event, names).title;
}

/** Somebody looked, or wanted to act: routine of operators, which would bury what the person did. */
export const isLook = ({ type }: Event): boolean => type === 'account.looked-up';

export const detailOf = ({ at, actor, device, network, reasons, type, data }: Event): string =>
  [
    exactMoment(at),
    device,
    network && text('operator', 'sessions.network', { network }),
    type.startsWith('sign-in.') && methodsOf(data),
    actor === 'operator' && typeof data.operator === 'string'
      ? text('operator', 'event.by', { operator: data.operator })
      : actor !== 'self' && text('operator', `event.actor.${actor}`),
    actor === 'operator' && typeof data.reason === 'string' && reasonName(data.reason),
    reasons.length > 0 && listOf(reasons.map(reasonName)),
    type,
  ]
    .filter(Boolean)
    .join(' · ');

/** What proved, or was to prove, that it is them. */
const methodsOf = ({ method, methods }: Event['data']): string | false => {
  const named = Array.isArray(methods) ? methods : typeof method === 'string' ? [method] : [];
  return named.length > 0 && listOf(named.map(methodName));
};
