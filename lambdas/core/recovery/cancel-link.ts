import type { Pseudonyms } from '../../ports.ts';
import type { Sub } from '../ids.ts';
import type { Recovery } from './recovery.ts';

/** Stops one recovery: the person's id and a keyed hash of 132 bits over it and the recovery. Nothing secret is stored. */
const form = /^([A-Za-z0-9-]{1,64})\.([A-Za-z0-9_-]{22})$/;

export const cancelToken = async (
  pseudonyms: Pseudonyms,
  { sub, id }: Pick<Recovery, 'sub' | 'id'>,
): Promise<string> => `${sub}.${await pseudonyms.of('code', `recovery-cancel\0${sub}\0${id}`)}`;

/** Whose recovery a token is about, unproven; `undefined` for what has another form. */
export function subOfToken(token: string): Sub | undefined {
  const [, sub] = form.exec(token) ?? [];
  return sub as Sub | undefined;
}

/** The secret is behind the `#`: it is in no request line, log or referrer, and opening the page does nothing. */
export const cancelLink = (portalUrl: string, token: string): string =>
  `${portalUrl.replace(/\/$/, '')}/recovery/cancel#${token}`;
