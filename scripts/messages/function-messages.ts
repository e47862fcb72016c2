import { mailCatalogue } from '../../lambdas/core/messages/catalogue.ts';
import { smsCatalogue } from '../../lambdas/core/messages/sms.ts';
import { recoveryTexts } from '../../lambdas/core/recovery/recovery-text.ts';
import type { MessageProblem } from './message-file.ts';

/** A text of the functions is a function of data and brand. */
type Texts = Readonly<Record<string, (data: never, brand: string) => unknown>>;
export type Catalogues = Readonly<Record<string, Readonly<Record<string, Texts>>>>;

/** Every value is one that the text can only have taken from its data. */
const data = {
  code: '99887766',
  device: 'DEVICE',
  link: 'https://link.example/#x',
  expiresInMinutes: 11,
  at: '2031-03-04T05:06:07.000Z',
  readyAt: '2032-03-04T05:06:07.000Z',
  what: 'passkey-added',
};
const brand = 'BRAND';
/** What is looked for in the text of each of them. */
const traces = { ...data, expiresInMinutes: '11', at: '2031', readyAt: '2032', what: '', brand };

const functionCatalogues: Catalogues = {
  'lambdas/core/messages/<language>.ts': mailCatalogue,
  'lambdas/core/messages/sms.ts': smsCatalogue,
  'lambdas/core/recovery/recovery-text.ts': Object.fromEntries(
    Object.entries(recoveryTexts).map(([language, text]) => [
      language,
      { recovery: ({ link }: { link: string }, name: string) => text(name, link) },
    ]),
  ),
};

/** The texts of mails and SMS of all languages against English: every kind is there and says what English says. */
export const functionMessageProblems = (
  languages: readonly string[],
  catalogues: Catalogues = functionCatalogues,
): readonly MessageProblem[] =>
  Object.entries(catalogues).flatMap(([file, catalogue]) =>
    languages.flatMap((language) => {
      const at = file.replace('<language>', language);
      const texts = catalogue[language];
      if (!texts) return [{ file: at, key: '*', problem: `has no texts in ${language}` }];
      return Object.entries(catalogue.en ?? {}).flatMap(([kind, english]) =>
        kindProblems(english, texts[kind]).map((problem) => ({
          file: at,
          key: `${language}.${kind}`,
          problem,
        })),
      );
    }),
  );

function kindProblems(english: Texts[string], text: Texts[string] | undefined): readonly string[] {
  if (!text) return ['is missing'];
  const wanted = tracesIn(english);
  const given = tracesIn(text);
  return [
    ...wanted.filter((name) => !given.includes(name)).map((name) => `does not say ${name}`),
    ...given.filter((name) => !wanted.includes(name)).map((name) => `says ${name}, which English does not`),
  ];
}

const tracesIn = (text: Texts[string]): readonly string[] => {
  const said = JSON.stringify(text(data as never, brand));
  return Object.entries(traces)
    .filter(([, trace]) => trace !== '' && said.includes(trace))
    .map(([name]) => name);
};
