import { readFileSync } from 'node:fs';
import type { CustomMessageTriggerEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { namedAddress } from '../../../lambdas/adapters/named-address.ts';
import { inBrand } from '../../../lambdas/core/brand.ts';
import { defaultLook } from '../../../lambdas/core/messages/look.ts';
import { renderMail } from '../../../lambdas/core/messages/render.ts';
import { smsText } from '../../../lambdas/core/messages/sms.ts';
import { recoveryText } from '../../../lambdas/core/recovery/recovery-text.ts';
import { clientNameFor } from '../../../lambdas/messages/client-name.ts';
import { customMessage } from '../../../lambdas/messages/custom-message.ts';
import { compileConfig } from '../../../lib/config/compile.ts';
import sample from '../../../vestibule.config.ts';

const config = { ...compileConfig(sample, 'dev'), portalUrl: 'https://account.example/portal' };
const hearth = inBrand(config, 'hearth');

const anEvent = (clientMetadata?: Record<string, string>, locale = 'fr') =>
  ({
    triggerSource: 'CustomMessage_SignUp',
    callerContext: { clientId: 'id-of-client', awsSdkVersion: '3' },
    request: { userAttributes: { locale }, codeParameter: '{####}', clientMetadata },
    response: {},
  }) as unknown as CustomMessageTriggerEvent;

describe('a mail of a brand', () => {
  it('has its name, colours, signature and support page, in both schemes', () => {
    const { html, text, sender } = renderMail('confirmation', 'de', { code: '123456' }, hearth);
    expect(html).toContain('background:#faf5f0');
    expect(html).toContain('color:#8a3b12');
    expect(html).toMatch(/prefers-color-scheme:dark.*#16110d/);
    expect(html).toContain('<bdi>Hearth &amp; Pine</bdi>');
    expect(text).toContain(
      '-- \nHearth & Pine, ein Haus von Linden & Lark\nhttps://help.lindenlark.example/hearth',
    );
    expect(sender).toEqual({ name: 'Hearth & Pine' });
    expect(html + text).not.toContain('bei Linden');
  });

  it('comes from its own address where it has one', () => {
    const brand = { ...hearth.brand, mail: { from: 'hello@hearth.example', replyTo: 'ask@hearth.example' } };
    const { sender } = renderMail('confirmation', 'en', { code: '1' }, { ...hearth, brand });
    expect(sender).toEqual({
      name: 'Hearth & Pine',
      from: 'hello@hearth.example',
      replyTo: 'ask@hearth.example',
    });
  });

  it('is the same every time', () =>
    expect(renderMail('confirmation', 'ar', { code: '1' }, hearth)).toEqual(
      renderMail('confirmation', 'ar', { code: '1' }, hearth),
    ));

  it('reads from right to left in Arabic, with codes and names in their own direction', () => {
    const { html, text, subject } = renderMail(
      'sign-in-code',
      'ar',
      { code: '12345678', expiresInMinutes: 5, device: 'Firefox on Windows' },
      hearth,
    );
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).toContain('<p dir="ltr" class="code"');
    expect(subject).toContain('\u2068Hearth & Pine\u2069');
    expect(text).toContain('\u2068Firefox on Windows\u2069');
    expect(text).toContain('\n\n    12345678\n\n');
    expect(text).toContain('5 دقائق');
    const lines = text
      .split('\n')
      .filter((line) => /[\u0600-\u06ff]/.test(line) && !line.startsWith('Hearth'));
    expect(lines.filter((line) => !line.startsWith('\u200f'))).toEqual([]);
  });

  it('has the colours of the portal where it sets none', () => {
    const css = readFileSync(new URL('../../../portal/src/kit/kit.css', import.meta.url), 'utf8');
    const block = (from: number) =>
      css.slice(css.indexOf(':root {', from), css.indexOf('}', css.indexOf(':root {', from)));
    const colours = (text: string) =>
      Object.fromEntries(
        Array.from(text.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g), ([, name, value]) => [name, value]),
      );
    expect(colours(block(0))).toEqual(defaultLook.light);
    expect(colours(block(css.indexOf('prefers-color-scheme: dark')))).toEqual(defaultLook.dark);
    expect(block(0)).toContain(`--radius: ${defaultLook.radius};`);
  });
});

describe('a mail of Cognito', () => {
  it('speaks for the brand that the page asked for, in the language of the person', () => {
    const { response } = customMessage(anEvent({ vestibule_brand: 'hearth' }), config);
    expect(response.emailSubject).toBe('Confirmez votre adresse pour Hearth & Pine');
    expect(response.smsMessage).toBe('Hearth & Pine: {####}');
  });

  it('speaks for the default brand when the wish is unknown or strange, and never fails for it', () => {
    for (const wish of ['nobody', '__proto__', '<b>', 'hearth\r\nBcc: x@y.example']) {
      const { response } = customMessage(anEvent({ vestibule_brand: wish }), config);
      expect(response.emailSubject).toBe('Confirmez votre adresse pour Linden & Lark');
    }
  });

  it('speaks for the brand of the client when nothing else is said', async () => {
    const name = await clientNameFor(
      async () => ({ name: 'hearth', door: 'managed-login' }),
      config,
      anEvent(),
      () => {},
    );
    expect(name).toBe('hearth');
    expect(customMessage(anEvent(), config, name).response.emailSubject).toContain('Hearth & Pine');
    expect(
      customMessage(anEvent({ vestibule_brand: 'default' }), config, name).response.emailSubject,
    ).toContain('Linden');
  });

  it('goes out when the names of the clients cannot be read, which is logged', async () => {
    const lines: unknown[] = [];
    const failing = async () => Promise.reject(new Error('throttled'));
    expect(await clientNameFor(failing, config, anEvent(), (line) => lines.push(line))).toBeUndefined();
    expect(lines).toEqual([{ level: 'warning', event: 'client-names-unavailable', name: 'Error' }]);
  });

  it('asks for the client only where that decides something', async () => {
    const never = async () => Promise.reject(new Error('asked'));
    const fail = () => expect.unreachable();
    expect(await clientNameFor(never, config, anEvent({ vestibule_brand: 'hearth' }), fail)).toBeUndefined();
    expect(await clientNameFor(never, { brands: [] }, anEvent(), fail)).toBeUndefined();
  });
});

describe('texts on a phone', () => {
  it.each([
    ['de', '12345678 ist Ihr Anmeldecode für Hearth & Pine. Geben Sie ihn nicht weiter.'],
    ['fr', '12345678 est votre code de connexion à Hearth & Pine. Ne le partagez pas.'],
    ['es-MX', '12345678 es tu código para iniciar sesión en Hearth & Pine. No lo compartas.'],
    ['ar', '\u200f12345678 هو رمز تسجيل الدخول إلى \u2068Hearth & Pine\u2069. لا تشاركه مع أحد.'],
  ])('speak %s', (language, text) =>
    expect(smsText('sign-in-code', language, { code: '12345678' }, hearth)).toBe(text),
  );

  it.each(config.languages)('name the brand and the link of a recovery in %s', (language) => {
    const text = recoveryText(language, config.languages)('Hearth', 'https://x.example/#t');
    expect(text).toContain('Hearth');
    expect(text.endsWith('https://x.example/#t')).toBe(true);
  });
});

describe('the sender of a mail', () => {
  it.each([
    ['Linden & Lark', '"Linden & Lark" <a@b.example>'],
    ['Say "hi" \\ bye', '"Say \\"hi\\" \\\\ bye" <a@b.example>'],
    ['Hearth\r\nBcc: x@y.example', '"Hearth Bcc: x@y.example" <a@b.example>'],
    ['', 'a@b.example'],
    ['Bäckerei', '=?UTF-8?B?QsOkY2tlcmVp?= <a@b.example>'],
  ])('%j is written %j', (name, written) => expect(namedAddress(name, 'a@b.example')).toBe(written));

  it('cuts long names between characters, in words of 75 characters at the most', () => {
    const name = 'متجر الموقد والصنوبر للأثاث والحدائق '.repeat(3).trim();
    const words = namedAddress(name, 'a@b.example').split(' ').slice(0, -1);
    expect(words.every((word) => word.length <= 75)).toBe(true);
    const decoded = words.map((word) =>
      Buffer.from(word.slice('=?UTF-8?B?'.length, -2), 'base64').toString(),
    );
    expect(decoded.join('')).toBe(name);
  });
});
