import { invalid } from '../api/problem.ts';
import type { RouteHandler } from '../api/types.ts';
import { bestLanguage } from '../core/languages.ts';
import type { OwnProfile } from '../core/profile/own-profile.ts';
import { answerOwn, askOwn, skipOwn } from '../core/profile/own-prompts.ts';
import { questionOf } from '../core/profile/question.ts';
import { completeness } from '../core/profile/view.ts';
import { ownerOf } from './owner.ts';
import type { AccountServices } from './services.ts';

/** Reads 1 to 2 RRU; the first call of a visit writes 1 WRU. */
export const getPrompts =
  (services: AccountServices): RouteHandler<'GET /v1/me/prompts'> =>
  async ({ caller, query, headers, arrivedAt }) => {
    const { configuration } = services;
    const asked = await askOwn(services, { sub: caller.sub, now: arrivedAt }, configuration);
    const wishes = [query.locale, asked.profile.locale];
    const language = bestLanguage(configuration.languages, wishes, headers['accept-language']);
    return {
      status: 200,
      body: {
        prompts: asked.questions.map((field) => questionOf(field, language)),
        completeness: completenessOf(asked, services),
      },
    };
  };

/** Reads 1 to 2 RRU, writes 4 WRU; a repeated answer or skip writes nothing. */
export const putPrompt =
  (services: AccountServices): RouteHandler<'PUT /v1/me/prompts/{field}'> =>
  async (request) => {
    const { answer, skip } = request.body;
    if ((answer === undefined) === (skip === undefined)) throw invalid('', 'give either an answer or skip');
    const { field } = request.params;
    const owner = await ownerOf(request, services);
    const rules = services.configuration;
    const own = skip
      ? await skipOwn(services, owner, rules, field)
      : await answerOwn(services, owner, rules, field, answer);
    return {
      status: 200,
      body: {
        field,
        state: skip ? 'skipped' : 'answered',
        version: own.profile.version,
        completeness: completenessOf(own, services),
      },
    };
  };

const completenessOf = ({ profile, permits }: OwnProfile, { configuration }: AccountServices): number =>
  completeness(profile, configuration.profile.fields, permits);
