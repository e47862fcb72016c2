import { timingSafeEqual } from 'node:crypto';
import { invalid } from '../api/problem.ts';
import type { Sub } from '../core/ids.ts';
import type { Pseudonyms } from '../ports.ts';

const ulid = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Where a list goes on, for one person and one list: sealed, so that nobody can make or move one. */
export interface PageCursor {
  /** `undefined` for the last page. */
  seal(sub: Sub, position: string | undefined): Promise<string | undefined>;
  /** @throws CiamError `REQUEST_INVALID` at `/query/cursor` for anything that `seal` did not make for this person and list */
  open(sub: Sub, cursor: string | undefined): Promise<string | undefined>;
}

/** @param list - keeps the cursors of two lists apart */
export function pageCursor(pseudonyms: Pseudonyms, list: string): PageCursor {
  const proofOf = (sub: Sub, position: string) => pseudonyms.of('cursor', `${list}\0${sub}\0${position}`);
  return {
    seal: async (sub, position) =>
      position && Buffer.from(`${position}${await proofOf(sub, position)}`).toString('base64url'),
    open: async (sub, cursor) => {
      if (cursor === undefined) return undefined;
      const sealed = Buffer.from(cursor, 'base64url').toString('latin1');
      const position = sealed.slice(0, 26);
      const expected = ulid.test(position) ? await proofOf(sub, position) : undefined;
      if (expected === undefined || !isSame(sealed.slice(26), expected)) {
        throw invalid('/query/cursor', 'must be the `next` of your previous page');
      }
      return position;
    },
  };
}

const isSame = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
