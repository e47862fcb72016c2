import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type MessageFile, type MessageProblem, messageProblems } from './message-file.ts';

const reference = 'en';

/**
 * `<folder>/<language>/<area>.json` of all languages against English.
 * @param languages - those that must be there; English is always compared with itself, for its plural forms
 */
export function portalMessageProblems(
  root: string,
  folder: string,
  languages: readonly string[],
): readonly MessageProblem[] {
  const areas = areasOf(join(root, folder, reference));
  return [reference, ...languages.filter((language) => language !== reference)].flatMap((language) => {
    const here = join(root, folder, language);
    const surplus = areasOf(here).filter((area) => !areas.includes(area));
    return [
      ...areas.flatMap((area) =>
        areaProblems(root, join(root, folder, reference, area), join(here, area), language),
      ),
      ...surplus.map((area) => ({
        file: relative(root, join(here, area)),
        key: '*',
        problem: 'English has no such file',
      })),
    ];
  });
}

/** Lines of a brand replace lines that there are, and are filled in with the same names. */
export function brandTextProblems(
  root: string,
  folder: string,
  brands: readonly { readonly id: string; readonly texts?: Readonly<Record<string, MessageFile>> }[],
): readonly MessageProblem[] {
  return brands.flatMap(({ id, texts = {} }) =>
    Object.entries(texts).flatMap(([language, lines]) =>
      Object.entries(lines).flatMap(([path, line]) => {
        const [area = '', key = ''] = path.split('/');
        const english = read(join(root, folder, reference, `${area}.json`))?.[key];
        const file = `vestibule.config.ts, brand ${id}, ${language}`;
        if (english === undefined) return [{ file, key: path, problem: 'the portal has no such text' }];
        return messageProblems(file, language, { [path]: english }, { [path]: line });
      }),
    ),
  );
}

const areasOf = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .sort()
    : [];

function areaProblems(
  root: string,
  english: string,
  path: string,
  language: string,
): readonly MessageProblem[] {
  const file = relative(root, path);
  if (!existsSync(path)) return [{ file, key: '*', problem: 'is missing' }];
  const [wanted, messages] = [read(english), read(path)];
  if (!wanted) return []; // said once, where English is compared with itself
  return messages
    ? messageProblems(file, language, wanted, messages)
    : [{ file, key: '*', problem: 'is no JSON object' }];
}

function read(path: string): MessageFile | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as MessageFile)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
