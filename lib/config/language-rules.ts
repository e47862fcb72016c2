import { mailCatalogue } from '../../lambdas/core/messages/catalogue.ts';
import { type ConfigProblem, pathOf } from './problems.ts';
import type { VestibuleConfig } from './types.ts';

const known = Object.keys(mailCatalogue);

/** A language of the configuration needs texts of ours, too: pages and mails would be half in another one. */
export const languageProblems = ({ languages }: VestibuleConfig): readonly ConfigProblem[] =>
  languages.flatMap((language, index) =>
    known.includes(language.split('-')[0] ?? '')
      ? []
      : [
          {
            path: pathOf(['languages', index]),
            message: `there are no texts in "${language}", only in ${known.join(', ')}; add lambdas/core/messages/${language}.ts and portal/messages/${language}`,
          },
        ],
  );
