import type { RouteHandler, RouteRequest } from '../api/types.ts';
import { bestLanguage } from '../core/languages.ts';
import { changeOwn, etagOf, type OwnProfile, readOwn } from '../core/profile/own-profile.ts';
import { questionOf } from '../core/profile/question.ts';
import { completeness, permittedFields, visibleFields } from '../core/profile/view.ts';
import { ownerOf } from './owner.ts';
import type { AccountServices } from './services.ts';

/** Reads: 1 RRU, and 1 RRU for the consents where a field needs one. Its owner reading a profile is no event. */
export const getProfile =
  (services: AccountServices): RouteHandler<'GET /v1/me/profile'> =>
  async (request) =>
    profileAnswer(await readOwn(services, request.caller.sub, services.configuration), services, request);

/** Reads as `getProfile`; writes 4 WRU, none when nothing changes. */
export const patchProfile =
  (services: AccountServices): RouteHandler<'PATCH /v1/me/profile'> =>
  async (request) => {
    const owner = await ownerOf(request, services);
    const changed = await changeOwn(
      services,
      owner,
      services.configuration,
      request.body,
      preconditionOf(request),
    );
    return profileAnswer(changed, services, request);
  };

/**
 * Only strong validators count (RFC 9110 §13.1.1), and `*` names no version: "whatever stands now" would be exactly
 * the blind overwrite that the precondition is there to prevent.
 */
function preconditionOf({ headers }: Pick<RouteRequest, 'headers'>): (version: number) => boolean {
  const tags = (headers['if-match'] ?? '').split(',').map((tag) => tag.trim());
  return (version) => tags.includes(etagOf({ version }));
}

/** Labels are in the language asked for, else in that of the profile, else in the browser's. */
function profileAnswer(
  { profile, permits }: OwnProfile,
  { configuration }: AccountServices,
  { query, headers }: Pick<RouteRequest<'GET /v1/me/profile'>, 'query' | 'headers'>,
) {
  const { fields } = configuration.profile;
  const wishes = [query.locale, profile.locale];
  const language = bestLanguage(configuration.languages, wishes, headers['accept-language']);
  const { version, email, locale, createdAt } = profile;
  return {
    status: 200 as const,
    headers: { ETag: etagOf(profile) },
    body: {
      version,
      ...(email !== undefined && { email }),
      ...(locale !== undefined && { locale }),
      ...(createdAt !== undefined && { createdAt }),
      fields: visibleFields(profile, fields, permits),
      completeness: completeness(profile, fields, permits),
      schema: permittedFields(fields, permits).map((field) => questionOf(field, language)),
    },
  };
}
