import type { AnswerOf, BodyOf } from '../../../../client/index.ts';
import { number } from '../../text/intl.ts';
import { language, text } from '../../text/text.ts';

export type Profile = AnswerOf<'GET /v1/me/profile'>;
export type Question = Profile['schema'][number];
export type FieldValue = NonNullable<BodyOf<'PUT /v1/me/prompts/{field}'>['answer']>;

/** A value as inputs hold it; empty for none. */
export const draftOf = (value: FieldValue | undefined): string => (value === undefined ? '' : String(value));

/** What was typed, as the API takes it; `undefined` for nothing. What is not possible the API says. */
export function typedValue({ type }: Pick<Question, 'type'>, draft: string): FieldValue | undefined {
  const typed = draft.trim();
  if (typed === '') return undefined;
  if (type === 'boolean') return typed === 'true';
  return type === 'number' ? Number(typed) : typed;
}

/** A value in words: dates as the language writes them, options by their label. */
export function shownValue(question: Pick<Question, 'type' | 'optionLabels'>, value: FieldValue): string {
  if (typeof value === 'boolean') return text('account', value ? 'yes' : 'no');
  if (typeof value === 'number') return number(value);
  if (question.type === 'date') return calendarDay(value);
  return question.optionLabels?.[value] ?? value;
}

/** A day of the calendar is the same day everywhere, whatever the time zone. */
const calendarDay = (value: string): string =>
  new Intl.DateTimeFormat(language.value, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(value));

/** What is not allowed about a draft, before it is sent; the API has the last word. */
export function draftProblem(question: Question, draft: string): string | undefined {
  const { type, min, max } = question;
  const value = typedValue(question, draft);
  if (value === undefined) return text('account', 'field.empty');
  if (type !== 'number') return undefined;
  const isPossible = typeof value === 'number' && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
  if (isPossible) return undefined;
  return min !== undefined && max !== undefined
    ? text('account', 'field.between', { min, max })
    : text('account', 'field.number');
}
