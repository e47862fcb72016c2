import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRedirectUri } from '../../../../lib/config/client-schema.ts';
import { ConfigError, defineConfig, type VestibuleConfig } from '../../../../lib/index.ts';
import sample from '../../../../vestibule.config.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrong configurations are the point of these tests
type Loose = Record<string, any>;

function problemsAfter(change: (config: Loose) => void): string[] {
  const copy = structuredClone(sample) as unknown as Loose;
  change(copy);
  try {
    defineConfig(copy as unknown as VestibuleConfig);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

const google = { kind: 'google', clientId: 'id', secretName: 'google' };
const exact =
  'expected an exact https://… (http only for localhost, 127.0.0.1 and [::1]), without wildcard, fragment or credentials';

describe('clients of the configuration', () => {
  it.each<[string, (config: Loose) => void, string]>([
    [
      'a callback without TLS',
      (c) => (c.clients[0].callbackUrls.prod = ['http://shop.example/cb']),
      `clients[0].callbackUrls.prod[0]: ${exact}`,
    ],
    [
      'a logout URL with a wildcard',
      (c) => (c.clients[0].logoutUrls.dev = ['https://*.shop.example/']),
      `clients[0].logoutUrls.dev[0]: ${exact}`,
    ],
    [
      'a callback listed twice',
      (c) => (c.clients[0].callbackUrls.dev = ['https://a.example/', 'https://a.example/']),
      'clients[0].callbackUrls.dev[1]: "https://a.example/" is listed twice',
    ],
    [
      'two clients of one name',
      (c) => (c.clients[1].name = 'shop'),
      'clients[1].name: "shop" is listed twice',
    ],
    [
      'a client named like a built-in one',
      (c) => (c.clients[0].name = 'web'),
      'clients[0].name: "web" is built in: choose another name',
    ],
    [
      'a provider where there are none',
      (c) => (c.clients[0].providers = ['Google']),
      'clients[0].providers[0]: "Google" is not a provider; known: none',
    ],
    [
      'a provider in other letters',
      (c) => {
        c.providers = [google];
        c.clients[0].providers = ['Google', 'google'];
      },
      'clients[0].providers[1]: "google" is not a provider; known: Google',
    ],
    [
      'a provider listed twice',
      (c) => {
        c.providers = [google];
        c.clients[0].providers = ['Google', 'Google'];
      },
      'clients[0].providers[1]: "Google" is listed twice',
    ],
    [
      'a provider that is the pool itself',
      (c) => (c.clients[0].providers = ['COGNITO']),
      'clients[0].providers[0]: "COGNITO" is not a provider; known: none',
    ],
    [
      'an unknown door',
      (c) => (c.clients[0].door = 'back'),
      'clients[0].door: expected a door: managed-login, sdk or machine',
    ],
    [
      'the scope that lets a token act on its account',
      (c) => c.clients[0].scopes.push('aws.cognito.signin.user.admin'),
      'clients[0].scopes[4]: "aws.cognito.signin.user.admin" is not for this door; known: openid, email, profile, phone, vestibule/profile.read, vestibule/profile.write, vestibule/consents.read, vestibule/consents.write, vestibule/activity.read, vestibule/sessions.read, orders/read',
    ],
    [
      'a scope that changes factors',
      (c) => (c.clients[0].scopes = ['openid', 'vestibule/security.write']),
      'clients[0].scopes[1]: "vestibule/security.write" is not for this door; known: openid, email, profile, phone, vestibule/profile.read, vestibule/profile.write, vestibule/consents.read, vestibule/consents.write, vestibule/activity.read, vestibule/sessions.read, orders/read',
    ],
    [
      'a scope of a person for a machine',
      (c) => (c.clients[1].scopes = ['vestibule/profile.read']),
      'clients[1].scopes[0]: "vestibule/profile.read" is not a scope of "apis"; known: orders/read',
    ],
    [
      'attributes without openid',
      (c) => (c.clients[0].scopes = ['email']),
      'clients[0].scopes[0]: "email" needs "openid" beside it',
    ],
    [
      'an API named like ours',
      (c) => (c.apis[0].identifier = 'vestibule'),
      'apis[0].identifier: "vestibule" is the Identity API: choose another one',
    ],
    [
      'pages without a domain',
      (c) => delete c.stages.prod.managedLogin,
      'stages.prod.managedLogin: is missing: the client "shop" needs a domain',
    ],
    [
      'two domains at once',
      (c) => (c.stages.prod.managedLogin.domainPrefix = 'lindenlark'),
      'stages.prod.managedLogin: expected either domainPrefix or customDomain',
    ],
    [
      'a prefix that AWS keeps for itself',
      (c) => (c.stages.dev.managedLogin = { domainPrefix: 'my-cognito' }),
      'stages.dev.managedLogin.domainPrefix: expected up to 63 lower-case letters, digits or hyphens, without "aws", "amazon" or "cognito"',
    ],
    [
      'a certificate of another Region',
      (c) =>
        (c.stages.prod.managedLogin.customDomain.certificateArn =
          'arn:aws:acm:eu-central-1:123456789012:certificate/1'),
      'stages.prod.managedLogin.customDomain.certificateArn: expected the ARN of an ACM certificate in us-east-1',
    ],
    [
      'pages on the Lite plan',
      (c) => (c.plan = 'lite'),
      'stages.dev.managedLogin: needs the plan essentials or plus',
    ],
    [
      'a method that the pages do not have',
      (c) => (c.stages.dev.managedLogin.methods = ['totp']),
      'stages.dev.managedLogin.methods[0]: expected one of passkey, email-code',
    ],
  ])('refuses %s', (_what, change, problem) => {
    expect(problemsAfter(change)).toContain(problem);
  });

  it('needs neither clients nor a domain', () => {
    expect(
      problemsAfter((c) => {
        delete c.clients;
        delete c.brands;
        delete c.apis;
        delete c.stages.dev.managedLogin;
        delete c.stages.prod.managedLogin;
      }),
    ).toEqual([]);
  });
});

describe('a redirect URI', () => {
  it.each([
    'https://shop.example/signed-in',
    'https://shop.example:8443/cb?app=1',
    'http://localhost:3000/',
    'http://127.0.0.1/cb',
    'http://[::1]:8080/cb',
  ])('may be %s', (value) => expect(isRedirectUri(value)).toBe(true));

  it.each([
    'https://shop.example@evil.example/',
    'https://user:pw@shop.example/',
    'https://shop.example\\@evil.example/',
    'https://*.shop.example/',
    'https://shop.example/*',
    'https://shop.example/#token',
    'https:shop.example/cb',
    'https:///shop.example/cb',
    '//shop.example/cb',
    'http://localhost.evil.example/',
    'http://127.0.0.1.evil.example/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://[::ffff:127.0.0.1]/',
    'https://SHOP.example/cb',
    'https://shop.exаmple/cb',
    'https://shop.example/a/../cb',
    'https://shop.example/cb\n',
    ' https://shop.example/cb',
    'javascript:alert(1)',
    'data:text/html,x',
    'com.shop.app://cb',
  ])('may not be %j', (value) => expect(isRedirectUri(value)).toBe(false));

  it('is never one that a parser reads as another host than the one written', () =>
    fc.assert(
      fc.property(
        fc.webUrl({ withFragments: true, withQueryParameters: true }),
        fc.string(),
        (url, noise) => {
          const value = `${url}${noise}`;
          return !isRedirectUri(value) || value.startsWith(`${new URL(value).origin}`);
        },
      ),
    ));
});
