import type { HttpRequest } from '../platform.ts';

/** Another name for this machine would be a page that rebound its DNS name to it. */
const OWN_NAMES = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/** Nothing of the console is for pages that reach this port under a foreign name. */
export const isOwnHost = ({ headers }: HttpRequest): boolean => OWN_NAMES.test(headers.host ?? '');

/**
 * Whether a state-changing request comes from the console's own page or from no page at all (a script, a test).
 * Browsers send `Origin` with every POST and scripts of pages cannot leave it out; JSON cannot be sent by a form.
 */
export function mayChangeState({ headers }: HttpRequest): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (origin !== undefined && origin !== `http://${host}`) return false;
  if (site !== undefined && site !== 'same-origin') return false;
  return headers['content-type']?.split(';')[0]?.trim() === 'application/json';
}
