import { functionMessageProblems } from './function-messages.ts';
import { portalMessageProblems } from './portal-messages.ts';

/** Everything that people read, in every configured language; one line per problem. */
export const findMessageProblems = (root: string, languages: readonly string[]): readonly string[] =>
  [...portalMessageProblems(root, 'portal/messages', languages), ...functionMessageProblems(languages)].map(
    ({ file, key, problem }) => `${file}: ${key}: ${problem}`,
  );
