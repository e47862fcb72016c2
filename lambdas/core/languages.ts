import { languageHeader } from './request-headers.ts';
/** BCP 47: a language, optionally with script and region. */
export const languageTag = /^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2}|-[0-9]{3})?$/;
export const isLanguageTag = (value: unknown): value is string =>
  typeof value === 'string' && languageTag.test(value);

/** What a page says about its language, if it has the form of a tag; whether it is one of ours is asked where it is used. */
export const languageWish = (headers: Readonly<Record<string, string | undefined>>): string | undefined => {
  const wish = headers[languageHeader];
  return isLanguageTag(wish) ? wish : undefined;
};

/** More ranges than a browser sends; what a caller adds beyond is ignored. */
const maxRanges = 16;
const range = /^([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)(?:;q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

/**
 * The configured language that serves the person best: the wishes in their order, then `Accept-Language` by weight
 * (RFC 9110 §12.5.4, lookup of RFC 4647 §3.4), then the default, which is the first one configured.
 * @param wishes - explicit choices, strongest first: a query value, the language of the profile
 */
export function bestLanguage(
  languages: readonly string[],
  wishes: readonly (string | undefined)[],
  acceptLanguage?: string,
): string {
  const [fallback] = languages;
  if (fallback === undefined) throw new Error('languages: none configured');
  const tags = [...wishes.filter((wish) => wish !== undefined), ...acceptedRanges(acceptLanguage ?? '')];
  for (const tag of tags) {
    const match = tag === '*' ? fallback : lookup(languages, tag);
    if (match !== undefined) return match;
  }
  return fallback;
}

/** Tries the whole tag, then shorter ones: `de-AT` finds `de`. */
function lookup(languages: readonly string[], tag: string): string | undefined {
  const subtags = tag.toLowerCase().split('-').slice(0, 8);
  for (let length = subtags.length; length > 0; length -= 1) {
    const shorter = subtags.slice(0, length).join('-');
    const found = languages.find((language) => language.toLowerCase() === shorter);
    if (found !== undefined) return found;
  }
  return undefined;
}

function acceptedRanges(header: string): readonly string[] {
  return header
    .slice(0, 512)
    .toLowerCase()
    .split(',', maxRanges)
    .flatMap((part) => {
      const [, tag, weight = '1'] = range.exec(part.replace(/\s+/g, '')) ?? [];
      return tag !== undefined && Number(weight) > 0 ? [{ tag, weight: Number(weight) }] : [];
    })
    .toSorted((left, right) => right.weight - left.weight)
    .map(({ tag }) => tag);
}
