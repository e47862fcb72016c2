import type { Page } from 'playwright-core';
import type { Customer } from '../../support/customer.ts';
import { enrolPhone, enrolTotp } from '../../support/enrolments.ts';
import { openOperator } from '../../support/operator.ts';
import { press, typeAddress, typeCode, typePassword, untilHeadline } from '../../support/public-pages.ts';
import { both, everyLook, phones } from './album.ts';
import { person, personWithFirstPassword, publicPage, type Scene } from './scene.ts';

/** Every step of the sign-in page. */
export async function takeSignIn(scene: Scene): Promise<void> {
  const eve = await person(scene, 'eve');
  await takeSteps(scene, eve);
  await takeLink(scene, eve);
  await takeFurtherFactors(scene);
  await takePasskey(scene);
  await takeNewPassword(scene);
  await takeProvider(scene);
}

async function takeSteps({ album, pages }: Scene, eve: Customer): Promise<void> {
  const page = await publicPage({ album, pages }, 'sign-in');
  await album.take(page, 'sign-in', everyLook);
  await typeAddress(page, eve.email);
  await album.take(page, 'sign-in-password', phones);
  await typePassword(page, 'not the password at all');
  await page.getByRole('alert').waitFor();
  await album.take(page, 'sign-in-refused', ['phone-light']);
  await typePassword(page, eve.password);
  await untilHeadline(page, 'Check your mail');
  await album.take(page, 'sign-in-email-code', phones);
  await typeCode(page, '00000000'.slice(0, (await eve.mailbox.nextCode(eve.email)).length));
  await page.getByText('That is not the right code.').waitFor();
  await album.take(page, 'sign-in-email-code-wrong', ['phone-light']);
  pages.running.clock.advance(20 * 60_000);
  await typeCode(page, '12345678');
  await untilHeadline(page, 'This sign-in is over');
  await album.take(page, 'sign-in-over');
  await page.context().close();
}

async function takeLink(scene: Scene, eve: Customer): Promise<void> {
  const { album, pages } = scene;
  const page = await publicPage(scene, 'sign-in');
  await typeAddress(page, eve.email);
  await press(page, 'Get a sign-in link by e-mail');
  await untilHeadline(page, 'Open the link in your mail');
  await album.take(page, 'sign-in-link-waiting', [...both, 'phone-ar']);
  const mail = await eve.mailbox.next(eve.email, ({ text = '' }) => text.includes('/link#'));
  const [, secret = ''] = /\/link#([\w-]+)/.exec(mail.text ?? '') ?? [];
  const tab = await page.context().newPage();
  await tab.goto(`${pages.url}/link#${secret}`);
  await untilHeadline(tab, 'Sign in with the link from your mail');
  await album.take(tab, 'link');
  await page.context().close();
  const elsewhere = await publicPage(scene, `link#${secret}`);
  await album.take(elsewhere, 'link-elsewhere');
  await elsewhere.context().close();
}

/** Somebody with an app, a phone and recovery codes. */
async function takeFurtherFactors(scene: Scene): Promise<void> {
  const { album, pages } = scene;
  const grace = await (await person(scene, 'grace')).signIn();
  const app = await enrolTotp(grace, () => pages.running.clock.now());
  const step = await grace.api.expect<{ flow: string }>(200, 'POST', '/v1/me/step-up', { method: 'totp' });
  const proof = { flow: step.body.flow, answer: app.code() };
  await grace.api.expect(200, 'POST', '/v1/me/step-up/answer', proof);
  await grace.api.expect(201, 'POST', '/v1/me/recovery-codes');
  await enrolPhone(grace, '+4915123456789');
  const page = await publicPage(scene, 'sign-in');
  await typeAddress(page, grace.email);
  await typePassword(page, grace.password);
  await page.waitForURL(/step=challenge/);
  await takeWay(page, 'Open your authenticator app', 'Use an authenticator app');
  await album.take(page, 'sign-in-authenticator', phones);
  await takeWay(page, 'Enter a recovery code', 'Use a recovery code');
  await album.take(page, 'sign-in-recovery-code');
  await takeWay(page, 'Check your phone', 'Get a code by text message');
  await album.take(page, 'sign-in-text-message');
  await page.context().close();
}

/** The first question is one of them already. */
async function takeWay(page: Page, headline: string, way: string): Promise<void> {
  const title = page.getByRole('heading', { level: 1 });
  const other = page.getByRole('button', { name: way, exact: true });
  if ((await title.textContent()) !== headline) await other.click();
  await untilHeadline(page, headline);
}

async function takePasskey(scene: Scene): Promise<void> {
  const { person: lin } = await openOperator(scene.pages.running, { isOperator: false });
  const page = await publicPage(scene, 'sign-in');
  // A device that waits to be asked: nobody has just pressed anything, as after a reload.
  await page.evaluate("Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } })");
  await typeAddress(page, lin.email);
  await typePassword(page, lin.password);
  await untilHeadline(page, 'Confirm that it is you');
  await scene.album.take(page, 'sign-in-passkey');
  await page.evaluate(`navigator.credentials.get = () =>
    Promise.reject(new DOMException('closed', 'NotAllowedError'))`);
  await press(page, 'Use a passkey');
  await page.getByText('No passkey was used.').waitFor();
  await scene.album.take(page, 'sign-in-passkey-closed', ['phone-light']);
  await page.context().close();
}

async function takeNewPassword(scene: Scene): Promise<void> {
  const alan = await personWithFirstPassword(scene, 'alan');
  const page = await publicPage(scene, 'sign-in');
  await typeAddress(page, alan.email);
  await typePassword(page, alan.password);
  await untilHeadline(page, 'Choose a new password');
  await scene.album.take(page, 'sign-in-new-password');
  await page.context().close();
}

async function takeProvider(scene: Scene): Promise<void> {
  const page = await publicPage(scene, `provider?state=${'a'.repeat(43)}&code=abc`);
  await page.getByText('This way is not possible at the moment.').waitFor();
  await scene.album.take(page, 'provider-failed');
  await page.context().close();
}
