import { createClient } from '../../../client/index.ts';

/** The Identity API at the portal's own origin; the session is the HttpOnly cookie. */
export const api = createClient();
