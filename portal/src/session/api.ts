import { createClient } from '../../../client/index.ts';
import { brand } from '../configuration.ts';
import { language } from '../text/text.ts';

/** The Identity API at the portal's own origin; the session is the HttpOnly cookie. */
export const api = createClient({
  /** Mails that follow from a call are in the name and the language of the page; read at each call. */
  get headers(): Readonly<Record<string, string>> {
    const { id } = brand.value;
    return { 'x-vestibule-language': language.value, ...(id !== '' && { 'x-vestibule-brand': id }) };
  },
});
