import type { RouteHandler } from '../api/types.ts';
import type { ConsentPurpose, ServiceConfiguration } from '../core/configuration.ts';
import { currentVersion } from '../core/consent/coverage.ts';
import { bestLanguage } from '../core/languages.ts';
import { questionOf } from '../core/profile/question.ts';

/** Configuration only: no read, no write. */
export const getRegistrationForm =
  (configuration: ServiceConfiguration): RouteHandler<'GET /v1/registration-form'> =>
  async ({ query, headers }) => {
    const language = bestLanguage(configuration.languages, [query.locale], headers['accept-language']);
    return {
      status: 200,
      body: {
        language,
        passwordMinLength: configuration.password.minLength,
        fields: configuration.profile.fields
          .filter(({ collect }) => collect === 'registration')
          .map((field) => questionOf(field, language)),
        purposes: configuration.purposes.map((purpose) => shownPurpose(purpose, language)),
      },
    };
  };

/** The current text with its hash: what an answer is bound to. */
function shownPurpose(purpose: ConsentPurpose, language: string) {
  const { version, texts, textHashes } = currentVersion(purpose);
  const text = texts[language];
  const textHash = textHashes[language];
  if (text === undefined || textHash === undefined) {
    throw new Error(`purpose ${purpose.name}: no text in ${language}`);
  }
  return {
    purpose: purpose.name,
    required: purpose.requiredAtRegistration,
    version,
    language,
    text,
    textHash,
  };
}
