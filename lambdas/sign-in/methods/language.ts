import type { Flow } from '../../core/challenge/flow.ts';
import type { ServiceConfiguration } from '../../core/configuration.ts';
import { bestLanguage } from '../../core/languages.ts';
import type { Person } from '../person.ts';

/** The language of the page that the sign-in began on, else that of the account. */
export const languageOf = (
  { languages }: Pick<ServiceConfiguration, 'languages'>,
  { locale }: Pick<Person, 'locale'>,
  { language }: Pick<Flow, 'language'>,
): string => bestLanguage(languages, [language, locale?.replaceAll('_', '-')]);
