import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEmail, aUser, password } from '../builders.ts';
import { startCognito, type TestCognito } from '../harness.ts';
import { anotherClient, aShop, authorizeUrl, callback, requestOf, type Shop, signIn } from './shop.ts';
import { formsOf, type Visited, WebBrowser } from './web-browser.ts';

let cognito: TestCognito;
let shop: Shop;
const email = anEmail();

beforeAll(async () => {
  cognito = await startCognito();
  shop = await aShop(cognito, {
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
  });
  await aUser(cognito, shop, email);
});
afterAll(() => cognito.close());

const codeIn = (to: string): string =>
  /\d{6,8}/.exec(cognito.mails.findLast((mail) => mail.to === to)?.text ?? '')?.[0] ?? '';
const isBack = ({ location }: Visited): boolean => location?.startsWith(`${callback}?code=`) ?? false;
const alertOf = ({ text }: Visited): string => /role="alert">([^<]*)</.exec(text)?.[1] ?? '';

describe('the sign-in page', () => {
  it('asks for the name first and then shows the ways, whoever it is', async () => {
    const browser = new WebBrowser(shop.home);
    const first = await browser.get(authorizeUrl(shop, { login_hint: email }));
    expect(first.text).toContain(`value="${email}"`);
    const choice = await browser.submit(first, 'identify', { username: email });
    expect(formsOf(choice).map(({ fields }) => fields.step)).toEqual(['password', 'choose']);
    const unknown = await new WebBrowser(shop.home).get(authorizeUrl(shop));
    expect(unknown.status).toBe(200);
  });

  it('signs in by a code that was mailed', async () => {
    const browser = new WebBrowser(shop.home);
    const first = await browser.get(authorizeUrl(shop));
    const choice = await browser.submit(first, 'identify', { username: email });
    const asked = await browser.submit(choice, 'choose');
    const wrong = await browser.submit(asked, 'code', { code: '00000000' });
    expect(alertOf(wrong)).toBe('This code is not right, or it is no longer valid.');
    expect(isBack(await browser.submit(wrong, 'code', { code: codeIn(email) }))).toBe(true);
  });

  it('says the same for a wrong password and for nobody', async () => {
    const wrong = await signIn(new WebBrowser(shop.home), shop, email, {}, 'not-the-password');
    const nobody = await signIn(new WebBrowser(shop.home), shop, anEmail(), {}, 'not-the-password');
    expect(alertOf(wrong)).toBe('E-mail address or password is not right.');
    expect(alertOf(nobody)).toBe(alertOf(wrong));
  });

  it('is in German for those who want it', async () => {
    const page = await new WebBrowser(shop.home).get(authorizeUrl(shop, { lang: 'de' }));
    expect(page.text).toContain('<html lang="de">');
    expect(page.text).toContain('Weiter');
  });

  it('asks a client without choice for the password at once, and a confidential one without its secret', async () => {
    const plain = await anotherClient(cognito, shop, { ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] });
    expect(isBack(await signIn(new WebBrowser(shop.home), plain, email))).toBe(true);
    const confidential = await anotherClient(cognito, shop, { GenerateSecret: true });
    expect(isBack(await signIn(new WebBrowser(shop.home), confidential, email))).toBe(true);
  });

  it('asks for a new password in place of a temporary one', async () => {
    const invited = anEmail();
    await cognito.client.send(
      new AdminCreateUserCommand({
        UserPoolId: shop.poolId,
        Username: invited,
        TemporaryPassword: 'Temporary-9',
        MessageAction: 'SUPPRESS',
        UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
      }),
    );
    const browser = new WebBrowser(shop.home);
    const page = await signIn(browser, shop, invited, {}, 'Temporary-9');
    expect(isBack(await browser.submit(page, 'new-password', { password }))).toBe(true);
  });

  it('sets an authenticator app up on the way in where the pool demands MFA, and asks for it afterwards', async () => {
    const strict = await aShop(cognito);
    const person = anEmail();
    await aUser(cognito, strict, person);
    await cognito.client.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId: strict.poolId,
        MfaConfiguration: 'ON',
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }),
    );
    const browser = new WebBrowser(strict.home);
    const page = await signIn(browser, strict, person);
    const secret = /<code>([A-Z2-7]+)<\/code>/.exec(page.text)?.[1] ?? '';
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    const now = () => totp.generate({ timestamp: cognito.clock.now() });
    expect(isBack(await browser.submit(page, 'setup', { code: now() }))).toBe(true);
    cognito.clock.advance(60_000);
    const again = await signIn(new WebBrowser(strict.home), strict, person);
    const other = new WebBrowser(strict.home);
    const asked = await signIn(other, strict, person);
    expect(again.text).toContain('Authenticator app');
    expect(isBack(await other.submit(asked, 'code', { code: now() }))).toBe(true);
  });

  it('shows why a function of the pool refused, and gives no code', async () => {
    const guarded = await aShop(cognito, {
      LambdaConfig: {
        PreTokenGeneration: cognito.trigger('guard', () => {
          throw new Error('ACCOUNT_LOCKED');
        }),
      },
    });
    await aUser(cognito, guarded, email);
    const page = await signIn(new WebBrowser(guarded.home), guarded, email);
    expect(page.location).toBeUndefined();
    expect(alertOf(page)).toContain('ACCOUNT_LOCKED');
  });
});

describe('a form', () => {
  const fields = { step: 'identify', username: email };

  it('is heard only with the token of its own browser', async () => {
    const victim = new WebBrowser(shop.home);
    const page = await victim.get(authorizeUrl(shop));
    const [own] = formsOf(page);
    const attacker = new WebBrowser(shop.home);
    const foreign = formsOf(await attacker.get(authorizeUrl(shop)))[0];
    for (const csrf of ['', 'x', foreign?.fields._csrf ?? '']) {
      const answer = await victim.post(own?.action ?? '', { ...fields, _csrf: csrf });
      expect(alertOf(answer)).toBe('This took too long. Please start again.');
    }
    const fromElsewhere = await victim.post(
      own?.action ?? '',
      { ...fields, ...own?.fields },
      { origin: 'https://evil.example' },
    );
    expect(alertOf(fromElsewhere)).toBe('This took too long. Please start again.');
  });

  it('does not carry a started sign-in into another browser', async () => {
    const attacker = new WebBrowser(shop.home);
    const first = await attacker.get(authorizeUrl(shop));
    const choice = await attacker.submit(first, 'identify', { username: email });
    const flow = formsOf(choice)[0]?.fields.flow ?? '';
    const victim = new WebBrowser(shop.home);
    const own = formsOf(await victim.get(authorizeUrl(shop)))[0];
    const answer = await victim.post(own?.action ?? '', { ...own?.fields, step: 'password', flow, password });
    expect(isBack(answer)).toBe(false);
    expect(alertOf(answer)).toBe('This took too long. Please start again.');
  });

  it('cannot be framed, runs no script of its own and leads only to the app', async () => {
    const { headers } = await new WebBrowser(shop.home).get(authorizeUrl(shop));
    const csp = headers.get('content-security-policy') ?? '';
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).toContain("form-action 'self' https://shop.example");
    expect(csp).not.toContain('unsafe-inline');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('a new account', () => {
  it('is made, confirmed by the mailed code, and signs in', async () => {
    const person = anEmail();
    const browser = new WebBrowser(shop.home);
    const form = await browser.get(`${shop.home}/signup?${requestOf(shop)}`);
    const weak = await browser.submit(form, 'sign-up', { username: person, password: 'short' });
    expect(alertOf(weak)).toContain('Please choose another password');
    const confirm = await browser.submit(weak, 'sign-up', { username: person, password });
    const wrong = await browser.submit(confirm, 'confirm', { code: '000000' });
    expect(alertOf(wrong)).toBe('This code is not right, or it is no longer valid.');
    const done = await browser.submit(wrong, 'confirm', { code: codeIn(person) });
    expect(done.text).toContain('Your account is confirmed');
    const user = await cognito.client.send(
      new AdminGetUserCommand({ UserPoolId: shop.poolId, Username: person }),
    );
    expect(user.UserStatus).toBe('CONFIRMED');
    expect(isBack(await signIn(browser, shop, person))).toBe(true);
  });

  it('for a taken address looks the same, and nothing is mailed', async () => {
    const browser = new WebBrowser(shop.home);
    const form = await browser.get(`${shop.home}/signup?${requestOf(shop)}`);
    const before = cognito.mails.length;
    const page = await browser.submit(form, 'sign-up', { username: email, password });
    expect(page.text).toContain('If the account is new, a code was sent');
    expect(cognito.mails).toHaveLength(before);
  });
});

describe('a forgotten password', () => {
  it('is replaced with the mailed code', async () => {
    const person = anEmail();
    await aUser(cognito, shop, person);
    const browser = new WebBrowser(shop.home);
    const ask = await browser.get(`${shop.home}/forgotpassword?${requestOf(shop)}`);
    const form = await browser.submit(ask, 'send', { username: person });
    const done = await browser.submit(form, 'reset', { code: codeIn(person), password: 'Another-horse-8' });
    expect(done.text).toContain('Your password is changed');
    expect(isBack(await signIn(browser, shop, person, {}, 'Another-horse-8'))).toBe(true);
  });

  it('of nobody looks the same', async () => {
    const pages = await Promise.all(
      [email, anEmail()].map(async (username) => {
        const browser = new WebBrowser(shop.home);
        const ask = await browser.get(`${shop.home}/forgotpassword?${requestOf(shop)}`);
        const { text } = await browser.submit(ask, 'send', { username });
        return text.replaceAll(username, '').replaceAll(/name="_csrf" value="[^"]*"/g, '');
      }),
    );
    expect(pages[0]).toBe(pages[1]);
  });
});

it('locks a password after too many wrong ones, on the pages as in the API', async () => {
  const person = anEmail();
  await aUser(cognito, shop, person);
  for (let attempt = 0; attempt < 5; attempt++) {
    await signIn(new WebBrowser(shop.home), shop, person, {}, 'not-the-password');
  }
  const locked = await signIn(new WebBrowser(shop.home), shop, person);
  expect(alertOf(locked)).toBe('Too many attempts. Wait a moment, then try again.');
});
