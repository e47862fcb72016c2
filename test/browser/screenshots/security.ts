import type { Page } from 'playwright-core';
import { shown } from '../../support/browser.ts';
import type { Customer } from '../../support/customer.ts';
import { AuthenticatorApp } from '../../support/enrolments.ts';
import { press } from '../../support/public-pages.ts';
import { both, everyLook, phones } from './album.ts';
import { card, device, open, person, type Scene } from './scene.ts';

/** From a password alone to everything that an account can have. @returns the authenticator app */
export async function takeSecurity(scene: Scene, page: Page, ada: Customer): Promise<AuthenticatorApp> {
  const { album } = scene;
  await open(scene, page, 'security');
  await album.take(page, 'security-password-only', ['phone-light'], 'window');
  await press(page, 'Add a passkey');
  await page.getByRole('dialog', { name: 'Your passkey is ready' }).waitFor();
  await album.take(page, 'security-passkey-added', both, 'window');
  await page.getByLabel('Name', { exact: true }).fill('Blue laptop');
  await press(page, 'Save');
  await card(page, 'Passkeys').getByText('Blue laptop', { exact: true }).waitFor();
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

/** The proof has grown old on the cloud's clock, so this comes last. */
export async function takeStepUp(scene: Scene, page: Page, app: AuthenticatorApp): Promise<void> {
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
