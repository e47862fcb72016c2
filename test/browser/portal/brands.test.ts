import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shown } from '../../support/browser.ts';
import { Customer } from '../../support/customer.ts';
import {
  flaws,
  isInAccount,
  openPublicPage,
  openPublicPages,
  type PublicPages,
  press,
  untilHeadline,
} from '../../support/public-pages.ts';

const startMs = 240_000;
const journeyMs = 60_000;
/** A host of the sample's second brand; the browser is told that it is the local cloud. */
const ownHost = 'hearth.lindenlark.example';

let pages: PublicPages;
beforeAll(async () => {
  pages = await openPublicPages({ hosts: [ownHost] });
}, startMs);
afterAll(() => pages?.stop());

const wordmark = (page: Page) => page.locator('a.brand');
const isHearth = (page: Page) => wordmark(page).getByRole('img', { name: 'Hearth & Pine' }).waitFor();
const colour = (page: Page): Promise<string> =>
  page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue('--brand').trim()`);

interface Mail {
  readonly subject: string;
  readonly from: string;
  readonly html?: string;
  readonly kind: string;
}
const mail = async ({ mailbox, email }: Customer, kind: string): Promise<Mail> => {
  const all = (await mailbox.list(email)) as unknown as readonly Mail[];
  const found = all.find((each) => each.kind === kind);
  if (!found) throw new Error(`no mail ${kind}, but ${all.map((each) => each.kind).join(', ')}`);
  return found;
};

describe('the brand and the language of somebody', { timeout: journeyMs }, () => {
  it('who comes from a client go with them from the sign-up into the account, and into the mails', async () => {
    const person = new Customer(pages.running.outputs);
    const { page, complaints } = await pages.open('sign-up?client=hearth');
    await isHearth(page);
    expect(await colour(page)).toBe('#8a3b12');
    expect(await page.title()).toContain('Hearth & Pine');
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByLabel('Language').selectOption('de');
    await untilHeadline(page, 'Konto anlegen');
    await page.getByLabel('E-Mail-Adresse').fill(person.email);
    // What was typed before the language was chosen is still there; consents are asked for in the new words.
    expect(await page.getByLabel('Passwort', { exact: true }).inputValue()).toBe(person.password);
    expect(await flaws(page)).toEqual([]);
    await page.getByLabel(/Ich akzeptiere die Nutzungsbedingungen/).check();
    await press(page, 'Konto anlegen');
    await untilHeadline(page, 'E-Mail-Adresse bestätigen');
    await page.locator('input[name=code]').fill(await person.mailbox.nextCode(person.email));
    await isInAccount(page);
    await isHearth(page);
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    const confirmation = await mail(person, 'confirmation');
    expect(confirmation.subject).toBe('Bestätigen Sie Ihre Adresse für Hearth & Pine');
    expect(confirmation.html).toContain('#8a3b12');
    await page.goto(`${pages.url}/privacy`);
    await untilHeadline(page, 'Datenschutz');
    await isHearth(page);

    await page.context().clearCookies();
    await page.goto(`${pages.url}/sign-in`);
    await untilHeadline(page, 'Anmelden');
    await isHearth(page);
    await page.getByLabel('E-Mail-Adresse').fill(person.email);
    await press(page, 'Weiter');
    await page.getByLabel('Passwort', { exact: true }).fill(person.password);
    await press(page, 'Anmelden');
    await untilHeadline(page, 'Prüfen Sie Ihre E-Mails');
    await page.locator('input[name=code]').fill(await person.mailbox.nextCode(person.email));
    await isInAccount(page);
    const code = await mail(person, 'sign-in-code');
    expect(code.subject).toBe('Ihr Anmeldecode für Hearth & Pine');
    expect(code.from).toContain('"Hearth & Pine" <');
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  it('who reads the page in another language than their account’s are mailed in that of the page, by its brand', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.open('sign-in');
    expect(await shown(wordmark(page))).toBe('Linden & Lark');
    await page.getByLabel('Language').selectOption('fr');
    await page.locator('input[name=username]').fill(person.email);
    await page.locator('form button[type=submit]').click();
    await page.locator('input[type=password]').fill(person.password);
    await page.locator('form button[type=submit]').click();
    await page.locator('input[name=code]').waitFor();
    await person.mailbox.nextCode(person.email);
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    const code = await mail(person, 'sign-in-code');
    expect(code.from).toContain('"Linden & Lark" <');
    expect(code.subject).toBe('Votre code de connexion à Linden & Lark');
    await page.context().close();
  });

  it('who was sent by a client see its brand in that tab, and in no other', async () => {
    const { page } = await pages.open('sign-in?client=hearth');
    await isHearth(page);
    await page.goto(`${pages.url}/sign-up`);
    await isHearth(page);
    const other = await page.context().newPage();
    await other.goto(`${pages.url}/sign-in`);
    await wordmark(other).getByText('Linden & Lark', { exact: true }).waitFor();
    await page.context().close();
  });

  it('who comes by the host of a brand see that brand, in every tab of their own', async () => {
    const { page } = await openPublicPage(pages.browser, `http://${ownHost}/portal/sign-in`, {
      locale: 'es-ES',
    });
    await isHearth(page);
    await untilHeadline(page, 'Inicia sesión');
    expect(await colour(page)).toBe('#8a3b12');
    await page.context().close();
    const { page: unknown } = await openPublicPage(
      pages.browser,
      `http://${ownHost}/portal/sign-in?client=nobody`,
    );
    await isHearth(unknown);
    await unknown.context().close();
    const { page: plain } = await pages.open('sign-in?client=nobody');
    expect(await shown(wordmark(plain))).toBe('Linden & Lark');
    await plain.context().close();
  });
});
