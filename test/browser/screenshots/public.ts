import type { Page } from 'playwright-core';
import { Customer } from '../../support/customer.ts';
import { enrolTotp } from '../../support/enrolments.ts';
import { press, typeCode, untilHeadline } from '../../support/public-pages.ts';
import { both, phones } from './album.ts';
import { person, publicPage, type Scene } from './scene.ts';

export async function takeSignUp(scene: Scene): Promise<void> {
  const { album } = scene;
  const joan = new Customer(scene.pages.running.outputs, 'joan@example.com');
  const page = await publicPage(scene, 'sign-up');
  await page.locator('input[type=checkbox]').first().waitFor();
  await album.take(page, 'sign-up', phones);
  await press(page, 'Create account');
  await page.getByText('Without this there is no account.').waitFor();
  await album.take(page, 'sign-up-incomplete', ['phone-light']);
  await page.getByLabel('E-mail address').fill(joan.email);
  await page.getByLabel('Password', { exact: true }).fill(joan.password);
  await page.getByLabel(/I accept the terms of use/).check();
  await press(page, 'Create account');
  await untilHeadline(page, 'Confirm your address');
  await album.take(page, 'confirm', [...both, 'phone-ar']);
  await page.reload();
  await typeCode(page, await joan.mailbox.nextCode(joan.email));
  await untilHeadline(page, 'Your account is ready');
  await album.take(page, 'confirm-done', ['phone-light']);
  await page.context().close();
}

export async function takeResetPassword(scene: Scene): Promise<void> {
  const mary = await person(scene, 'mary');
  const page = await publicPage(scene, 'reset-password');
  await scene.album.take(page, 'reset-password');
  await page.getByLabel('E-mail address').fill(mary.email);
  await press(page, 'Send code');
  await page.locator('input[name=code]').waitFor();
  await scene.album.take(page, 'reset-password-code', [...both, 'phone-ar']);
  await page.context().close();
}

/** The way back without any further factor: its waiting time passes on the cloud's clock, so this comes late. */
export async function takeRecovery(scene: Scene): Promise<void> {
  const { album, pages } = scene;
  const rosa = await (await person(scene, 'rosa')).signIn();
  await enrolTotp(rosa, () => pages.running.clock.now());
  const page = await publicPage(scene, 'recovery');
  await album.take(page, 'recovery');
  await prove(page, rosa, () => album.take(page, 'recovery-confirm'));
  await untilHeadline(page, 'The waiting time has begun');
  await album.take(page, 'recovery-waiting', [...both, 'phone-ar']);
  await takeCancel(scene, await cancelSecret(rosa));

  await page.goto(`${pages.url}/recovery`);
  await prove(page, rosa);
  await untilHeadline(page, 'The waiting time has begun');
  pages.running.clock.advance(73 * 3_600_000);
  await page.goto(`${pages.url}/recovery`);
  await prove(page, rosa);
  await untilHeadline(page, 'The waiting time is over');
  await album.take(page, 'recovery-ready');
  await press(page, 'Send a new code');
  await page.locator('input[name=code]').waitFor();
  await typeCode(page, await rosa.mailbox.nextCode(rosa.email));
  await page.getByLabel('Password', { exact: true }).fill(rosa.password);
  await album.take(page, 'recovery-complete', ['phone-light']);
  await press(page, 'Remove what I lost');
  await untilHeadline(page, 'You can sign in again');
  await album.take(page, 'recovery-done');
  await page.context().close();
}

async function prove(page: Page, { email, password, mailbox }: Customer, look = async () => {}) {
  await page.getByLabel('E-mail address').fill(email);
  await press(page, 'Send code');
  await page.locator('input[name=code]').waitFor();
  await look();
  await typeCode(page, await mailbox.nextCode(email));
  await page.getByLabel('Password', { exact: true }).fill(password);
  await press(page, 'Confirm');
}

async function cancelSecret({ mailbox, email }: Customer): Promise<string> {
  const mail = await mailbox.next(email, ({ text = '' }) => text.includes('/recovery/cancel#'));
  return /\/recovery\/cancel#(\S+)/.exec(mail.text ?? '')?.[1] ?? '';
}

async function takeCancel(scene: Scene, secret: string): Promise<void> {
  const page = await publicPage(scene, `recovery/cancel#${secret}`);
  await scene.album.take(page, 'recovery-cancel');
  await press(page, 'Stop it');
  await untilHeadline(page, 'The recovery is stopped');
  await scene.album.take(page, 'recovery-cancelled');
  await page.context().close();
}

/** Pages that need nobody, and the second brand. */
export async function takeOtherPublicPages(scene: Scene): Promise<void> {
  const { album } = scene;
  const missing = await publicPage(scene, 'no-such-page');
  await album.take(missing, 'not-found', [...both, 'phone-dark']);
  await missing.context().close();
  const developers = await publicPage(scene, 'developers');
  await album.take(developers, 'developers', [...both, 'desktop-dark'], 'window');
  await developers.locator('summary').first().click();
  await album.take(developers, 'developers-operation', both, 'window');
  await developers.context().close();
  const hearth = await publicPage(scene, 'sign-in?client=hearth');
  await album.take(hearth, 'hearth-sign-in', [...both, 'phone-dark', 'desktop-dark']);
  await hearth.getByRole('link', { name: 'Create an account' }).click();
  await hearth.locator('input[type=checkbox]').first().waitFor();
  await album.take(hearth, 'hearth-sign-up', ['phone-light']);
  await hearth.context().close();
}
