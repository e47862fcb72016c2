import type { ProfileField } from '../configuration.ts';
import type { FieldValue } from './profile.ts';
import { canonicalText, characterCount } from './text.ts';

export type FieldCheck =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly allowed: string };

/** Default upper bound of a text field, in characters. */
export const textMaxLength = 256;
const earliestDate = '1900-01-01';
/** "Today" has begun somewhere on earth up to 14 hours before it begins in UTC. */
const furthestZoneMs = 14 * 3_600_000;

/**
 * Checks one value against its field's schema and brings it into its stored form. Nothing is guessed: `"5"` is not a
 * number and `1` is not a boolean.
 * @param now - epoch milliseconds; dates after today (in any time zone) are refused
 * @returns the stored form, or a line that says what is allowed without quoting what was sent
 */
export function checkField(field: ProfileField, value: unknown, now: number): FieldCheck {
  switch (field.type) {
    case 'text':
      return checkText(field, value);
    case 'choice':
      return checkChoice(field, value);
    case 'date':
      return checkDate(value, now);
    case 'number':
      return checkNumber(field, value);
    case 'boolean':
      return typeof value === 'boolean' ? accepted(value) : refused('must be true or false');
  }
}

const accepted = (value: FieldValue): FieldCheck => ({ ok: true, value });
const refused = (allowed: string): FieldCheck => ({ ok: false, allowed });

function checkText({ maxLength = textMaxLength }: ProfileField, value: unknown): FieldCheck {
  const allowed = `must be a text of 1 to ${maxLength} characters`;
  if (typeof value !== 'string') return refused(allowed);
  const text = canonicalText(value);
  if (text === undefined) return refused(`${allowed}, in one line and without control characters`);
  const length = characterCount(text);
  return length >= 1 && length <= maxLength ? accepted(text) : refused(allowed);
}

function checkChoice({ options = [] }: ProfileField, value: unknown): FieldCheck {
  return typeof value === 'string' && options.includes(value)
    ? accepted(value)
    : refused(`must be one of: ${options.join(', ')}`);
}

function checkDate(value: unknown, now: number): FieldCheck {
  if (typeof value !== 'string' || !isRealDate(value)) return refused('must be a real date, YYYY-MM-DD');
  const today = new Date(now + furthestZoneMs).toISOString().slice(0, 10);
  return value >= earliestDate && value <= today
    ? accepted(value)
    : refused(`must be a date from ${earliestDate} to today`);
}

function isRealDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  // The parser rolls 30 February over to March, so the way back must give the same day.
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

function checkNumber({ min, max }: ProfileField, value: unknown): FieldCheck {
  const low = min ?? -Number.MAX_SAFE_INTEGER;
  const high = max ?? Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    return refused(`must be a number from ${low} to ${high}`);
  }
  return accepted(value === 0 ? 0 : value); // -0 has no JSON form of its own
}
