import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Customer } from '../../support/customer.ts';
import { type FederatedCloud, openFederatedCloud } from '../../support/federated-cloud.ts';
import { Visitor } from '../../support/visitor.ts';

let world: FederatedCloud;
let people = 0;
let portal: string;
beforeAll(async () => {
  world = await openFederatedCloud();
  const { stack } = world.cloud.outputs as unknown as { stack: Record<string, string> };
  portal = stack.PortalUrl ?? '';
}, 300_000); // builds, synthesizes and deploys a configuration of its own
afterAll(() => world?.stop());

const become = (email: string) => {
  world.provider.person = {
    subject: `Portal-${++people}`,
    claims: { email, email_verified: true, name: 'Ada Lovelace' },
  };
};
const someAddress = () => `portal${Date.now()}.${people}@harbour.example`;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { code?: string };
  readonly cookies: readonly string[];
}

/** The portal's page in one browser: the cookie jar is the browser's, the origin the page's. */
class Page {
  readonly browser = new Visitor();
  readonly jar = new Map<string, string>();

  async call(
    method: string,
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const address = `${world.cloud.outputs.endpoints.identityApi.replace(/\/$/, '')}${path}`;
    const response = await fetch(address, {
      method,
      headers: {
        origin: new URL(portal).origin,
        cookie: [...this.jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const cookies = response.headers.getSetCookie();
    for (const line of cookies) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0(;|$)/i.test(line)) this.jar.delete(pair.slice(0, at));
      else this.jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text), cookies };
  }

  begin = (provider = 'Acme', more: object = {}) =>
    this.call('POST', '/v1/sessions/provider', { provider, ...more });

  /** Through the provider, back to the portal; what stands in the address there. */
  async visit(url: unknown): Promise<URLSearchParams> {
    const end = await this.browser.follow(String(url), `${portal}/provider`);
    if (!(end instanceof URL)) throw new Error(`ended with ${end.status}: ${await end.text()}`);
    return end.searchParams;
  }

  complete(back: URLSearchParams): Promise<Answer> {
    const refusal = back.get('error_description');
    return this.call('POST', '/v1/sessions/provider/complete', {
      state: back.get('state'),
      ...(back.get('code') ? { code: back.get('code') } : { refusal: refusal ?? back.get('error') }),
    });
  }

  async signIn(more: object = {}): Promise<Answer> {
    const { body } = await this.begin('Acme', more);
    return this.complete(await this.visit(body.url));
  }
}

describe('signing in with a provider in the portal', () => {
  it('gives a session in a cookie, without a token for the page', async () => {
    const email = someAddress();
    become(email);
    const page = new Page();
    const begun = await page.begin();
    expect(begun.status).toBe(200);
    expect(begun.cookies[0]).toMatch(
      /^__Host-vestibule-provider=[^;]+; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    );
    const sent = new URL(String(begun.body.url)).searchParams;
    expect(Object.fromEntries(sent)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      identity_provider: 'Acme',
      redirect_uri: `${portal}/provider`,
    });
    expect(JSON.stringify(begun.body)).not.toContain('verifier');
    const done = await page.complete(await page.visit(begun.body.url));
    expect(done).toMatchObject({ status: 200, body: { state: 'signed-in', mode: 'cookie', level: 0 } });
    expect(JSON.stringify(done.body)).not.toMatch(/eyJ/);
    expect(page.jar.has('__Host-vestibule-provider')).toBe(false);
    expect((await page.call('GET', '/v1/me/profile')).body).toMatchObject({ email });
    await expect
      .poll(async () => (await page.call('GET', '/v1/me/sessions')).body.sessions, { timeout: 10_000 })
      .toEqual([
        expect.objectContaining({ current: true, door: 'managed-login', startedAt: expect.any(String) }),
      ]);
  });

  it('goes on after a refresh, and ends with a sign-out', async () => {
    become(someAddress());
    const page = new Page();
    const { body } = await page.signIn();
    const csrf = { 'x-vestibule-csrf': String(body.csrf) };
    const refreshed = await page.call('POST', '/v1/sessions/refresh', {}, csrf);
    expect(refreshed).toMatchObject({ status: 200, body: { mode: 'cookie', csrf: body.csrf } });
    expect((await page.call('GET', '/v1/me/profile')).status).toBe(200);
    expect((await page.call('POST', '/v1/sessions/sign-out', {}, csrf)).status).toBe(204);
    expect((await page.call('GET', '/v1/me/profile')).status).toBe(401);
  });

  it('is a fresh proof where the provider asked again: enough to erase an account that has no password', async () => {
    become(someAddress());
    const page = new Page();
    const stale = await page.signIn();
    const csrfOf = ({ body }: Answer) => ({ 'x-vestibule-csrf': String(body.csrf) });
    const refused = await page.call('POST', '/v1/me/erasure', { confirm: true }, csrfOf(stale));
    expect(refused.body.code).toBe('STEP_UP_REQUIRED');
    const begun = await page.begin('Acme', { fresh: true });
    expect(new URL(String(begun.body.url)).searchParams.get('prompt')).toBe('login');
    const fresh = await page.complete(await page.visit(begun.body.url));
    expect(fresh.body).toMatchObject({ level: 1 });
    expect((await page.call('GET', '/v1/me/data')).body).toMatchObject({
      version: 1,
      links: [{ provider: 'Acme', primary: true }],
      account: { directory: { name: 'Ada Lovelace' } },
    });
    const erased = await page.call('POST', '/v1/me/erasure', { confirm: true }, csrfOf(fresh));
    expect(erased.status).toBe(202);
    expect(page.jar.has('__Host-vestibule-session')).toBe(false);
    // Nothing of it is left, so the same person at the provider is somebody new here.
    await expect.poll(async () => (await page.signIn()).status, { timeout: 30_000 }).toBe(200);
    expect((await page.call('GET', '/v1/me/links')).body.links).toHaveLength(1);
  }, 60_000);

  it('tells the code that links, where the address is an account that is there', async () => {
    const owner = await new Customer(world.cloud.outputs).register();
    await owner.signIn();
    become(owner.email);
    const { status, body } = await new Page().signIn();
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'LINK_REQUIRED',
      link: { code: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/) },
    });
    const { code } = body.link as { code: string };
    await owner.api.expect(201, 'POST', '/v1/me/links', { code });
    expect((await new Page().signIn()).status).toBe(200);
  });
});

describe('what somebody else can do with it', () => {
  it('nothing in another browser, with the code and the state of the first', async () => {
    become(someAddress());
    const [page, foreign] = [new Page(), new Page()];
    const back = await page.visit((await page.begin()).body.url);
    expect((await foreign.complete(back)).body.code).toBe('FLOW_REJECTED');
    // Nor with an attempt of their own: a victim's browser does not finish an attacker's sign-in.
    await foreign.begin();
    expect((await foreign.complete(back)).body.code).toBe('FLOW_REJECTED');
    expect((await page.complete(back)).status).toBe(200);
  });

  it('nothing a second time, also at the same time', async () => {
    become(someAddress());
    const page = new Page();
    const back = await page.visit((await page.begin()).body.url);
    const kept = new Map(page.jar);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => {
        const tab = new Page();
        for (const [name, value] of kept) tab.jar.set(name, value);
        return tab.complete(back);
      }),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'FLOW_REJECTED')).toHaveLength(4);
  });

  it('no mixing of two attempts: the code of one does not fit the other', async () => {
    become(someAddress());
    const page = new Page();
    const first = await page.visit((await page.begin()).body.url);
    const second = await page.visit((await page.begin()).body.url);
    second.set('code', first.get('code') ?? '');
    expect((await page.complete(second)).body.code).toBe('FLOW_REJECTED');
  });

  it('no session for a page of another origin, and none that begins without one', async () => {
    const page = new Page();
    const evil = { origin: 'https://evil.example' };
    const body = { provider: 'Acme' };
    expect((await page.call('POST', '/v1/sessions/provider', body, evil)).body.code).toBe('ORIGIN_REJECTED');
    const completion = { state: 'a'.repeat(43), code: 'x' };
    expect((await page.call('POST', '/v1/sessions/provider/complete', completion, evil)).body.code).toBe(
      'ORIGIN_REJECTED',
    );
    expect((await page.call('POST', '/v1/sessions/provider/complete', completion)).body.code).toBe(
      'FLOW_REJECTED',
    );
    expect((await page.begin('Nowhere')).body.code).toBe('METHOD_UNAVAILABLE');
  });

  it('no invented link code: a refusal counts only with the attempt of this browser', async () => {
    const invented = {
      state: 'b'.repeat(43),
      refusal: 'PreSignUp failed with error LINK_REQUIRED AAAA-BBBB.',
    };
    const { body } = await new Page().call('POST', '/v1/sessions/provider/complete', invented);
    expect(body.code).toBe('FLOW_REJECTED');
  });

  it('no session that goes on under the old identifier', async () => {
    become(someAddress());
    const page = new Page();
    await page.signIn();
    const before = page.jar.get('__Host-vestibule-session');
    await page.signIn();
    expect(page.jar.get('__Host-vestibule-session')).not.toBe(before);
    const stolen = new Page();
    stolen.jar.set('__Host-vestibule-session', before ?? '');
    expect((await stolen.call('GET', '/v1/me/profile')).status).toBe(401);
  });

  it('nothing after ten minutes', async () => {
    become(someAddress());
    const page = new Page();
    const back = await page.visit((await page.begin()).body.url);
    world.cloud.clock.advance(601_000);
    expect((await page.complete(back)).body.code).toBe('FLOW_REJECTED');
  });
});
