import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { MailboxMessage } from '../../../scripts/journey/mailbox.ts';
import { confirm, type RegistrationForm, requiredConsents } from '../../../scripts/journey/registration.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterAll(() => cloud?.stop());

const someone = (brand: string | undefined, language: string, more: Record<string, string> = {}) =>
  new Customer(cloud.outputs, undefined, {
    'accept-language': language,
    ...(brand !== undefined && { 'x-vestibule-brand': brand }),
    ...more,
  });

/** As the portal does it: the form in one language, the answers back. */
async function register(person: Customer, locale: string): Promise<Customer> {
  const { api, mailbox, email, password } = person;
  const form = await api.expect<RegistrationForm>(200, 'GET', `/v1/registration-form?locale=${locale}`);
  const body = { email, password, locale, consents: requiredConsents(form.body) };
  const answer = await api.expect<{ registration: string }>(202, 'POST', '/v1/registrations', body);
  await confirm(api, mailbox, email, answer.body.registration);
  return person;
}

const mailsOf = ({ mailbox, email }: Customer) => mailbox.list(email);

const mail = async (person: Customer, kind: string): Promise<MailboxMessage> => {
  const found = (await mailsOf(person)).find((each) => each.kind === kind);
  if (!found) throw new Error(`no mail ${kind} to ${person.email}`);
  return found;
};

describe('people of two brands on one installation', () => {
  it.each([
    ['hearth', 'fr', 'Confirmez votre adresse pour Hearth & Pine', 'Votre code de connexion à Hearth & Pine'],
    ['hearth', 'de', 'Bestätigen Sie Ihre Adresse für Hearth & Pine', 'Ihr Anmeldecode für Hearth & Pine'],
    [
      'default',
      'es',
      'Confirma tu dirección para Linden & Lark',
      'Tu código para iniciar sesión en Linden & Lark',
    ],
    [
      undefined,
      'ar',
      'تأكيد عنوان بريدك الإلكتروني لدى \u2068Linden & Lark\u2069',
      'رمز تسجيل الدخول إلى \u2068Linden & Lark\u2069',
    ],
  ])(
    'under %s and in %s get their mails in its name and in their language',
    async (brand, language, confirm, signIn) => {
      const person = await register(someone(brand, language), language);
      await person.signIn();
      const confirmation = await mail(person, 'confirmation');
      expect(confirmation.subject).toBe(confirm);
      expect(confirmation.html).toContain(brand === 'hearth' ? '#8a3b12' : '#1f5d4c');
      const code = await mail(person, 'sign-in-code');
      expect(code.subject).toBe(signIn);
      expect(code.from).toContain(brand === 'hearth' ? '"Hearth & Pine" <' : '"Linden & Lark" <');
    },
  );

  it.each([
    ['de', 'Ihr Anmeldecode für Linden & Lark'],
    ['de-AT', 'Ihr Anmeldecode für Linden & Lark'],
    ['tlh', 'Votre code de connexion à Linden & Lark'],
    ['<script>', 'Votre code de connexion à Linden & Lark'],
  ])('read the code of a page in %s in its language, else in that of the account', async (tag, subject) => {
    const { email, password, mailbox } = await register(someone(undefined, 'fr'), 'fr');
    const page = someone(undefined, 'fr', { 'x-vestibule-language': tag });
    await Object.assign(page, { email, password, mailbox }).signIn();
    expect((await mail(page, 'sign-in-code')).subject).toBe(subject);
  });

  it('hear of their account from the brand that they registered with, and of a request from that of its page', async () => {
    const person = await register(someone('hearth', 'de'), 'de');
    const { email, password, mailbox } = person;
    const plain = Object.assign(someone(undefined, 'de'), { email, password, mailbox });
    await plain.signIn();
    expect((await mail(person, 'sign-in-code')).subject).toBe('Ihr Anmeldecode für Linden & Lark');

    const moved = `moved.${email}`;
    await plain.api.expect(202, 'POST', '/v1/me/email', { email: moved });
    const [code] = await mailbox.list(moved);
    expect(code?.subject).toBe('Bestätigen Sie Ihre neue Adresse für Hearth & Pine');
    const notice = await mailbox.next(email, ({ subject }) => subject.startsWith('Änderung'));
    expect(notice.subject).toBe('Änderung Ihrer Adresse angefordert bei Hearth & Pine');
    expect(notice.html).toContain('ein Haus von Linden &amp; Lark');
  });

  it('get a new password under the brand of the page that they forgot it on', async () => {
    const { email, api, mailbox } = await register(someone('hearth', 'fr'), 'fr');
    await api.expect(202, 'POST', '/v1/password-resets', { identifier: email });
    const reset = await mailbox.next(email, ({ subject }) => subject.startsWith('Nouveau mot de passe'));
    expect(reset.subject).toBe('Nouveau mot de passe pour Hearth & Pine');
  });

  it('are told under it that an address is taken, and get its code again', async () => {
    const person = await register(someone('default', 'en'), 'en');
    const again = Object.assign(someone('hearth', 'es'), { email: person.email });
    const form = await again.api.expect<RegistrationForm>(200, 'GET', '/v1/registration-form?locale=es');
    const consents = requiredConsents(form.body);
    const { email, password } = again;
    await again.api.expect(202, 'POST', '/v1/registrations', { email, password, locale: 'es', consents });
    expect((await mail(person, 'address-taken')).subject).toBe(
      'Un registro en Hearth & Pine con tu dirección',
    );
  });
});

describe('a brand that somebody made up', () => {
  it.each(['nobody', '__proto__', 'HEARTH', '<script>', 'x'.repeat(400), 'hearth, default'])(
    '(%.20s) is the default one, and no error',
    async (brand) => {
      const person = someone(brand, 'en');
      const form = await person.api.send('GET', '/v1/registration-form');
      expect(form.status).toBe(200);
      await person.register();
      const { subject, html, text } = await mail(person, 'confirmation');
      expect(subject).toBe('Confirm your address for Linden & Lark');
      expect(`${html}${text}`).not.toContain('script>');
    },
  );

  it('gets nothing into a mail by its host either', async () => {
    const person = someone('hearth', 'en', {
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
    });
    await person.register();
    await person.signIn();
    for (const { html, text, subject } of await mailsOf(person)) {
      expect(`${html}${text}${subject}`).not.toContain('evil.example');
    }
  });
});
