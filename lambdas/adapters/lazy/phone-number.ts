import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** E.164: at most 15 digits, no extension, no list. */
const international = /^\+[1-9][0-9]{6,14}$/;

/**
 * One number that can exist, in E.164, with the country that it belongs to. Spaces, hyphens, dots and brackets are
 * people's way of writing and go; anything else is refused.
 */
export function readPhoneNumber(
  typed: string,
): { readonly number: string; readonly country: string } | undefined {
  const plain = typed.replace(/[ ().-]/g, '');
  if (!international.test(plain)) return undefined;
  const parsed = parsePhoneNumberFromString(plain);
  // A number without country (satellite, +800) can be neither priced nor budgeted.
  return parsed?.isValid() && parsed.country ? { number: parsed.number, country: parsed.country } : undefined;
}
