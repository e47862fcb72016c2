import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import operator from '../../../portal/messages/en/operator.json' with { type: 'json' };
import { type AccountPages, openAccountPages, surprises } from '../../support/account-pages.ts';
import { axeViolations, overflow, sizes, type WatchedPage } from '../../support/browser.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { becomeOperator, subIn } from '../../support/operator.ts';
import { lookUpPerson, openDesk } from '../../support/operator-desk.ts';

const startMs = 240_000;
const journeyMs = 120_000;
/** Of the wave that is ended: nobody else signs in from there. */
const elsewhere = { 'x-vestibule-test-source-ip': '203.0.113.77' };

let pages: AccountPages;
let desk: WatchedPage;
let intruder: Customer;
let colleague: Customer;
beforeAll(async () => {
  pages = await openAccountPages({ cloud: await openCloud({ testSourceIp: true }) });
  intruder = new Customer(pages.running.outputs, undefined, elsewhere);
  await (await intruder.register()).signIn();
  desk = await openDesk(pages);
  colleague = await (await pages.newPerson()).signIn();
  await becomeOperator(pages.running, colleague);
}, startMs);
afterAll(() => pages?.stop());

/** What another operator does meanwhile. */
const lockElsewhere = (sub: string) =>
  colleague.api.send('POST', `/v1/admin/people/${sub}/lock`, { reason: 'abuse' });

async function act(page: Page, name: 'lock' | 'reset' | 'end-sessions'): Promise<void> {
  await page.getByRole('button', { name: operator[`act.${name}`], exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(operator.why, { exact: true }).selectOption('review');
  await dialog.getByRole('button', { name: operator[`act.${name}.button`], exact: true }).click();
}

describe('the overview', { timeout: journeyMs }, () => {
  it('ends the sessions of one network: counted, confirmed, told, and gone', async () => {
    const { page } = desk;
    await lookUpPerson(pages, page, intruder.email);
    const session = await page
      .getByText(/network [\w-]{22}/)
      .first()
      .textContent();
    const network = /network ([\w-]{22})/.exec(session ?? '')?.[1] ?? '';
    const row = page.getByRole('button', {
      name: operator['networks.end.of'].replace('{network}', network),
      exact: true,
    });
    // Events are counted in batches, so the network comes a little later.
    await expect
      .poll(
        async () => {
          await page.goto(`${pages.url}/operator`);
          await page.locator('.period').waitFor();
          return row.count();
        },
        { timeout: 90_000, interval: 2_000 },
      )
      .toBe(1);
    await row.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: operator['networks.end.count'], exact: true }).click();
    await dialog.getByText(operator['why.missing']).waitFor();
    await dialog.getByLabel(operator.why, { exact: true }).selectOption('stolen-session');
    await dialog.getByRole('button', { name: operator['networks.end.count'], exact: true }).click();
    await dialog.getByText('Sessions: 1. People: 1.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.setViewportSize(sizes.phone);
    expect(await overflow(page)).toBe(0);
    await page.setViewportSize(sizes.desktop);
    expect((await intruder.api.send('GET', '/v1/me/profile')).status).toBe(200);

    await dialog.getByRole('button', { name: operator['networks.end.button'], exact: true }).click();
    await dialog.getByText(/Sessions ended: 1\. .*: 1\./).waitFor();
    expect(await dialog.getByRole('button', { name: operator['networks.end.button'] }).count()).toBe(0);
    expect((await intruder.api.send('GET', '/v1/me/profile')).status).toBe(401);
    // Whoever came from elsewhere, the operator among them, goes on.
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await page.reload();
    await page.locator('.period').waitFor();
  });

  it('goes from a day to its hours and back, by mouse and by keyboard', async () => {
    const { page } = desk;
    await page.goto(`${pages.url}/operator`);
    await page.getByText(operator['range.month'], { exact: true }).click();
    const period = page.locator('.period');
    await period.getByText(operator['period.day']).waitFor();
    const plot = page.getByRole('figure').filter({ hasText: operator['signIns.plot'] });
    await plot.locator('summary').click();
    await plot.getByRole('table').getByRole('button').last().press('Enter');
    await period.getByText(operator['period.hour']).waitFor();
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    // From the closest look there is nothing closer.
    expect(await page.locator('svg .leads').count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    const back = operator['range.back'].replace('{range}', operator['range.month']);
    await page.getByRole('button', { name: back }).click();
    await period.getByText(operator['period.day']).waitFor();

    await plot.locator('svg .leads rect.part').last().click({ force: true });
    await period.getByText(operator['period.hour']).waitFor();
    await page.getByText(operator['range.week'], { exact: true }).click();
    await expect.poll(() => page.getByRole('button', { name: back }).count()).toBe(0);
  });
});

describe('a person who has changed behind the page', { timeout: journeyMs }, () => {
  it('and was locked meanwhile: nothing is done, which is said beside what there is now', async () => {
    const { page } = desk;
    const customer = await (await pages.newPerson()).signIn();
    await lookUpPerson(pages, page, customer.email);
    await page.getByText(operator['status.CONFIRMED']).waitFor();
    expect((await lockElsewhere(subIn(customer.api.accessToken))).status).toBe(200);
    await act(page, 'reset');
    await page.getByText(operator['stale.ACCOUNT_LOCKED']).waitFor();
    await page.getByText(operator['status.locked']).first().waitFor();
    await page.getByRole('button', { name: operator['act.unlock'], exact: true }).waitFor();
    expect(await page.getByRole('button', { name: operator['act.reset'], exact: true }).count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    const mails = await customer.mailbox.list(customer.email);
    expect(JSON.stringify(mails)).not.toContain('password-reset');
  });

  it('and was locked meanwhile by somebody who was faster: their reason stays', async () => {
    const { page } = desk;
    const customer = await (await pages.newPerson()).signIn();
    await lookUpPerson(pages, page, customer.email);
    await page.getByText(operator['status.CONFIRMED']).waitFor();
    expect((await lockElsewhere(subIn(customer.api.accessToken))).status).toBe(200);
    await act(page, 'lock');
    await page.getByText(operator['act.lock.already']).waitFor();
    await page.getByText(new RegExp(`^${operator['reason.abuse']}, `)).waitFor();
  });

  it('and was erased meanwhile: says so, and shows nobody any more', async () => {
    const { page } = desk;
    const leaver = await (await pages.newPerson()).signIn();
    await lookUpPerson(pages, page, leaver.email);
    await page.getByText(operator['status.CONFIRMED']).waitFor();
    const sub = subIn(leaver.api.accessToken);
    expect((await leaver.api.send('POST', '/v1/me/erasure', { confirm: true })).status).toBeLessThan(300);
    await expect
      .poll(
        async () => {
          // An asynchronous call is tried again by the clock of the cloud.
          pages.running.clock.advance(5_000);
          return (await colleague.api.send('POST', '/v1/admin/people/look-up', { sub, reason: 'review' }))
            .status;
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe(404);
    await act(page, 'end-sessions');
    await page.getByText(operator['stale.ACCOUNT_UNKNOWN']).waitFor();
    await expect.poll(() => page.getByText(sub).count()).toBe(0);
    await page.getByLabel(operator['find.who']).waitFor();
  });
});

it(
  'saves everything that was ever agreed to as one file',
  async () => {
    const { page } = desk;
    const customer = await (await pages.newPerson()).signIn();
    await lookUpPerson(pages, page, customer.email);
    await page.getByRole('button', { name: operator['consents.show'] }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: operator['consents.save'] }).click();
    const file = await saved;
    const sub = subIn(customer.api.accessToken);
    expect(file.suggestedFilename()).toMatch(new RegExp(`^consents-${sub}-\\d{4}-\\d\\d-\\d\\d\\.json$`));
    const proof = JSON.parse(await readFile(await file.path(), 'utf8')) as {
      sub: string;
      history: unknown[];
    };
    expect(proof.sub).toBe(sub);
    expect(proof.history).toEqual([
      expect.objectContaining({ purpose: 'terms', decision: 'granted', textHash: expect.any(String) }),
    ]);
  },
  journeyMs,
);

it('left no complaint of the browser', () => {
  expect(surprises(desk.complaints)).toEqual([]);
});
