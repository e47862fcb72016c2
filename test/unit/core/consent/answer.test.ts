import { describe, expect, it } from 'vitest';
import { answeredText, purposeNamed } from '../../../../lambdas/core/consent/answer.ts';
import { aConsentState, aPurpose, aTextVersion, hashOf } from '../../../support/account.ts';

const purpose = aPurpose({ versions: [aTextVersion('2'), aTextVersion('1')] });
const today = { version: '2', language: 'en', textHash: hashOf('Text 2') };
const before = { version: '1', language: 'en', textHash: hashOf('Text 1') };

describe('a grant', () => {
  it('is bound to the text that was shown', () => {
    const german = { version: '2', language: 'de', textHash: hashOf('Wortlaut 2') };
    expect(answeredText(purpose, { decision: 'granted', ...german }, undefined)).toEqual(german);
  });

  it.each([
    { what: 'an older version', text: before },
    { what: 'an unknown version', text: { ...today, version: '9' } },
    { what: 'another text', text: { ...today, textHash: hashOf('Text 2 with more') } },
    { what: 'the hash of another language', text: { ...today, language: 'de' } },
    { what: 'an unknown language', text: { ...today, language: 'fr' } },
    { what: 'a name every object has', text: { ...today, language: 'constructor' } },
    { what: 'an upper-case hash', text: { ...today, textHash: today.textHash.toUpperCase() } },
  ])('is refused for $what', ({ text }) => {
    expect(() => answeredText(purpose, { decision: 'granted', ...text }, undefined)).toThrow(
      expect.objectContaining({ code: 'CONSENT_TEXT_MISMATCH' }),
    );
  });

  it('names what is missing', () => {
    expect(() => answeredText(purpose, { decision: 'granted', version: '2' }, undefined)).toThrow(
      expect.objectContaining({
        code: 'REQUEST_INVALID',
        fields: [
          { pointer: '/language', detail: 'is required to grant' },
          { pointer: '/textHash', detail: 'is required to grant' },
        ],
      }),
    );
  });
});

describe('a withdrawal', () => {
  const withdraw = { decision: 'withdrawn' as const };
  const forgotten = { version: '0', language: 'en', textHash: hashOf('Text 0') };

  it.each([
    { given: 'nothing but the decision', answer: withdraw, standing: aConsentState(before), bound: before },
    { given: 'no earlier answer', answer: withdraw, standing: undefined, bound: today },
    { given: 'an older text', answer: { ...withdraw, ...before }, standing: undefined, bound: before },
    {
      given: 'the standing text that the configuration has forgotten',
      answer: { ...withdraw, ...forgotten },
      standing: aConsentState(forgotten),
      bound: forgotten,
    },
  ])('counts with $given', ({ answer, standing, bound }) => {
    expect(answeredText(purpose, answer, standing)).toEqual(bound);
  });

  it.each([{ ...today, textHash: hashOf('made up') }, { version: '2' }])(
    'is not recorded for a text that is not ours',
    (text) => {
      expect(() => answeredText(purpose, { ...withdraw, ...text }, aConsentState(today))).toThrow(
        expect.objectContaining({ code: 'CONSENT_TEXT_MISMATCH' }),
      );
    },
  );

  it('is not possible for what rests on the contract', () => {
    const contract = aPurpose({ basis: 'contract' });
    expect(() => answeredText(contract, withdraw, undefined)).toThrow(
      expect.objectContaining({ code: 'CONSENT_NOT_WITHDRAWABLE' }),
    );
  });
});

describe('purposeNamed', () => {
  it.each(['unknown', 'constructor', '__proto__', 'Newsletter'])('does not know %s', (name) => {
    expect(() => purposeNamed([purpose], name)).toThrow(
      expect.objectContaining({ code: 'CONSENT_PURPOSE_UNKNOWN' }),
    );
  });
});
