import type { CustomMessageTriggerEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMail } from '../../../lambdas/core/messages/render.ts';
import type { MailData, MailKind } from '../../../lambdas/core/messages/texts.ts';
import { customMessage } from '../../../lambdas/messages/custom-message.ts';

const config = {
  brand: { name: 'Harbour', supportUrl: 'https://harbour.example/help' },
  languages: ['en', 'de', 'fr', 'es', 'ar'],
};

const anEvent = (triggerSource: string, changes: Record<string, unknown> = {}): CustomMessageTriggerEvent =>
  ({
    version: '1',
    triggerSource,
    userName: 'ada',
    callerContext: { clientId: 'client', awsSdkVersion: '3' },
    request: {
      userAttributes: { sub: 's', email: 'ada@harbour.example' },
      codeParameter: '{####}',
      ...changes,
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  }) as unknown as CustomMessageTriggerEvent;

describe('Cognito mails', () => {
  it.each([
    ['CustomMessage_SignUp', 'Confirm your address'],
    ['CustomMessage_ResendCode', 'Confirm your address'],
    ['CustomMessage_ForgotPassword', 'Reset your password'],
    ['CustomMessage_Authentication', 'Your code to sign in'],
  ])('%s: %s', (source, subject) => {
    const { response } = customMessage(anEvent(source), config);
    expect(response.emailSubject).toContain(subject);
    expect(response.emailMessage).toContain('{####}');
    expect(response.emailMessage?.length).toBeLessThan(20_000);
    expect(response.smsMessage).toBe('Harbour: {####}');
    expect(response.smsMessage?.length).toBeLessThanOrEqual(140);
  });

  it.each(['CustomMessage_AdminCreateUser', 'CustomMessage_SomethingNew'])(
    "leaves %s to the pool's template",
    (source) => expect(customMessage(anEvent(source), config)).toEqual(anEvent(source)),
  );

  it.each(['CustomMessage_UpdateUserAttribute', 'CustomMessage_VerifyUserAttribute'])(
    'sends no code for a new address that an access token alone asked for (%s)',
    (source) => expect(() => customMessage(anEvent(source), config)).toThrow('REAUTHENTICATION_REQUIRED'),
  );

  it('answers the same when the trigger is repeated', () => {
    const event = anEvent('CustomMessage_SignUp');
    expect(customMessage(customMessage(event, config), config)).toEqual(customMessage(event, config));
  });

  it.each([
    { attribute: 'de', metadata: undefined, expected: 'Bestätigen' },
    { attribute: 'de-AT', metadata: 'en', expected: 'Bestätigen' },
    { attribute: 'de_CH', metadata: undefined, expected: 'Bestätigen' },
    { attribute: undefined, metadata: 'de', expected: 'Bestätigen' },
    { attribute: 'fr_CA', metadata: 'de', expected: 'Confirmez' },
    { attribute: 'es-MX', metadata: undefined, expected: 'Confirma tu' },
    { attribute: 'ar', metadata: undefined, expected: 'تأكيد' },
    { attribute: 'nl', metadata: 'de', expected: 'Confirm your' },
    { attribute: undefined, metadata: undefined, expected: 'Confirm' },
    { attribute: undefined, metadata: '../../etc', expected: 'Confirm' },
  ])('speaks $expected for $attribute and $metadata', ({ attribute, metadata, expected }) => {
    const event = anEvent('CustomMessage_SignUp', {
      userAttributes: { ...(attribute && { locale: attribute }) },
      ...(metadata && { clientMetadata: { locale: metadata } }),
    });
    expect(customMessage(event, config).response.emailSubject).toContain(expected);
  });
});

const data: MailData = {
  confirmation: { code: '123456' },
  'sign-in-code': { code: '123456', expiresInMinutes: 5, device: 'Firefox on Windows' },
  'address-taken': {},
  'new-device': { device: 'Firefox on Windows', at: '2026-11-22T12:00:00.000Z' },
  'password-reset': { code: '123456' },
  'address-code': { code: '123456', expiresInMinutes: 5 },
  'address-wanted': {},
  'account-changed': {
    what: 'passkey-added',
    device: 'Firefox on Windows',
    at: '2026-11-22T12:00:00.000Z',
  },
  'sign-in-link': {
    link: 'https://account.example/link#secret',
    expiresInMinutes: 10,
    device: 'Firefox on Windows',
  },
  'recovery-code': { code: '12345678', expiresInMinutes: 10 },
  'recovery-requested': {
    readyAt: '2026-11-25T12:00:00.000Z',
    link: 'https://account.example/recovery/cancel#secret',
  },
  'recovery-cancelled': {},
  'recovery-completed': { at: '2026-11-22T12:00:00.000Z' },
  'account-erased': { at: '2026-11-22T12:00:00.000Z' },
  'sessions-ended': { at: '2026-11-22T12:00:00.000Z' },
};
const kinds = Object.keys(data) as MailKind[];
const render = (
  kind: MailKind,
  language: string,
  brand: { name: string; supportUrl?: string } = config.brand,
) => renderMail(kind, language, data[kind] as MailData['confirmation'], { ...config, brand });

describe('every mail', () => {
  const all = kinds.flatMap((kind) => config.languages.map((language) => ({ kind, language })));

  it.each(all)(
    '$kind in $language says the same as text and as HTML, in one declared language',
    ({ kind, language }) => {
      const mail = render(kind, language);
      const direction = language === 'ar' ? 'rtl' : 'ltr';
      expect(mail.html).toContain(`<html lang="${language}" dir="${direction}">`);
      expect(mail.html).toContain(`<title>${mail.subject}</title>`);
      const words = mail.html.replace(/<(head|style)[\s\S]*?<\/\1>|<[^>]+>/g, ' ').replace(/[ \n]+/g, ' ');
      for (const line of mail.text.split('\n').filter((text) => text.length > 3 && text !== '-- ')) {
        expect(words).toContain(line.replace('\u200f', '').trim());
      }
    },
  );

  it.each(all)(
    '$kind in $language links to nothing but the configured support page and the portal',
    ({ kind, language }) => {
      const mail = render(kind, language);
      const links = (mail.html + mail.text).match(/https?:\/\/[^\s"<]+/g) ?? [];
      const given = 'link' in data[kind] ? [(data[kind] as { link: string }).link] : [];
      expect(new Set(links)).toEqual(new Set(['https://harbour.example/help', ...given]));
      expect(mail.html).not.toMatch(/<(form|script|img|iframe|object|link)/);
      const { html, text } = render(kind, language, { name: 'Harbour' });
      expect((html + text).split(given[0] ?? '-').join('')).not.toContain('http');
    },
  );

  it.each(kinds)('%s reads differently in every language', (kind) =>
    expect(new Set(config.languages.map((language) => render(kind, language).text)).size).toBe(5),
  );

  it.each(all)(
    '$kind in $language keeps to the limits of Cognito and fetches nothing',
    ({ kind, language }) => {
      const mail = render(kind, language);
      expect(mail.html.length).toBeLessThan(20_000);
      expect(mail.subject.length).toBeLessThanOrEqual(140);
      expect(mail.html).not.toMatch(/ src=|url\(|@import|<link|background=/);
    },
  );

  it('escapes whatever comes in, and keeps it out of headers', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (device) => {
        const dangerous = `${device}<script>"'&\r\nBcc: x@y.example`;
        const mail = renderMail(
          'new-device',
          'en',
          { device: dangerous, at: data['new-device'].at },
          { ...config, brand: { name: dangerous } },
        );
        return (
          !/[\r\n]/.test(mail.subject) &&
          !mail.html.includes('<script') &&
          !/\nBcc:/.test(mail.text) &&
          mail.subject.length <= 140
        );
      }),
    ));
});
