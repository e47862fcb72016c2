import { allBrands } from '../../lib/config/brands.ts';
import type { VestibuleConfig } from '../../lib/config/types.ts';
import { functionMessageProblems } from './function-messages.ts';
import { brandTextProblems, portalMessageProblems } from './portal-messages.ts';

const folder = 'portal/messages';

/** Everything that people read, in every configured language; one line per problem. */
export const findMessageProblems = (root: string, config: VestibuleConfig): readonly string[] =>
  [
    ...portalMessageProblems(root, folder, config.languages),
    ...brandTextProblems(root, folder, allBrands(config)),
    ...functionMessageProblems(config.languages),
  ].map(({ file, key, problem }) => `${file}: ${key}: ${problem}`);
