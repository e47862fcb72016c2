import { createClient } from '../../../client/index.ts';
import { brand } from '../configuration.ts';

/** The Identity API at the portal's own origin; the session is the HttpOnly cookie. */
export const api = createClient({
  /** Mails that follow from a call are written in the brand's name; read at each call. */
  get headers(): Readonly<Record<string, string>> {
    const { id } = brand.value;
    return id === '' ? {} : { 'x-vestibule-brand': id };
  },
});
