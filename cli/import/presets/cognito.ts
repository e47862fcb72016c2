import { csvOrLines, encodedPassword, type Preset, textOf } from './preset.ts';

/**
 * The CSV of a pool's user import (`GetCSVHeader`), or a list of users with the same names. Cognito gives no password
 * away: people set a new one by mail, unless the file has a column `password_hash`.
 */
export const cognito: Preset = {
  format: csvOrLines,
  read: (raw) => {
    const status = textOf(raw['cognito:user_status']);
    const isUnconfirmed = status === 'UNCONFIRMED';
    return {
      email: raw.email,
      emailVerified: isUnconfirmed ? false : raw.email_verified,
      blocked: raw.enabled === undefined || /^true$/i.test(String(raw.enabled)) ? false : 'disabled',
      password: encodedPassword(textOf(raw.password_hash)),
      phone: raw.phone_number,
      name: textOf(raw.name) ?? [raw.given_name, raw.family_name].filter((part) => textOf(part)).join(' '),
      birthDate: raw.birthdate,
      locale: raw.locale,
    };
  },
};
