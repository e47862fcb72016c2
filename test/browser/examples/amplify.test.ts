import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { launchBrowser } from '../../support/browser.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { type ExamplePages, serveExamples } from '../../support/example-pages.ts';
import { addAuthenticator } from '../../support/virtual-authenticator.ts';

/** A browser to unpack and a stack to build, on a machine that may be busy. */
const startMs = 240_000;
const testMs = 60_000;
/** One that the sample configuration lets in. */
const origin = 'http://localhost:3000';
const local = 'http://localhost:4400';
const quoted = JSON.stringify;

let running: RunningCloud;
let pages: ExamplePages;
let browser: Browser;

beforeAll(async () => {
  [running, pages] = await Promise.all([
    openCloud(),
    serveExamples('<!doctype html><title>Shop</title><script type="module" src="/amplify.js"></script>', {
      '/amplify.js': ['./sdk/amplify.js', 'aws-amplify/auth'],
    }),
  ]);
  browser = await launchBrowser({
    'localhost:3000': pages.host,
    'localhost:4400': new URL(running.outputs.url).host,
  });
}, startMs);
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await running?.stop();
});

/** A page with Amplify set up for a client, and a virtual authenticator. */
async function openShop(userPoolId: string, userPoolClientId: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await addAuthenticator(page);
  await page.goto(origin);
  await page.waitForFunction('globalThis.example?.configure');
  const userPoolEndpoint = `${local}/_aws/cognito-idp`;
  await page.evaluate(`example.configure(${quoted({ userPoolId, userPoolClientId, userPoolEndpoint })})`);
  return page;
}

const run = <T>(page: Page, expression: string): Promise<T> =>
  page.evaluate(`(async () => { const { example } = globalThis; return ${expression}; })()`) as Promise<T>;

const accessToken = `example.fetchAuthSession({}).then(({ tokens }) => tokens?.accessToken.payload)`;

describe('Amplify in a browser, by the example', () => {
  it('signs in by SRP and custom challenge, and at once the next time', { timeout: testMs }, async () => {
    const { email, password, mailbox } = await new Customer(running.outputs).register();
    const page = await openShop(running.outputs.userPoolId, running.outputs.clients.web.id);
    await page.exposeFunction('codeOf', () => mailbox.nextCode(email));
    const asked = (name: string) =>
      `(${name} => example.signInWithAmplify(${quoted(`${local}/api`)}, ${quoted(email)}, ${quoted(password)},
        async ({ step }) => { ${name}.push(step); return codeOf(); }).then((done) => ({ done, asked: ${name} })))([])`;
    expect(await run(page, asked('steps'))).toEqual({ done: true, asked: ['email-code'] });
    expect(await run(page, accessToken)).toMatchObject({
      'vestibule:aal': 1,
      'vestibule:methods': ['password', 'email-code'],
    });
    await run(page, 'example.signOut()');
    expect(await run(page, asked('steps'))).toEqual({ done: true, asked: [] });
    await page.context().close();
  });

  it('takes its access token to the Identity API', { timeout: testMs }, async () => {
    const { email, password, mailbox } = await new Customer(running.outputs).register();
    const page = await openShop(running.outputs.userPoolId, running.outputs.clients.web.id);
    await page.exposeFunction('codeOf', () => mailbox.nextCode(email));
    await run(
      page,
      `example.signInWithAmplify(${quoted(`${local}/api`)}, ${quoted(email)}, ${quoted(password)}, () => codeOf())`,
    );
    const profile = `example.fetchAuthSession().then(({ tokens }) => fetch(${quoted(`${local}/api/v1/me/profile`)},
      { headers: { authorization: 'Bearer ' + tokens.accessToken } })).then((answer) => answer.json())`;
    expect(await run(page, profile)).toMatchObject({ email });
    await page.context().close();
  });
});

describe('Amplify in a browser, with passkeys of a pool of its own', () => {
  const { email, password } = { email: 'ada@example.com', password: 'Quiet harbour 2026!' };

  /** Choice-based sign-in is closed on our clients, whose door it would pass by. */
  async function aPool(): Promise<{ poolId: string; clientId: string }> {
    const { region, endpoints, credentials } = running.outputs;
    const client = new CognitoIdentityProviderClient({ region, endpoint: endpoints.cognitoIdp, credentials });
    const { UserPool } = await client.send(
      new CreateUserPoolCommand({
        PoolName: 'passkeys',
        UsernameAttributes: ['email'],
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
      }),
    );
    const UserPoolId = UserPool?.Id ?? '';
    await client.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId,
        WebAuthnConfiguration: { RelyingPartyId: 'localhost', UserVerification: 'required' },
      }),
    );
    const { UserPoolClient } = await client.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'page',
        ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    );
    const person = { UserPoolId, Username: email };
    await client.send(new AdminCreateUserCommand({ ...person, MessageAction: 'SUPPRESS' }));
    await client.send(new AdminSetUserPasswordCommand({ ...person, Password: password, Permanent: true }));
    return { poolId: UserPoolId, clientId: UserPoolClient?.ClientId ?? '' };
  }

  it('registers one, lists it, signs in with it and deletes it', { timeout: testMs }, async () => {
    const { poolId, clientId } = await aPool();
    const page = await openShop(poolId, clientId);
    const signIn = (more: object) => `example.signIn(${quoted({ username: email, ...more })})`;
    const byPassword = { authFlowType: 'USER_AUTH', preferredChallenge: 'PASSWORD_SRP' };
    const signedIn = { isSignedIn: true };
    expect(await run(page, signIn({ password, options: byPassword }))).toMatchObject(signedIn);
    await run(page, 'example.associateWebAuthnCredential()');
    const list = 'example.listWebAuthnCredentials().then(({ credentials }) => credentials)';
    const [passkey] = await run<{ credentialId: string }[]>(page, list);
    expect(passkey).toMatchObject({ relyingPartyId: 'localhost' });
    await run(page, 'example.signOut()');

    const byPasskey = { authFlowType: 'USER_AUTH', preferredChallenge: 'WEB_AUTHN' };
    expect(await run(page, signIn({ options: byPasskey }))).toMatchObject(signedIn);
    await run(
      page,
      `example.deleteWebAuthnCredential(${quoted({ credentialId: passkey?.credentialId ?? '' })})`,
    );
    expect(await run(page, list)).toEqual([]);
    await page.context().close();
  });
});
