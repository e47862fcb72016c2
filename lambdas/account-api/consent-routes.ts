import type { RouteHandler } from '../api/types.ts';
import { consentOverview } from '../core/consent/overview.ts';
import { answerConsent } from '../core/consent/record.ts';
import { bestLanguage } from '../core/languages.ts';
import { ownerOf } from './owner.ts';
import { pageCursor } from './page-cursor.ts';
import type { AccountServices } from './services.ts';

/** Entries per page unless asked otherwise. */
const pageSize = 20;

/** Reads 1 RRU. */
export const getConsents =
  (services: AccountServices): RouteHandler<'GET /v1/me/consents'> =>
  async ({ caller, query, headers }) => {
    const { languages, purposes } = services.configuration;
    const language = bestLanguage(languages, [query.locale], headers['accept-language']);
    const states = await services.consents.states(caller.sub);
    return { status: 200, body: { consents: consentOverview(purposes, states, language) } };
  };

/** Reads 1 RRU (a withdrawal 2); writes 6 WRU, 8 or 10 where the withdrawal reaches into the profile. */
export const putConsent =
  (services: AccountServices): RouteHandler<'PUT /v1/me/consents/{purpose}'> =>
  async (request) => {
    const { profiles, consents, random, configuration } = services;
    const stores = { profiles, consents, ulid: random.ulid };
    const owner = await ownerOf(request, services);
    const { purpose } = request.params;
    const { ledgerId: id, ...state } = await answerConsent(
      stores,
      owner,
      configuration,
      purpose,
      request.body,
    );
    return { status: 200, body: { id, ...state } };
  };

/** Reads 0.5 RRU per 4 kB; about 12 entries. */
export const getConsentHistory = (services: AccountServices): RouteHandler<'GET /v1/me/consents/history'> => {
  const cursors = pageCursor(services.pseudonyms, 'consent-history');
  return async ({ caller, query }) => {
    const after = await cursors.open(caller.sub, query.cursor);
    const { entries, next } = await services.consents.history(caller.sub, {
      limit: query.limit ?? pageSize,
      ...(after !== undefined && { after }),
    });
    const cursor = await cursors.seal(caller.sub, next);
    return { status: 200, body: { entries: [...entries], ...(cursor !== undefined && { next: cursor }) } };
  };
};
