import type { AnswerOf } from '../../../../../client/index.ts';
import { ago, listOf } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { deviceName } from './device-name.ts';

export type Session = AnswerOf<'GET /v1/me/sessions'>['sessions'][number];
export type Device = AnswerOf<'GET /v1/me/devices'>['devices'][number];

/** What its owner calls it, else what it is. */
export const titleOf = ({ name, device }: Pick<Session, 'name' | 'device'>): string =>
  name ?? deviceName(device);

/** By what it was signed in, in words: `Password and passkey`. */
export const provenBy = ({ methods }: Pick<Session, 'methods'>): string =>
  listOf(methods.map((method) => text('security', `method.${method}`)));

/** `Last seen 3 hours ago`; under two minutes it is still open somewhere. */
export function seen(at: string, now = Date.now()): string {
  return now - new Date(at).getTime() < 120_000
    ? text('security', 'seen.now')
    : text('security', 'seen.last', { when: ago(at, now) });
}

/** By which door it came in; our own pages need no word. */
export const doorOf = ({ door }: Pick<Session, 'door'>): string | undefined =>
  door === 'sdk' || door === 'managed-login' ? text('security', `door.${door}`) : undefined;
