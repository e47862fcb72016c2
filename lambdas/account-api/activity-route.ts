import type { RouteHandler } from '../api/types.ts';
import { pageCursor } from './page-cursor.ts';
import type { AccountServices } from './services.ts';

/** Events per page unless asked otherwise. */
const pageSize = 20;

/** Reads 0.5 RRU per 4 kB (about 8 events); at most 4 queries. */
export const getActivity = (services: AccountServices): RouteHandler<'GET /v1/me/activity'> => {
  const cursors = pageCursor(services.pseudonyms, 'activity');
  return async ({ caller, query, arrivedAt }) => {
    const before = await cursors.open(caller.sub, query.cursor);
    const { events, next } = await services.activity.recent(caller.sub, {
      limit: query.limit ?? pageSize,
      now: arrivedAt,
      ...(before !== undefined && { before }),
    });
    const cursor = await cursors.seal(caller.sub, next);
    return { status: 200, body: { events: [...events], ...(cursor !== undefined && { next: cursor }) } };
  };
};
