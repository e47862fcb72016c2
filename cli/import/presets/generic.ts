import { csvOrLines, encodedPassword, type Preset, textOf } from './preset.ts';

/** Our own names: what a team writes that exports from a database of its own. */
export const generic: Preset = {
  format: csvOrLines,
  read: (raw) => ({
    email: raw.email,
    emailVerified: raw.email_verified,
    blocked: raw.blocked,
    expiresAt: raw.expires_at,
    password: encodedPassword(textOf(raw.password_hash)),
    phone: raw.phone,
    name: raw.name,
    birthDate: raw.birth_date,
    locale: raw.locale,
  }),
};
