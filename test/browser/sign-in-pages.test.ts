import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../local/cloud.ts';
import {
  axeViolations,
  launchBrowser,
  openPage,
  overflow,
  sizes,
  type WatchedPage,
} from '../support/browser.ts';
import { openCloud } from '../support/cloud.ts';
import { Customer } from '../support/customer.ts';

/** A browser to unpack, a stack to build and a registration, on a machine that may be busy. */
const startMs = 240_000;
const callback = 'http://localhost:3000/signed-in';
const verifier = 'correct-horse-battery-staple-correct-horse-battery';
const app = createServer((_, response) => response.end('the app'));
let running: RunningCloud;
let browser: Browser;
let customer: Customer;

beforeAll(async () => {
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const { port } = app.address() as AddressInfo;
  [running, browser] = await Promise.all([
    openCloud(),
    launchBrowser({ 'localhost:3000': `127.0.0.1:${port}` }),
  ]);
  customer = await new Customer(running.outputs).register();
}, startMs);
afterAll(async () => {
  await browser?.close();
  await running?.stop();
  app.close();
});

const home = (): string => running.outputs.endpoints.managedLogin ?? '';
const shopId = (): string => running.outputs.stack.ShopClientId ?? '';

const queryOf = (changes: Record<string, string> = {}): URLSearchParams =>
  new URLSearchParams({
    response_type: 'code',
    client_id: shopId(),
    redirect_uri: callback,
    scope: 'openid email vestibule/profile.read',
    state: 's',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  });

async function open(
  path: string,
  size: keyof typeof sizes = 'desktop',
  changes: Record<string, string> = {},
): Promise<WatchedPage> {
  const watched = await openPage(browser, `${home()}/error`, { viewport: sizes[size] });
  await watched.page.goto(`${home()}${path}?${queryOf(changes)}`);
  return watched;
}

async function signIn(page: Page): Promise<string> {
  await page.getByLabel('E-mail address').fill(customer.email);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Password').fill(customer.password);
  return backWith(page, () => page.getByRole('button', { name: 'Sign in' }).click());
}

/** Back at the app, which the browser finds at another port than its address says. */
async function backWith(page: Page, act: () => Promise<void>): Promise<string> {
  await act();
  await page.waitForURL((url) => url.href.startsWith(callback));
  return new URL(page.url()).searchParams.get('code') ?? '';
}

async function redeem(code: string): Promise<Record<string, string>> {
  const response = await fetch(`${home()}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: shopId(),
      code,
      redirect_uri: callback,
      code_verifier: verifier,
    }),
  });
  return (await response.json()) as Record<string, string>;
}

const claimsOf = (jwt = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));

describe('the sign-in pages in a browser', () => {
  it.each(['phone', 'desktop'] as const)('are accessible and fit on a %s', async (size) => {
    for (const path of ['/login', '/signup', '/forgotpassword', '/confirmuser', '/confirmforgotpassword']) {
      for (const lang of ['en', 'de']) {
        const { page, complaints } = await open(path, size, { lang });
        expect(await axeViolations(page), `${path} ${lang}`).toEqual([]);
        expect(await overflow(page), `${path} ${lang}`).toBe(0);
        expect(
          complaints.filter((text) => !text.includes('400')),
          `${path} ${lang}`,
        ).toEqual([]);
        await page.context().close();
      }
    }
  });

  it('are accessible where they ask for the way and for a code, in the dark too', async () => {
    const { page } = await open('/login', 'phone');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByLabel('E-mail address').fill(customer.email);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Password').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Get a code by e-mail' }).click();
    await page.getByRole('heading', { name: 'Enter your code' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });

  it('sign in by password, and the tokens carry what was asked and no assurance', async () => {
    const { page } = await open('/oauth2/authorize');
    const tokens = await redeem(await signIn(page));
    const claims = claimsOf(tokens.access_token);
    expect(claims).toMatchObject({ client_id: shopId(), 'vestibule:tier': 'standard' });
    expect(String(claims.scope).split(' ').sort()).toEqual(['email', 'openid', 'vestibule/profile.read']);
    expect(claims).not.toHaveProperty('vestibule:aal');
  });

  it('add a passkey and sign in with it', async () => {
    const { page } = await open('/oauth2/authorize');
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await signIn(page);
    await page.goto(
      `${home()}/passkeys/add?client_id=${shopId()}&redirect_uri=${encodeURIComponent(callback)}`,
    );
    expect(await axeViolations(page)).toEqual([]);
    await backWith(page, () => page.getByRole('button', { name: 'Add passkey' }).click());
    await page.goto(`${home()}/oauth2/authorize?${queryOf({ prompt: 'login' })}`);
    await page.getByLabel('E-mail address').fill(customer.email);
    await page.getByRole('button', { name: 'Next' }).click();
    const code = await backWith(page, () => page.getByRole('button', { name: 'Use a passkey' }).click());
    const tokens = await redeem(code);
    expect(claimsOf(tokens.id_token)).toMatchObject({ email: customer.email });
  });
});

describe('the door of the pages', () => {
  const cognito = () =>
    new CognitoIdentityProviderClient({
      region: running.outputs.region,
      endpoint: running.outputs.endpoints.cognitoIdp,
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      maxAttempts: 1,
    });

  it.each([
    ['USER_AUTH', 'UserLambdaValidationException'],
    ['USER_PASSWORD_AUTH', 'InvalidParameterException'],
    ['CUSTOM_AUTH', 'InvalidParameterException'],
  ] as const)('gives no tokens to a password that is sent past them by %s', async (AuthFlow, name) => {
    const USERNAME = customer.email;
    const AuthParameters = { USERNAME, PASSWORD: customer.password, PREFERRED_CHALLENGE: 'PASSWORD' };
    const refused = cognito().send(new InitiateAuthCommand({ ClientId: shopId(), AuthFlow, AuthParameters }));
    await expect(refused).rejects.toMatchObject({ name });
  });

  it.each(['WebClientId', 'ServerClientId', 'ReportsClientId'])('is closed to %s', async (output) => {
    const page = await fetch(
      `${home()}/login?${queryOf({ client_id: running.outputs.stack[output] ?? '' })}`,
    );
    expect(page.status).toBe(400);
  });

  it('gives the machine its own scopes for the secret that Secrets Manager keeps', async () => {
    const response = await fetch(`${home()}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: running.outputs.stack.ReportsClientId ?? '',
      }),
    });
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  });
});
