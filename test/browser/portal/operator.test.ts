import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import operator from '../../../portal/messages/en/operator.json' with { type: 'json' };
import { type AccountPages, openAccountPages, surprises } from '../../support/account-pages.ts';
import { axeViolations, overflow, sizes, type WatchedPage } from '../../support/browser.ts';
import { Customer } from '../../support/customer.ts';
import { lookUpPerson, openDesk } from '../../support/operator-desk.ts';

const startMs = 240_000;
let pages: AccountPages;
let customer: Customer;
let desk: WatchedPage;
const lookUp = (page: WatchedPage['page'], who: string) => lookUpPerson(pages, page, who);

beforeAll(async () => {
  pages = await openAccountPages();
  customer = await (await pages.newPerson()).signIn();
  desk = await openDesk(pages);
}, startMs);
afterAll(() => pages?.stop());

describe('the overview', () => {
  it('shows what was counted, as plots and as numbers', async () => {
    const { page } = desk;
    const confirmed = page.locator('.funnel li').nth(1).locator('.count');
    // Events are counted in batches, so the numbers come a little later.
    await expect
      .poll(
        async () => {
          await page.goto(`${pages.url}/operator`);
          return confirmed.textContent();
        },
        { timeout: 90_000, interval: 2_000 },
      )
      .toContain('2');
    await page.getByText(operator['plot.table']).first().click();
    expect(await page.getByRole('table').first().textContent()).toContain('2');
  }, 120_000);

  it.each(['light', 'dark'] as const)('is accessible and fits a phone, %s', async (colorScheme) => {
    const { page } = desk;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(sizes.phone);
    await page.goto(`${pages.url}/operator`);
    await page.locator('.plot').first().waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    await page.setViewportSize(sizes.desktop);
    expect(await axeViolations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
  });
});

describe('a person', () => {
  it('is found by the exact address only, and for a reason', async () => {
    const { page } = desk;
    await page.goto(`${pages.url}/operator/person`);
    await page.getByRole('button', { name: operator['find.button'] }).click();
    await page.getByText(operator['find.missing']).waitFor();
    await page.getByText(operator['why.missing']).waitFor();
    await lookUp(page, 'nobody.here@example.com');
    await page.getByText(operator['problem.ACCOUNT_UNKNOWN']).waitFor();
    await lookUp(page, customer.email);
    await page.getByText(operator['status.CONFIRMED']).waitFor();
    expect(page.url()).not.toContain(customer.email);
  });

  it('shows why a sign-in was challenged, with every signal and its weight', async () => {
    const { page } = desk;
    await new Customer(pages.running.outputs, customer.email).startSignIn().catch(() => undefined);
    const elsewhere = new Customer(pages.running.outputs, customer.email);
    await elsewhere.api.send('POST', '/v1/sessions', {
      identifier: customer.email,
      password: customer.password,
    });
    await lookUp(page, customer.email);
    await page
      .getByRole('button', { name: /^Why: / })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByText(operator['decision.signal'])
      .or(dialog.getByText(operator['decision.noSignals']))
      .waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await dialog.getByRole('button').last().click();
  });

  it('shows what was agreed to when asked', async () => {
    const { page } = desk;
    await lookUp(page, customer.email);
    await page.getByRole('button', { name: operator['consents.show'] }).click();
    await page.getByRole('heading', { name: operator['consents.history'] }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.setViewportSize(sizes.phone);
    expect(await overflow(page)).toBe(0);
    await page.setViewportSize(sizes.desktop);
  });

  it('is locked for a reason, cannot sign in, and is unlocked again', async () => {
    const { page } = desk;
    await lookUp(page, customer.email);
    await page.getByRole('button', { name: operator['act.lock'] }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: operator['act.lock.button'] });
    await confirm.click();
    await dialog.getByText(operator['why.missing']).waitFor();
    await dialog.getByLabel(operator.why, { exact: true }).selectOption('account-takeover');
    await dialog.getByLabel(operator.note).fill('Reported by phone');
    await confirm.click();
    await page.getByText(operator['act.lock.done']).waitFor();
    await page.getByText(operator['status.locked']).first().waitFor();
    await page.getByText('Reported by phone').waitFor();
    const refused = await customer.startSignIn();
    expect(refused.status).toBe(401);
    await page.getByRole('button', { name: operator['act.unlock'] }).click();
    await dialog.getByLabel(operator.why, { exact: true }).selectOption('owner-asked');
    await dialog.getByRole('button', { name: operator['act.unlock.button'] }).click();
    await page.getByText(operator['act.unlock.done']).waitFor();
    expect((await customer.startSignIn()).status).toBe(200);
  });
});

it('tells somebody who is no operator what is missing', async () => {
  const { page } = await pages.visit(await pages.newPerson(), 'operator/person');
  await page.getByLabel(operator['find.who']).fill(customer.email);
  await page.getByLabel(operator.why, { exact: true }).selectOption('review');
  await page.getByRole('button', { name: operator['find.button'] }).click();
  await page.getByRole('alert').filter({ hasText: operator['problem.SCOPE_MISSING'] }).waitFor();
  await page.context().close();
});

it('left no complaint of the browser', () => {
  expect(surprises(desk.complaints)).toEqual([]);
});
