import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInWithSdk } from '../../../scripts/journey/sdk-door.ts';
import sample from '../../../vestibule.config.ts';
import { openConfiguredCloud } from '../../support/configured-cloud.ts';
import type { Customer } from '../../support/customer.ts';
import { type AuthenticatorApp, enrolTotp } from '../../support/enrolments.ts';
import {
  flaws,
  isInAccount,
  openPublicPages,
  type PublicPages,
  press,
  typeAddress,
  typeCode,
  typePassword,
  untilHeadline,
} from '../../support/public-pages.ts';

/** A configuration of its own is synthesized and deployed. */
const startMs = 300_000;
const journeyMs = 60_000;

let pages: PublicPages;
beforeAll(async () => {
  const cloud = await openConfiguredCloud({
    ...sample,
    authentication: {
      profile: 'nist-aal2',
      methods: { totp: 'required' },
      clients: { web: { profile: 'default', methods: {} } },
    },
  });
  pages = await openPublicPages({ cloud });
}, startMs);
afterAll(() => pages?.stop());

/** Enrolled in an app whose client takes a mailed code, as a policy without mail needs one for the first sign-in. */
async function withApp(): Promise<{ person: Customer; app: AuthenticatorApp }> {
  const person = await pages.newPerson();
  const { api, email: username, password, mailbox } = person;
  const { body } = await api.expect<{ context: string }>(201, 'POST', '/v1/contexts', {
    identifier: username,
  });
  const code = () => mailbox.nextCode(username);
  const { session } = await signInWithSdk(pages.running.outputs, {
    username,
    password,
    context: body.context,
    code,
  });
  api.accessToken = session.getAccessToken().getJwtToken();
  return { person, app: await enrolTotp(person, () => pages.running.clock.now()) };
}

describe('under nist-aal2 with an app at every sign-in', { timeout: journeyMs }, () => {
  it('a sign-in wants the app, offers neither mail nor text messages, and the last factor stays', async () => {
    const { person, app } = await withApp();
    const { page, complaints } = await pages.open('sign-in');
    await typeAddress(page, person.email);
    expect(await page.getByRole('button', { name: /by e-mail|by text message/ }).count()).toBe(0);
    await typePassword(page, person.password);
    await untilHeadline(page, 'Open your authenticator app');
    expect(await page.getByRole('button', { name: /by e-mail|by text message/ }).count()).toBe(0);
    expect(await flaws(page)).toEqual([]);
    await typeCode(page, app.code());
    await isInAccount(page);

    await page.goto(`${pages.url}/security`);
    const card = page.getByRole('region', { name: 'Authenticator app' });
    await card.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('This is the last protection that your account has to have.').waitFor();
    expect(await page.getByRole('region', { name: 'Phone' }).getByRole('button').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await flaws(page)).toEqual([]);

    // On a device that is known it is asked for all the same.
    await press(page, 'More');
    await press(page, 'Sign out');
    await untilHeadline(page, 'Sign in');
    pages.running.clock.advance(60_000);
    await typeAddress(page, person.email);
    await typePassword(page, person.password);
    await untilHeadline(page, 'Open your authenticator app');
    await typeCode(page, app.code());
    await isInAccount(page);
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  it('somebody without any factor is told that it did not work, and not by a code to the mailbox', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.open('sign-in');
    await typeAddress(page, person.email);
    await typePassword(page, person.password);
    await page.getByRole('alert').waitFor();
    expect(await person.mailbox.list(person.email)).toHaveLength(1);
    await page.context().close();
  });
});
