import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bodyExamples } from '../../../lambdas/api/examples.ts';
import { routesOf } from '../../../lambdas/api/routes.ts';
import type { RunningCloud } from '../../../local/cloud.ts';
import { BrowserPage } from '../../support/browser-page.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { openOperator, subIn } from '../../support/operator.ts';

const reason = 'review';
/** Of operator scopes in a session. */
const scopeSeconds = 600;

let cloud: RunningCloud;
let operator: Awaited<ReturnType<typeof openOperator>>;
let sub: string;
beforeAll(async () => {
  const limits = ['WafSignInLimit', 'WafRegistrationLimit', 'WafRecoveryLimit'];
  cloud = await openCloud({ parameters: Object.fromEntries(limits.map((limit) => [limit, '100000'])) });
  operator = await openOperator(cloud);
  sub = subIn((await (await new Customer(cloud.outputs).register()).signIn()).api.accessToken);
});
afterAll(() => cloud?.stop());

/** As the operator's pages do it: a cookie, and no token. */
const openPage = async () => {
  const page = new BrowserPage(cloud.outputs, BrowserPage.originOf());
  const { status } = await operator.signInAs(page);
  expect(status).toBe(200);
  return page;
};
const today = () => new Date(cloud.clock.now()).toISOString().slice(0, 10);
const pathOf = (path: string) =>
  path.replace('{sub}', sub).replace('{flow}', 'f'.repeat(22)).replace('{id}', '01JD8ZZZZZ0000000000000000');
const queryOf = (path: string) =>
  path.endsWith('/statistics') ? `from=${today()}&to=${today()}` : `reason=${reason}`;

describe('an operator in a browser', () => {
  let page: BrowserPage;
  beforeEach(async () => {
    page = await openPage();
  });

  it.each(routesOf('admin-api').map(({ method, path, id }) => ({ method, path, id })))(
    '$id is open with the cookie',
    async ({ method, path, id }) => {
      const answer =
        method === 'GET'
          ? await page.send(method, `${pathOf(path)}?${queryOf(path)}`)
          : await page.send(method, pathOf(path), bodyExamples[id as keyof typeof bodyExamples]);
      // What is asked for may not be there; who asks is not the question.
      const answers = [200, 201, 404, 409];
      expect({ id, code: answer.body.code, isAnswered: answers.includes(answer.status) }).toEqual({
        id,
        code: answer.status < 300 ? undefined : expect.stringMatching(/_UNKNOWN$|_CONFLICT$/),
        isAnswered: true,
      });
    },
  );

  it.each(
    routesOf('admin-api')
      .filter(({ method }) => method !== 'GET')
      .map(({ path, id }) => ({ path, id })),
  )('$id is refused without the CSRF value, and from another origin', async ({ path, id }) => {
    const body = bodyExamples[id as keyof typeof bodyExamples];
    const without = await page.send('POST', pathOf(path), body, { 'x-vestibule-csrf': '' });
    const elsewhere = await page.send('POST', pathOf(path), body, { origin: 'https://evil.example' });
    expect([without.status, elsewhere.status]).toEqual([401, 401]);
  });

  it('is one for ten minutes, and again after a refresh', async () => {
    const statistics = () => page.send('GET', `/v1/admin/statistics?${queryOf('/statistics')}`);
    expect((await statistics()).status).toBe(200);
    cloud.clock.advance((scopeSeconds + 1) * 1_000);
    expect(await statistics()).toMatchObject({ status: 403 });
    await page.expect(200, 'POST', '/v1/sessions/refresh', {});
    expect((await statistics()).status).toBe(200);
  });
});

it('somebody who is no operator is told so in plain words', async () => {
  const customer = await new Customer(cloud.outputs).register();
  const page = await new BrowserPage(cloud.outputs, BrowserPage.originOf()).signIn(customer);
  const { status, body } = await page.send('GET', `/v1/admin/statistics?${queryOf('/statistics')}`);
  expect([status, body.code]).toEqual([403, 'SCOPE_MISSING']);
  expect(String(body.detail ?? body.title)).toMatch(/[a-z]{3,} [a-z]/);
});
