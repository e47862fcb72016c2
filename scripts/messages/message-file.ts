/** What is wrong with one text, where it stands: `portal/messages/fr/common.json`, `problem.offline`. */
export interface MessageProblem {
  readonly file: string;
  readonly key: string;
  readonly problem: string;
}

export type MessageFile = Readonly<Record<string, unknown>>;
type Forms = Readonly<Record<string, string>>;

/** Counts that people see; of the categories beyond (`many` of a million in French) `other` takes the place. */
const countsSeen = 200;

/** Categories that a language uses for the counts that people see, by the rules of CLDR. */
export function pluralCategories(language: string): ReadonlySet<string> {
  const rules = new Intl.PluralRules(language);
  const counts = Array.from({ length: countsSeen }, (_, count) => rules.select(count));
  return new Set([...counts, 'other']);
}

/**
 * Compares one file with the English one: every key, the names that are filled in, the forms of every plural.
 * @returns everything that is wrong, in the order of the keys
 */
export function messageProblems(
  file: string,
  language: string,
  english: MessageFile,
  messages: MessageFile,
): readonly MessageProblem[] {
  const keys = [...new Set([...Object.keys(english), ...Object.keys(messages)])].sort();
  return keys.flatMap((key) =>
    textProblems(language, english[key], messages[key]).map((problem) => ({ file, key, problem })),
  );
}

function textProblems(language: string, english: unknown, message: unknown): readonly string[] {
  if (english === undefined) return ['English has no such key'];
  if (message === undefined) return ['is missing'];
  const wanted = formsOf(english);
  const forms = formsOf(message);
  if (!wanted || !forms) return ['is neither a text nor the forms of one'];
  const isPlural = typeof message !== 'string';
  if (typeof english !== 'string' && !isPlural) return ['needs plural forms, as in English'];
  const names = new Set(Object.values(wanted).flatMap(namesIn));
  return [
    ...Object.entries(forms).flatMap(([form, line]) =>
      lineProblems(isPlural ? form : undefined, line, names),
    ),
    ...(isPlural ? formProblems(language, forms) : []),
  ];
}

const formsOf = (message: unknown): Forms | undefined => {
  if (typeof message === 'string') return { other: message };
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return undefined;
  return Object.values(message).every((form) => typeof form === 'string') ? (message as Forms) : undefined;
};

const namesIn = (line: string): readonly string[] =>
  Array.from(line.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);

/** `one` may say "a device": the count alone may be left out of a form, and of no plain text. */
function lineProblems(form: string | undefined, line: string, names: ReadonlySet<string>): readonly string[] {
  const at = form ? `${form}: ` : '';
  const given = new Set(namesIn(line));
  const missing = [...names].filter((name) => !given.has(name) && !(form && name === 'count'));
  const unknown = [...given].filter((name) => !names.has(name));
  return [
    ...(line.trim() === '' ? [`${at}is empty`] : []),
    ...missing.map((name) => `${at}lacks {${name}}`),
    ...unknown.map((name) => `${at}has {${name}}, which English has not`),
  ];
}

function formProblems(language: string, forms: Forms): readonly string[] {
  const needed = pluralCategories(language);
  const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return [
    ...[...needed]
      .filter((category) => !(category in forms))
      .map((category) => `lacks the plural form ${category}`),
    ...Object.keys(forms)
      .filter((form) => !known.includes(form as Intl.LDMLPluralRule))
      .map((form) => `${form} is no plural form of this language`),
  ];
}
