import type { Page } from 'playwright-core';
import { settled, withAuthenticator } from '../../support/account-pages.ts';
import { shown } from '../../support/browser.ts';
import { Customer } from '../../support/customer.ts';
import { AuthenticatorApp } from '../../support/enrolments.ts';
import { press } from '../../support/public-pages.ts';
import { both, darkAndArabic, everyLook, phones } from './album.ts';
import { device, person, publicPage, type Scene } from './scene.ts';

const card = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });
const pressIn = (page: Page, title: string, name: string) =>
  card(page, title).getByRole('button', { name, exact: true }).click();

const phone = {
  'user-agent':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
};

/** One person's account from the first visit on, in one browser. */
export async function takeAccount(scene: Scene, ada: Customer): Promise<void> {
  const { page } = await scene.pages.visit(ada, '', { ...device, ...withAuthenticator });
  await settled(page);
  await signInOnPhone(scene, ada);
  await takeOverview(scene, page);
  await takePrivacy(scene, page);
  await takeProfile(scene, page);
  const app = await takeSecurity(scene, page, ada);
  await takeSessions(scene, page);
  await takeLinks(scene, page);
  await open(scene, page, 'activity');
  await scene.album.take(page, 'activity', phones, 'window');
  await open(scene, page, '');
  await scene.album.take(page, 'overview-in-order', ['phone-light']);
  await takeStepUp(scene, page, app);
  await page.context().close();
}

async function open({ pages }: Scene, page: Page, path: string): Promise<void> {
  await page.goto(`${pages.url}/${path}`);
  await settled(page);
}

async function signInOnPhone({ pages }: Scene, { email, password }: Customer): Promise<void> {
  const there = new Customer(pages.running.outputs, email, phone);
  await Object.assign(there, { password }).signIn();
}

/** Reloads until the page shows what the stream of events brings behind a sign-in. */
async function untilShown(page: Page, words: string): Promise<void> {
  while ((await page.getByText(words).count()) === 0) {
    await page.reload();
    await settled(page);
    await page.waitForLoadState('networkidle');
  }
}

async function takeOverview({ album }: Scene, page: Page): Promise<void> {
  await untilShown(page, 'New sign-in on a device we did not know');
  await album.take(page, 'overview', everyLook);
  await page.setViewportSize({ width: 390, height: 844 });
  await press(page, 'More');
  await album.take(page, 'more', ['phone-light', 'phone-ar'], 'window');
  await page.keyboard.press('Escape');
  await press(page, 'Yes, it was me');
  const question = card(page, 'A quick question');
  await question.getByLabel('How shall we call you?').fill('Ada');
  await question.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Thank you.').waitFor();
  await album.take(page, 'overview-answered', ['phone-light']);
}

async function takePrivacy(scene: Scene, page: Page): Promise<void> {
  const { album } = scene;
  await open(scene, page, 'privacy');
  await album.take(page, 'privacy-undecided', ['phone-light'], 'window');
  await pressIn(page, 'Personalisation', 'Agree');
  await card(page, 'Personalisation').getByText('Saved: you have agreed.').waitFor();
  await pressIn(page, 'Statistics', 'No, thank you');
  await card(page, 'Statistics').getByText('Not agreed').waitFor();
  await pressIn(page, 'Newsletter', 'Agree');
  await card(page, 'Newsletter').getByText('Saved: you have agreed.').waitFor();
  await album.take(page, 'privacy');
  await album.take(page, 'privacy', darkAndArabic, 'window');
  await press(page, 'Delete my account');
  await album.take(page, 'privacy-delete', [...both, 'phone-ar'], 'window');
  await page.keyboard.press('Escape');
  const farewell = await publicPage(scene, 'farewell');
  await album.take(farewell, 'farewell');
  await farewell.context().close();
}

async function takeProfile(scene: Scene, page: Page): Promise<void> {
  const { album } = scene;
  await open(scene, page, 'profile');
  await press(page, 'Add: Which city do you live in?');
  await page.getByLabel('Which city do you live in?').fill('Lisbon');
  await press(page, 'Save');
  await page.getByText('Lisbon').waitFor();
  await album.take(page, 'profile');
  await album.take(page, 'profile', darkAndArabic, 'window');
  await press(page, 'Add: What do you like most?');
  await album.take(page, 'profile-edit', ['phone-light'], 'window');
  await press(page, 'Cancel');
  await page
    .getByRole('button', { name: /^Change/ })
    .last()
    .click();
  await album.take(page, 'profile-address', both, 'window');
}

async function takeSecurity(scene: Scene, page: Page, ada: Customer): Promise<AuthenticatorApp> {
  const { album } = scene;
  await open(scene, page, 'security');
  await album.take(page, 'security-password-only', ['phone-light'], 'window');
  await press(page, 'Add a passkey');
  await page.getByRole('dialog', { name: 'Your passkey is ready' }).waitFor();
  await album.take(page, 'security-passkey-added', both, 'window');
  await page.getByLabel('Name', { exact: true }).fill('Blue laptop');
  await press(page, 'Save');
  await card(page, 'Passkeys').getByText('Blue laptop').waitFor();
  const app = await takeApp(scene, page);
  await takeRecoveryCodes(scene, page);
  await takePhone(scene, page, ada);
  await open(scene, page, 'security');
  await album.take(page, 'security', everyLook);
  await page.getByRole('button', { name: 'Actions for Blue laptop' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog').waitFor();
  await album.take(page, 'security-remove', ['phone-light'], 'window');
  await page.keyboard.press('Escape');
  await press(page, 'Change the password');
  await page.getByRole('dialog').waitFor();
  await album.take(page, 'security-password', ['phone-light'], 'window');
  await page.keyboard.press('Escape');
  return app;
}

async function takeApp({ album, pages }: Scene, page: Page): Promise<AuthenticatorApp> {
  await press(page, 'Set up an app');
  await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
  await album.take(page, 'step-up-passkey', phones, 'window');
  await press(page, 'Use passkey');
  await page.locator('.qr-code path').waitFor({ state: 'attached' });
  await album.take(page, 'security-app', phones, 'window');
  await page.getByText('Type the key in instead').click();
  const key = await shown(page.locator('.secret'));
  const app = new AuthenticatorApp(key.replaceAll(' ', ''), () => pages.running.clock.now());
  await page.getByLabel('Code that the app shows').fill(app.code(-1));
  await page.getByText('Your app is set up.').waitFor();
  return app;
}

async function takeRecoveryCodes({ album }: Scene, page: Page): Promise<void> {
  await press(page, 'Make recovery codes');
  await page.locator('.recovery-sheet li').first().waitFor();
  await album.take(page, 'security-recovery-codes', ['phone-light']);
  await album.takePrint(page, 'security-recovery-codes-print');
  await press(page, 'I have kept them');
}

async function takePhone({ album }: Scene, page: Page, { mailbox }: Customer): Promise<void> {
  const number = '+4915122233344';
  await press(page, 'Add a phone number');
  await page.getByLabel('Phone number', { exact: true }).fill(number);
  await album.take(page, 'security-phone', ['phone-light'], 'window');
  await press(page, 'Send a code');
  await page.getByLabel('Code from the text message').waitFor();
  await album.take(page, 'security-phone-code', ['phone-light'], 'window');
  await page.getByLabel('Code from the text message').fill(await mailbox.nextCode(number));
  await page.getByText('Your phone number is confirmed.').waitFor();
}

async function takeSessions(scene: Scene, page: Page): Promise<void> {
  const { album } = scene;
  await open(scene, page, 'sessions');
  const other = card(page, 'Other sessions').getByRole('listitem').first();
  while ((await other.count()) === 0) {
    await page.reload();
    await settled(page);
    await page.waitForLoadState('networkidle');
  }
  await card(page, 'This device').getByRole('button', { name: 'Rename' }).waitFor();
  await album.take(page, 'sessions', phones);
  await other.getByRole('button', { name: /^Actions for/ }).click();
  await album.take(page, 'sessions-actions', ['phone-light']);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await album.take(page, 'sessions-sign-out', ['phone-light'], 'window');
  await page.keyboard.press('Escape');
}

async function takeLinks(scene: Scene, page: Page): Promise<void> {
  const { album } = scene;
  await open(scene, page, 'links');
  await album.take(page, 'links-none');
  const providers = [
    { name: 'Google', label: 'Google', kind: 'google' },
    { name: 'Acme', label: 'Acme Works', kind: 'oidc' },
  ];
  const linkedAt = '2026-03-03T10:00:00.000Z';
  await page.route('**/portal/configuration.json', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), providers } });
  });
  await page.route('**/v1/me/links', (route) =>
    route.fulfill({
      json: {
        links: [
          { id: 'l1', provider: 'Google', linkedAt, removable: false },
          { id: 'l2', provider: 'Acme', linkedAt, removable: true },
        ],
      },
    }),
  );
  await open(scene, page, 'links');
  await album.take(page, 'links', [...both, 'phone-ar']);
  await page.unrouteAll();
}

/** The proof has grown old on the cloud's clock, so this comes last. */
async function takeStepUp(scene: Scene, page: Page, app: AuthenticatorApp): Promise<void> {
  const { album, pages } = scene;
  await open(scene, page, 'security');
  pages.running.clock.advance(11 * 60_000);
  await press(page, 'Make new codes');
  await pressInDialog(page, 'Make new codes');
  await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
  await album.take(page, 'step-up', ['phone-light'], 'window');
  await press(page, 'Use the authenticator app');
  const field = page.getByLabel('Code of the authenticator app');
  await field.waitFor();
  await album.take(page, 'step-up-code', ['phone-light'], 'window');
  await field.fill(app.code());
  await page.locator('.recovery-sheet').waitFor();
  const max = await person(scene, 'max');
  const { page: other } = await pages.visit(max, 'security', device);
  pages.running.clock.advance(11 * 60_000);
  await press(other, 'Set up an app');
  await other.getByRole('dialog').getByLabel('Password', { exact: true }).waitFor();
  await album.take(other, 'step-up-password', [...both, 'phone-ar'], 'window');
  await other.context().close();
}

const pressInDialog = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
