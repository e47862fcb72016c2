import type { Page } from 'playwright-core';
import { settled, withAuthenticator } from '../../support/account-pages.ts';
import { Customer } from '../../support/customer.ts';
import { press } from '../../support/public-pages.ts';
import { both, darkAndArabic, everyLook, phones } from './album.ts';
import { card, device, open, publicPage, type Scene } from './scene.ts';
import { takeSecurity, takeStepUp } from './security.ts';

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
  await card(page, 'Statistics').getByText('Not agreed', { exact: true }).waitFor();
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
