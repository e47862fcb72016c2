/** Every page of the portal by its address; nothing else in the code spells one out. */
const base = '/portal';

export const paths = {
  signIn: `${base}/sign-in`,
  signUp: `${base}/sign-up`,
  confirm: `${base}/confirm`,
  /** Mailed magic links; the secret is the fragment. */
  link: `${base}/link`,
  /** Where a provider's sign-in comes back to. */
  provider: `${base}/provider`,
  resetPassword: `${base}/reset-password`,
  recovery: `${base}/recovery`,
  recoveryCancel: `${base}/recovery/cancel`,
  overview: `${base}/`,
  profile: `${base}/profile`,
  security: `${base}/security`,
  sessions: `${base}/sessions`,
  activity: `${base}/activity`,
  links: `${base}/links`,
  privacy: `${base}/privacy`,
  /** After the account was deleted. */
  farewell: `${base}/farewell`,
  operator: `${base}/operator`,
  operatorPerson: `${base}/operator/person`,
  developers: `${base}/developers`,
} as const;

export type PagePath = (typeof paths)[keyof typeof paths];

/** `paths.signIn` with the page to go on to afterwards. */
export const signInThen = (path: string): string => `${paths.signIn}?then=${encodeURIComponent(path)}`;

/** A page of ours to go on to; anything else (another site, a scheme, a backslash, a way up) is the overview. */
export function ownPage(wanted: string | null | undefined): string {
  if (!wanted?.startsWith(`${base}/`) || /[\\\s]|\/\//.test(wanted)) return paths.overview;
  // What a browser would make of it: `..` leads out of the pages, `%2e%2e` as well.
  const { pathname } = new URL(wanted, 'https://portal.invalid');
  return pathname.startsWith(`${base}/`) ? wanted : paths.overview;
}
