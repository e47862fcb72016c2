import { describe, expect, it } from 'vitest';
import type { Identifier } from '../../../../lambdas/core/identifier.ts';
import { checkForm } from '../../../../lambdas/core/registration/form.ts';
import { mailDomainAllowed } from '../../../../lambdas/core/registration/mail-domains.ts';
import { aConfiguration, aConsent, NOW } from '../../../support/registration.ts';

const ada = 'ada.lovelace@mail.harbour.example' as Identifier;

describe('mail domains', () => {
  it.each([
    { allow: [], deny: [], allowed: true },
    { allow: ['harbour.example'], deny: [], allowed: true },
    { allow: ['MAIL.harbour.example'], deny: [], allowed: true },
    { allow: ['arbour.example'], deny: [], allowed: false },
    { allow: ['other.example'], deny: [], allowed: false },
    { allow: [], deny: ['harbour.example'], allowed: false },
    { allow: ['harbour.example'], deny: ['mail.harbour.example'], allowed: false },
    { allow: [], deny: ['x.mail.harbour.example'], allowed: true },
  ])('allow $allow, deny $deny: $allowed', ({ allowed, ...rules }) =>
    expect(mailDomainAllowed(ada, rules)).toBe(allowed),
  );
});

describe('the form', () => {
  const check = (form: Parameters<typeof checkForm>[0]) => checkForm(form, aConfiguration(), NOW);
  const terms = aConsent('terms');
  const problemsOf = (form: Parameters<typeof checkForm>[0]): unknown => {
    try {
      check(form);
    } catch (error) {
      const { code, fields } = error as { code: string; fields: { pointer: string }[] };
      return { code, pointers: fields.map(({ pointer }) => pointer) };
    }
    return 'accepted';
  };

  it('keeps fields in their stored form with their purpose, and the consents as given', () =>
    expect(check({ profile: { givenName: '  Ada ' }, consents: [terms] })).toEqual({
      fields: { givenName: { value: 'Ada', purpose: 'account' } },
      consents: [terms],
    }));

  it('asks for a required field only when its consent was given', () => {
    expect(problemsOf({ consents: [terms, aConsent('offers')] })).toEqual({
      code: 'REQUEST_INVALID',
      pointers: ['/profile/birthday'],
    });
    expect(problemsOf({ consents: [terms, aConsent('offers', { decision: 'withdrawn' })] })).toBe('accepted');
  });

  it.each([
    { why: 'the terms are missing', form: {}, pointers: ['/consents'] },
    {
      why: 'the terms are refused',
      form: { consents: [{ ...terms, decision: 'withdrawn' as const }] },
      pointers: ['/consents/0/decision', '/consents'],
    },
    {
      why: 'a purpose is unknown',
      form: { consents: [terms, aConsent('spam')] },
      pointers: ['/consents/1/purpose'],
    },
    { why: 'a purpose comes twice', form: { consents: [terms, terms] }, pointers: ['/consents/1/purpose'] },
    {
      why: 'a field is unknown',
      form: { consents: [terms], profile: { isAdmin: true } },
      pointers: ['/profile/isAdmin'],
    },
    {
      why: 'a field is asked elsewhere',
      form: { consents: [terms], profile: { city: 'Lisbon' } },
      pointers: ['/profile/city'],
    },
    {
      why: 'a field lacks its consent',
      form: { consents: [terms], profile: { birthday: '1990-05-17' } },
      pointers: ['/profile/birthday'],
    },
    {
      why: 'a value has the wrong type',
      form: { consents: [terms], profile: { givenName: 7 } },
      pointers: ['/profile/givenName'],
    },
  ])('refuses by name when $why', ({ form, pointers }) =>
    expect(problemsOf(form)).toEqual({ code: 'REQUEST_INVALID', pointers }),
  );

  it.each<{ why: string; change: Record<string, string> }>([
    { why: 'an old version', change: { version: '1' } },
    { why: 'another text', change: { textHash: 'a'.repeat(64) } },
    { why: 'another language than its text', change: { language: 'de' } },
    { why: 'a language that is not there', change: { language: 'toString' } },
  ])('refuses a consent to $why', ({ change }) =>
    expect(problemsOf({ consents: [aConsent('terms', change)] })).toEqual({
      code: 'CONSENT_TEXT_MISMATCH',
      pointers: [],
    }),
  );
});
