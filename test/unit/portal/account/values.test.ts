import { beforeAll, describe, expect, it } from 'vitest';
import { daysOf, dayTitle } from '../../../../portal/src/pages/account/activity-days.ts';
import type { Consent } from '../../../../portal/src/pages/account/attention.ts';
import {
  grantOf,
  standingLine,
  stateOf,
  withAnswer,
} from '../../../../portal/src/pages/account/consent-state.ts';
import {
  draftOf,
  draftProblem,
  type Profile,
  type Question,
  shownValue,
  typedValue,
} from '../../../../portal/src/pages/account/field-values.ts';
import { fieldChanges } from '../../../../portal/src/pages/account/profile-changes.ts';
import { withText } from '../../../../portal/src/text/text.ts';

beforeAll(() => withText(['account', 'activity', 'privacy'], async () => undefined));

const aQuestion = (changes: Partial<Question> = {}): Question => ({
  field: 'city',
  type: 'text',
  label: 'City',
  required: false,
  purpose: 'personalisation',
  ...changes,
});

describe('values of fields', () => {
  it.each([
    { type: 'text', draft: ' Lisbon ', value: 'Lisbon' },
    { type: 'text', draft: '   ', value: undefined },
    { type: 'number', draft: '3', value: 3 },
    { type: 'boolean', draft: 'true', value: true },
    { type: 'boolean', draft: 'false', value: false },
    { type: 'date', draft: '1990-05-17', value: '1990-05-17' },
  ] as const)('reads $draft of a $type as $value', ({ type, draft, value }) => {
    expect(typedValue({ type }, draft)).toBe(value);
    if (value !== undefined) expect(typedValue({ type }, draftOf(value))).toBe(value);
  });

  it.each([
    { question: aQuestion({ type: 'date' }), value: '1990-05-17', shown: 'May 17, 1990' },
    { question: aQuestion({ type: 'boolean' }), value: false, shown: 'No' },
    { question: aQuestion({ type: 'number' }), value: 1234.5, shown: '1,234.5' },
    { question: aQuestion({ type: 'choice', optionLabels: { s: 'Small' } }), value: 's', shown: 'Small' },
    { question: aQuestion({ type: 'choice' }), value: 's', shown: 's' },
  ])('shows $value as $shown', ({ question, value, shown }) =>
    expect(shownValue(question, value)).toBe(shown),
  );

  it.each([
    { draft: '', says: 'Enter something, or go back.' },
    { draft: '0', says: 'Enter a number from 1 to 20.' },
    { draft: '21', says: 'Enter a number from 1 to 20.' },
    { draft: 'many', says: 'Enter a number from 1 to 20.' },
    { draft: '20', says: undefined },
  ])('of a number from 1 to 20, $draft: $says', ({ draft, says }) =>
    expect(draftProblem(aQuestion({ type: 'number', min: 1, max: 20 }), draft)).toBe(says),
  );

  it('names what is different between two readings of a profile', () => {
    const schema = [
      aQuestion(),
      aQuestion({ field: 'size', label: 'Size' }),
      aQuestion({ field: 'age', label: 'Age' }),
    ];
    const at = '2026-11-22T12:00:00.000Z';
    const record = (value: string) => ({ value, purpose: 'p', source: 'profile', at }) as const;
    const profile = (fields: Profile['fields']): Profile => ({ version: 1, fields, completeness: 0, schema });
    const [before, now] = [
      profile({ city: record('Lisbon'), size: record('s') }),
      profile({ city: record('Porto'), age: record('7') }),
    ];
    expect(fieldChanges(before, now)).toEqual([
      { label: 'City', before: 'Lisbon', after: 'Porto' },
      { label: 'Size', before: 's' },
      { label: 'Age', after: '7' },
    ]);
    expect(fieldChanges(now, now)).toEqual([]);
  });
});

describe('where a person stands with a purpose', () => {
  const standing = {
    decision: 'granted',
    version: '1',
    language: 'en',
    textHash: 'b'.repeat(64),
    at: '2026-11-22T12:00:00.000Z',
  } as const;
  const aConsent = (changes: Partial<Consent>): Consent => ({
    purpose: 'newsletter',
    basis: 'consent',
    required: false,
    version: '2',
    language: 'de',
    text: 'Schicken Sie mir …',
    textHash: 'a'.repeat(64),
    ask: false,
    active: false,
    ...changes,
  });
  it.each([
    {
      given: { basis: 'contract', active: true, standing },
      state: 'contract',
      line: /^Accepted on November 22, 2026, version \u20681\u2069/,
    },
    { given: { basis: 'contract', active: true }, state: 'contract', line: /ends with the account/ },
    {
      given: { basis: 'contract', active: true, ask: true },
      state: 'contract-open',
      line: /not decided yet/,
    },
    {
      given: { active: true, standing },
      state: 'granted',
      line: /^You agreed on November 22, 2026, version \u20681\u2069/,
    },
    { given: { ask: true }, state: 'open', line: /not decided yet.*version \u20682\u2069/ },
    { given: { ask: true, standing }, state: 'changed', line: /the text has changed since/ },
    {
      given: { standing: { ...standing, decision: 'withdrawn' } },
      state: 'refused',
      line: /^You said no on/,
    },
  ] as const)('is $state', ({ given, state, line }) => {
    const consent = aConsent(given);
    expect(stateOf(consent)).toBe(state);
    expect(standingLine(consent)).toMatch(line);
  });

  it('is what was answered a moment ago, until a reading says otherwise', () => {
    const answered = { id: 'x', purpose: 'newsletter', ...standing, version: '2' };
    const open = aConsent({ ask: true });
    expect(stateOf(withAnswer(open, answered))).toBe('granted');
    expect(stateOf(withAnswer(open, { ...answered, decision: 'withdrawn' }))).toBe('refused');
    const later = aConsent({
      standing: { ...standing, decision: 'withdrawn', at: '2026-11-22T12:00:01.000Z' },
    });
    expect(withAnswer(later, answered)).toBe(later);
    expect(withAnswer(open, undefined)).toBe(open);
  });

  it('a grant is bound to the text on the screen', () =>
    expect(grantOf(aConsent({}))).toEqual({
      decision: 'granted',
      version: '2',
      language: 'de',
      textHash: 'a'.repeat(64),
    }));
});

describe('days of activity', () => {
  const now = new Date(2026, 10, 22, 0, 30);
  const at = (day: number, hour: number) =>
    ({ id: `${day}-${hour}`, at: new Date(2026, 10, day, hour).toISOString() }) as Parameters<
      typeof daysOf
    >[0][number];
  it('are those of the person’s own time zone, in order', () => {
    const days = daysOf([at(22, 0), at(21, 23), at(21, 1), at(19, 5)]);
    expect(days.map(({ key, events }) => [dayTitle(key, now), events.length])).toEqual([
      ['Today', 1],
      ['Yesterday', 2],
      ['November 19, 2026', 1],
    ]);
  });
});
