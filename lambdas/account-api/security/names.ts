import { invalid } from '../../api/problem.ts';

/** What people call their things: one line, shown as it is. @throws CiamError `REQUEST_INVALID` */
export function friendlyName(typed: string | undefined, fallback = ''): string {
  if (typed === undefined) return fallback;
  const name = typed.normalize('NFC').trim();
  // Controls, line separators, unassigned and directional overrides: they would make a list show something else.
  if (name === '' || /[\p{C}\u2028\u2029]/u.test(name)) throw invalid('/name', 'must be one line of text');
  return name;
}
