import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../local/cloud.ts';
import { launchBrowser } from '../support/browser.ts';
import { openCloud } from '../support/cloud.ts';
import { Customer } from '../support/customer.ts';

/** A browser to unpack and a stack to build, on a machine that may be busy. */
const startMs = 180_000;

let server: Server;
let running: RunningCloud;
let browser: Browser;

/** An empty page of the app; browsers know no passkeys on an address, so it is on `localhost`. */
async function appPage(): Promise<string> {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>Shop</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

let origin: string;
beforeAll(async () => {
  origin = await appPage();
  [running, browser] = await Promise.all([
    openCloud({ parameters: { PasskeyOrigins: origin } }),
    launchBrowser(),
  ]);
}, startMs);
afterAll(async () => {
  await browser?.close();
  await running?.stop();
  server?.close();
});

/** A page with a platform authenticator that verifies its user, and does so at once. */
async function pageWithAuthenticator(url: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
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
  await page.goto(url);
  return page;
}

/** What @simplewebauthn/browser does, by the browser's own means (WebAuthn Level 3 §5.1.8 and §5.1.9). */
const created = (page: Page, options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown> =>
  page.evaluate(`(async () => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)});
    return (await navigator.credentials.create({ publicKey })).toJSON();
  })()`);

const optionsFor = async ({ api }: Customer) =>
  (
    await api.expect<{ options: PublicKeyCredentialCreationOptionsJSON }>(
      200,
      'POST',
      '/v1/me/passkeys/options',
    )
  ).body.options;

describe('a passkey made by a real browser', () => {
  it('is accepted as it is, and listed', async () => {
    const person = await (await new Customer(running.outputs).register()).signIn();
    const page = await pageWithAuthenticator(origin);
    const credential = await created(page, await optionsFor(person));
    await person.api.expect(201, 'POST', '/v1/me/passkeys', { credential, name: 'This browser' });
    const { body } = await person.api.expect(200, 'GET', '/v1/me/factors');
    expect(body).toMatchObject({ passkeys: [{ name: 'This browser' }] });
  });

  it('is refused from a page that is not listed', async () => {
    const person = await (await new Customer(running.outputs).register()).signIn();
    const other = createServer((_request, response) => response.end('<!doctype html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const page = await pageWithAuthenticator(`http://localhost:${(other.address() as AddressInfo).port}`);
    const credential = await created(page, await optionsFor(person));
    const refused = await person.api.send<{ code: string }>('POST', '/v1/me/passkeys', { credential });
    expect(refused).toMatchObject({ status: 400, body: { code: 'FACTOR_REJECTED' } });
    other.close();
  });
});
