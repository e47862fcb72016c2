import type { Page } from 'playwright-core';
import operator from '../../../portal/messages/en/operator.json' with { type: 'json' };
import { settled, withAuthenticator } from '../../support/account-pages.ts';
import { Customer } from '../../support/customer.ts';
import { press } from '../../support/public-pages.ts';
import { both, darkAndArabic } from './album.ts';
import { device, joinOperators, person, type Scene } from './scene.ts';

/** Less than a day in all: events that are still on their way to the statistics do not grow too old to arrive. */
const partOfDayMs = 5 * 3_600_000;
/** People who sign up, by part of the day. */
const newcomers = [3, 5, 2, 4] as const;

/** What operators see after a day, which passes on the cloud's clock; so this comes last. */
export async function takeOperator(scene: Scene): Promise<void> {
  const watched = await aDay(scene);
  const page = await operatorPage(scene);
  await takeStatistics(scene, page);
  await takePerson(scene, page, watched);
  await page.context().close();
}

/** @returns somebody with a sign-in that was asked to prove more */
async function aDay(scene: Scene): Promise<Customer> {
  const people: Customer[] = [];
  for (const [part, count] of newcomers.entries()) {
    for (let index = 0; index < count; index += 1) people.push(await newcomer(scene, `p${part}${index}`));
    for (const known of people.slice(0, count)) await comesBack(scene, known);
    scene.pages.running.clock.advance(partOfDayMs);
  }
  const [first] = people;
  if (!first) throw new Error('nobody signed up');
  await comesBack(scene, first);
  return first;
}

async function newcomer(scene: Scene, name: string): Promise<Customer> {
  const customer = await (await person(scene, name)).signIn();
  const { body } = await customer.api.expect<{ consents: readonly Record<string, string>[] }>(
    200,
    'GET',
    '/v1/me/consents',
  );
  const newsletter = body.consents.find(({ purpose }) => purpose === 'newsletter') ?? {};
  const { version, language, textHash } = newsletter;
  const decision = { decision: 'granted', version, language, textHash };
  await customer.api.expect(200, 'PUT', '/v1/me/consents/newsletter', decision);
  return customer;
}

/** On a device that nobody knows: a wrong password first, a question after the right one. */
async function comesBack({ pages }: Scene, { email, password }: Customer): Promise<void> {
  const elsewhere = Object.assign(new Customer(pages.running.outputs, email), { password });
  await elsewhere.api.expect(401, 'POST', '/v1/sessions', {
    identifier: email,
    password: 'a wrong password',
  });
  await elsewhere.signIn();
}

/** Enrols a passkey on the security page, is put into the group, and signs in again with the passkey. */
async function operatorPage(scene: Scene): Promise<Page> {
  const { pages } = scene;
  const olive = await person(scene, 'olive');
  const { page } = await pages.visit(olive, 'icon.svg', { ...device, ...withAuthenticator });
  await page.clock.setFixedTime(pages.running.clock.now());
  await page.goto(`${pages.url}/security`);
  await press(page, 'Add a passkey');
  await page.getByRole('dialog', { name: 'Your passkey is ready' }).waitFor();
  await joinOperators(scene, olive);
  // Not by itself among what the browser fills in: the page would be gone before the button is pressed.
  await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false');
  await page.context().clearCookies();
  await page.goto(`${pages.url}/sign-in?then=${encodeURIComponent('/portal/operator')}`);
  await press(page, 'Use a passkey');
  await page.getByRole('heading', { level: 1, name: operator.title }).waitFor();
  return page;
}

const countedWithinMs = 180_000;

/** Events are counted in batches, so the numbers come a little later. */
async function takeStatistics({ album, pages }: Scene, page: Page): Promise<void> {
  const people = newcomers.reduce((all, count) => all + count, 0);
  const confirmed = page.locator('.funnel li').nth(1).locator('.count');
  const deadline = Date.now() + countedWithinMs;
  do {
    if (Date.now() > deadline) throw new Error(`statistics: not complete within ${countedWithinMs} ms`);
    await page.goto(`${pages.url}/operator`);
    await settled(page);
    await confirmed.waitFor();
  } while (Number.parseInt((await confirmed.textContent()) ?? '', 10) < people);
  await album.take(page, 'operator');
  await album.take(page, 'operator', [...darkAndArabic, 'desktop-dark', 'desktop-ar'], 'window');
}

async function takePerson({ album, pages }: Scene, page: Page, { email }: Customer): Promise<void> {
  await page.goto(`${pages.url}/operator/person`);
  await page.getByLabel(operator['find.who']).fill(email);
  await page.getByLabel(operator.why, { exact: true }).selectOption('review');
  await album.take(page, 'operator-find');
  await press(page, operator['find.button']);
  await page.getByText(operator['status.CONFIRMED']).waitFor();
  await press(page, operator['consents.show']);
  await page.getByRole('heading', { name: operator['consents.history'] }).waitFor();
  await album.take(page, 'operator-person', ['phone-light']);
  await album.take(page, 'operator-person', ['desktop-light', 'phone-dark', 'desktop-ar'], 'window');
  const why = page.getByRole('button', { name: /^Why: / });
  await why.first().click();
  await page.getByRole('dialog').getByRole('table').waitFor();
  await album.take(page, 'operator-why', [...both, 'phone-dark'], 'window');
  await page.keyboard.press('Escape');
  await press(page, operator['act.lock']);
  await page.getByRole('dialog').waitFor();
  await album.take(page, 'operator-lock', both, 'window');
  await page.keyboard.press('Escape');
}
