import { csvOrLines, encodedPassword, objectOf, type Preset, type Raw, textOf } from './preset.ts';

/**
 * Bulk export (`users-exports` job, JSON lines or CSV) joined with the password file that Auth0's support sends.
 * @param hashOf - bcrypt text by user id or address; see {@link auth0PasswordKeys}
 */
export const auth0 = (hashOf: (keys: readonly string[]) => string | undefined): Preset => ({
  format: csvOrLines,
  read: (raw) => {
    const id = textOf(raw.user_id) ?? textOf(raw.Id);
    const email = textOf(raw.email) ?? textOf(raw.Email);
    const keys = [...(id ? [`id:${id.replace(/^auth0\|/, '')}`] : []), ...(email ? [`email:${email}`] : [])];
    return {
      email,
      emailVerified: raw.email_verified ?? raw['Email Verified'],
      blocked: raw.blocked,
      password: encodedPassword(textOf(raw.passwordHash) ?? hashOf(keys)),
      phone: raw.phone_number,
      name: raw.name,
      birthDate: objectOf(raw.user_metadata).birth_date,
      locale: raw.locale ?? objectOf(raw.user_metadata).locale,
    };
  },
});

/** A line of the password file: whom it is about, and the hash. */
export function auth0Password(
  raw: Raw,
): { readonly keys: readonly string[]; readonly hash: string } | undefined {
  const hash = textOf(raw.passwordHash);
  const id = textOf(objectOf(raw._id).$oid) ?? textOf(raw._id);
  const email = textOf(raw.email);
  const keys = [...(id ? [`id:${id}`] : []), ...(email ? [`email:${email}`] : [])];
  return hash && keys.length > 0 ? { keys, hash } : undefined;
}
