import { describe, expect, it } from 'vitest';
import { noSms } from '../../../lambdas/adapters/sms.ts';
import type { SignInServices } from '../../../lambdas/sign-in/services.ts';
import type { AuthenticationConfig } from '../../../lib/config/authentication.ts';
import { compileAuthentication } from '../../../lib/config/authentication.ts';
import { onEachEngine } from '../../support/engines.ts';
import {
  CognitoDriver,
  codeIn,
  contextFor,
  type Outcome,
  testUser,
  withContext,
} from '../../support/sign-in/driver.ts';
import { TestFactors } from '../../support/sign-in/factors.ts';
import { testSignIn } from '../../support/sign-in/services.ts';

const challengeOf = (outcome: Outcome): Record<string, string> => {
  if (outcome.state !== 'challenge') throw new Error(`expected a challenge, got ${outcome.state}`);
  return outcome.parameters;
};
const methodsOf = (outcome: Outcome): string[] => JSON.parse(challengeOf(outcome).methods ?? '[]');
const linkIn = (text: string | undefined) => /portal\/link#([A-Za-z0-9_-]{44})/.exec(text ?? '')?.[1] ?? '';

onEachEngine((under) => {
  const open = (
    overrides: Partial<SignInServices> = {},
    authentication?: AuthenticationConfig,
    env: Record<string, string> = {},
  ) => {
    const user = testUser();
    const opened = testSignIn(under.tables.client, env, {
      ...(authentication && { methodPolicy: async () => compileAuthentication(authentication).base }),
      ...overrides,
    });
    const driver = new CognitoDriver(opened.services, user);
    /** Password from a new device, then begin. */
    const challenged = async (method?: string, over: object = {}) => {
      const context = withContext(await contextFor(opened.services, user, over));
      await driver.password(context);
      return { context, begun: await driver.answer(JSON.stringify({ method }), context) };
    };
    const passwordless = async (method: string, who = driver) => {
      const context = await contextFor(opened.services, user);
      await who.start();
      return { begun: await who.answer(JSON.stringify({ context, method }), withContext(context)), context };
    };
    return {
      ...opened,
      user,
      driver,
      factors: new TestFactors(under.tables.client, user.sub),
      challenged,
      passwordless,
    };
  };
  const at2 = { state: 'tokens', claims: { 'vestibule:aal': 2 } };

  describe('an authenticator app', () => {
    it('is what its owner is asked for, and raises the level', async () => {
      const { factors, challenged, driver, clock } = open();
      const code = await factors.totp();
      const { begun, context } = await challenged('email-code');
      expect(challengeOf(begun)).toMatchObject({ step: 'totp', codeLength: '6', methods: '["totp"]' });
      expect(await driver.answer(code(clock.now()), context)).toMatchObject({
        ...at2,
        claims: { 'vestibule:methods': ['password', 'totp'] },
      });
    });

    it.each([-30_000, 30_000])('may be off by a step (%i ms)', async (drift) => {
      const { factors, challenged, driver, clock } = open();
      const code = await factors.totp();
      const { context } = await challenged();
      expect(await driver.answer(code(clock.now() + drift), context)).toMatchObject(at2);
    });

    it.each([-90_000, 90_000])('is wrong further away (%i ms)', async (drift) => {
      const { factors, challenged, driver, clock } = open();
      const code = await factors.totp();
      const { context } = await challenged();
      expect(await driver.answer(code(clock.now() + drift), context)).toMatchObject({ state: 'challenge' });
    });

    it('is good once, also in another sign-in', async () => {
      const { factors, services, user, challenged, driver, clock } = open();
      const code = await factors.totp();
      const { context } = await challenged();
      const typed = code(clock.now());
      expect(await driver.answer(typed, context)).toMatchObject(at2);
      const other = new CognitoDriver(services, user);
      const second = withContext(await contextFor(services, user, { device: 'other' }));
      await other.password(second);
      await other.answer('{}', second);
      expect(await other.answer(typed, second)).toMatchObject({ state: 'challenge' });
    });
  });

  describe('recovery codes', () => {
    it('stand beside the other factors, and each is good once', async () => {
      const { factors, challenged, driver, services, user } = open();
      await factors.totp();
      const [code = '', next = ''] = await factors.recoveryCodes();
      const { begun, context } = await challenged();
      expect(methodsOf(begun)).toEqual(['totp', 'recovery-code']);
      expect(challengeOf(await driver.answer('{"method":"recovery-code"}', context)).step).toBe(
        'recovery-code',
      );
      expect(await driver.answer(code.toLowerCase(), context)).toMatchObject(at2);
      for (const [typed, state] of [
        [code, 'challenge'],
        [next, 'tokens'],
      ] as const) {
        const other = new CognitoDriver(services, user);
        const second = withContext(await contextFor(services, user, { device: typed }));
        await other.password(second);
        await other.answer('{"method":"recovery-code"}', second);
        expect(await other.answer(typed, second)).toMatchObject({ state });
      }
    });
  });

  describe('a passkey', () => {
    const options = (outcome: Outcome) => JSON.parse(challengeOf(outcome).options ?? '{}');

    it('passes the challenge with user verification', async () => {
      const { factors, challenged, driver } = open();
      const authenticator = await factors.passkey();
      const { begun, context } = await challenged();
      expect(options(begun)).toMatchObject({
        rpId: 'localhost',
        userVerification: 'required',
        allowCredentials: [],
      });
      const answer = JSON.stringify({ credential: authenticator.get(options(begun)) });
      expect(await driver.answer(answer, context)).toMatchObject(at2);
    });

    it.each([
      ['of another page', { origin: 'https://evil.example' }],
      ['for another relying party', { relyingPartyId: 'evil.example' }],
      ['without user verification', { userVerified: false }],
      ['without a person', { userPresent: false }],
      ['to another challenge', { challenge: 'b3RoZXI' }],
      ['that is a registration', { type: 'webauthn.create' }],
      ['of somebody else', { userHandle: Buffer.from('somebody').toString('base64url') }],
      ['with a counter that stands still', { counter: 0 }],
    ])('proves nothing with an answer %s', async (_why, ceremony) => {
      const { factors, challenged, driver } = open();
      const authenticator = await factors.passkey();
      const first = await challenged();
      const used = JSON.stringify({ credential: authenticator.get(options(first.begun)) });
      if ('counter' in ceremony) await driver.answer(used, first.context);
      const { begun, context } = 'counter' in ceremony ? await challenged(undefined, { device: 'b' }) : first;
      const answer = JSON.stringify({ credential: authenticator.get(options(begun), ceremony) });
      expect(await driver.answer(answer, context)).toMatchObject({ state: 'challenge' });
    });

    it.each([true, false])('signs in alone, once per challenge (counting: %s)', async (counts) => {
      const { factors, services, user, clock } = open();
      const authenticator = await factors.passkey({ counts });
      const { id, challenge } = { id: services.random.id(), challenge: 'c'.repeat(44) };
      const { passkeyChallenges } = await import('../../../lambdas/adapters/passkey-challenges.ts');
      const { testKeys } = await import('../../support/sign-in/services.ts');
      const sealed = await passkeyChallenges(testKeys, clock).mint({ id, challenge });
      const credential = authenticator.get({ challenge, rpId: 'localhost' });
      const begin = async () => {
        const driver = new CognitoDriver(services, user);
        const context = await contextFor(services, user);
        await driver.start();
        return driver.answer(
          JSON.stringify({ context, passkey: { credential, challenge: sealed } }),
          withContext(context),
        );
      };
      expect(await begin()).toMatchObject({ ...at2, claims: { 'vestibule:methods': ['passkey'] } });
      expect(await begin()).toEqual({ state: 'failed' });
    });

    it('signs in by address and then the passkey', async () => {
      const { factors, passwordless, driver } = open();
      const authenticator = await factors.passkey();
      const { begun, context } = await passwordless('passkey');
      const answer = JSON.stringify({ credential: authenticator.get(options(begun)) });
      expect(await driver.answer(answer, withContext(context))).toMatchObject(at2);
    });
  });

  describe('an SMS', () => {
    it('goes to the enrolled phone', async () => {
      const { factors, challenged, driver, texts } = open();
      const number = await factors.phone();
      const { begun, context } = await challenged();
      expect(challengeOf(begun)).toMatchObject({ step: 'sms-code', destination: '***78', codeLength: '8' });
      expect(texts).toMatchObject([
        { to: number, country: 'DE', kind: 'sign-in-code', address: expect.any(String) },
      ]);
      expect(await driver.answer(codeIn(texts[0]?.text), context)).toMatchObject(at2);
    });

    it('proves nothing once its number was replaced', async () => {
      const { factors, challenged, driver, texts, clock } = open();
      await factors.phone();
      const { context } = await challenged();
      clock.advance(1_000);
      await factors.phone({ number: '+4915187654321', enrolledAt: new Date(clock.now()).toISOString() });
      expect(await driver.answer(codeIn(texts[0]?.text), context)).toMatchObject({ state: 'challenge' });
    });

    it('that is refused leaves the other methods', async () => {
      const { factors, challenged, driver, clock } = open({ sms: noSms });
      await factors.phone();
      const code = await factors.totp();
      const { begun, context } = await challenged('sms-code');
      expect(challengeOf(begun).step).toBe('sms-code');
      expect(methodsOf(begun)).toEqual(['totp']);
      expect(challengeOf(await driver.answer('{"method":"totp"}', context)).step).toBe('totp');
      expect(methodsOf(await driver.answer('{"method":"sms-code"}', context))).toEqual(['totp']);
      expect(await driver.answer(code(clock.now()), context)).toMatchObject(at2);
    });
  });

  describe('a link', () => {
    it('signs in without a password, at the first level', async () => {
      const { passwordless, driver, mails } = open();
      const { begun, context } = await passwordless('magic-link');
      expect(challengeOf(begun)).toMatchObject({ step: 'magic-link', destination: 'u***@e***.com' });
      const link = linkIn(mails.at(-1)?.text);
      expect(await driver.answer(JSON.stringify({ link }), withContext(context))).toMatchObject({
        state: 'tokens',
        claims: { 'vestibule:aal': 1, 'vestibule:methods': ['magic-link'] },
      });
    });

    it('is nothing in another sign-in, for somebody else or another client, and nothing the second time', async () => {
      const { passwordless, services, user, driver, mails } = open();
      const { context } = await passwordless('magic-link');
      const answer = JSON.stringify({ link: linkIn(mails.at(-1)?.text) });
      const other = new CognitoDriver(services, user);
      await passwordless('magic-link', other);
      expect(await other.verifyOnly(answer)).toBe(false);
      for (const thief of [
        new CognitoDriver(services, testUser()),
        new CognitoDriver(services, user, { client: 'other' }),
      ]) {
        Object.assign(thief, { pending: Reflect.get(driver, 'pending') });
        expect(await thief.verifyOnly(answer)).toBe(false);
      }
      expect(await driver.answer(answer, withContext(context))).toMatchObject({ state: 'tokens' });
      expect(await other.verifyOnly(answer)).toBe(false);
    });

    it('is too old after its time', async () => {
      const { passwordless, driver, mails, clock } = open();
      const { context } = await passwordless('magic-link');
      clock.advance(301_000);
      const answer = JSON.stringify({ link: linkIn(mails.at(-1)?.text) });
      expect(await driver.answer(answer, withContext(context))).toMatchObject({ state: 'challenge' });
    });
  });

  describe('without a password', () => {
    it('somebody unknown plays the same rounds, gets no mail and fails', async () => {
      const { services, mails } = open();
      const user = testUser({ exists: false });
      const driver = new CognitoDriver(services, user);
      const context = await contextFor(services, user);
      expect(await driver.start()).toMatchObject({ parameters: { step: 'begin' } });
      const asked = await driver.answer(
        JSON.stringify({ context, method: 'magic-link' }),
        withContext(context),
      );
      expect(challengeOf(asked)).toMatchObject({ step: 'magic-link', methods: '["passkey","magic-link"]' });
      expect(mails).toEqual([]);
      const answer = JSON.stringify({ link: 'l'.repeat(44) });
      for (let attempt = 0; attempt < 2; attempt += 1) {
        expect(await driver.answer(answer, withContext(context))).toMatchObject({ state: 'challenge' });
      }
      expect(await driver.answer(answer, withContext(context))).toEqual({ state: 'failed' });
    });

    it('a mailbox is no way around an enrolled factor, and the rounds do not say so', async () => {
      const { factors, passwordless, mails } = open();
      await factors.totp();
      const { begun } = await passwordless('magic-link');
      expect(challengeOf(begun)).toMatchObject({ step: 'magic-link', methods: '["passkey","magic-link"]' });
      expect(mails).toEqual([]);
    });

    it('an address that nobody proved gets no link, and the rounds do not say so', async () => {
      const { services, mails } = open();
      const user = testUser({ emailVerified: false });
      const driver = new CognitoDriver(services, user);
      const context = await contextFor(services, user);
      await driver.start();
      const asked = await driver.answer(
        JSON.stringify({ context, method: 'magic-link' }),
        withContext(context),
      );
      expect(challengeOf(asked)).toMatchObject({ step: 'magic-link', methods: '["passkey","magic-link"]' });
      expect(mails).toEqual([]);
    });

    it('nor around a factor that is enrolled while the mail is on its way', async () => {
      for (const kind of ['link', 'code'] as const) {
        const { factors, challenged, passwordless, driver, mails } = open();
        const { context } = kind === 'link' ? await passwordless('magic-link') : await challenged();
        await factors.totp();
        const text = mails.at(-1)?.text;
        const answer = kind === 'link' ? JSON.stringify({ link: linkIn(text) }) : codeIn(text);
        const given = typeof context === 'string' ? withContext(context) : context;
        expect(await driver.answer(answer, given)).toMatchObject({ state: 'challenge' });
      }
    });

    it.each([{ passwordless: [] }, { methods: { password: 'required' } }] satisfies AuthenticationConfig[])(
      'nothing is offered where the policy says %o',
      async (policy) => {
        const { passwordless } = open({}, policy);
        expect((await passwordless('passkey')).begun).toEqual({ state: 'failed' });
      },
    );

    it('is no way to what a policy keeps for after the password', async () => {
      const { passwordless, factors } = open();
      await factors.totp();
      expect(challengeOf((await passwordless('totp')).begun).step).toBe('passkey');
    });

    it('monitor mode lets nobody pass', async () => {
      const { passwordless } = open({}, undefined, { RISK_MODE: 'monitor' });
      expect(challengeOf((await passwordless('magic-link')).begun).step).toBe('magic-link');
    });
  });

  describe('the method policy', () => {
    it('bans a method, for its owners too', async () => {
      const { factors, challenged } = open({}, { methods: { totp: 'banned' } });
      await factors.totp();
      const { begun } = await challenged('totp');
      expect(methodsOf(begun)).toEqual(['email-code', 'magic-link']);
    });

    it('asks for a required method even on a known device', async () => {
      const { factors, services, user, challenged, driver, clock } = open(
        {},
        { methods: { totp: 'required' } },
      );
      const code = await factors.totp();
      const { context } = await challenged();
      await driver.answer(code(clock.now()), context);
      clock.advance(60_000);
      const again = withContext(await contextFor(services, user));
      expect(await new CognitoDriver(services, user).password(again)).toMatchObject({
        parameters: { step: 'begin' },
      });
    });

    it.each([
      { policy: { methods: { totp: 'required' } } },
      { policy: { profile: 'nist-aal2' } },
      { policy: { methods: { password: 'banned' } } },
    ] satisfies { policy: AuthenticationConfig }[])(
      'refuses who has nothing that $policy takes',
      async ({ policy }) => {
        const { challenged, driver, services, user } = open({}, policy);
        const context = withContext(await contextFor(services, user));
        expect(await driver.password(context)).toEqual({ state: 'failed' });
        expect((await challenged().catch(() => ({ begun: 'refused' }))).begun).not.toMatchObject({
          state: 'tokens',
        });
      },
    );

    it('reads no factors for a sign-in that is let pass', async () => {
      const { services, user, challenged, driver, mails, clock } = open();
      const { context } = await challenged('email-code');
      await driver.answer(codeIn(mails.at(-1)?.text), context);
      clock.advance(60_000);
      const factors = { ...services.factors, list: async () => Promise.reject(new Error('read')) };
      const known = withContext(await contextFor(services, user));
      expect(await new CognitoDriver({ ...services, factors }, user).password(known)).toMatchObject({
        state: 'tokens',
      });
    });
  });

  describe('a demand for level 2', () => {
    it('is a challenge on a known device, by a method that reaches it', async () => {
      const { factors, services, user, driver, clock } = open();
      const code = await factors.totp();
      const context = withContext(await contextFor(services, user, { level: 2 }));
      await driver.password(context);
      expect(methodsOf(await driver.answer('{"method":"email-code"}', context))).toEqual(['totp']);
      expect(await driver.answer(code(clock.now()), context)).toMatchObject(at2);
    });

    it('refuses who has no such method', async () => {
      const { services, user, driver } = open();
      const context = withContext(await contextFor(services, user, { level: 2 }));
      expect(await driver.password(context)).toEqual({ state: 'failed' });
    });
  });

  describe('a step-up', () => {
    const stepUp = { audience: 'step-up', session: 'session-1' } as const;

    it('with the password alone is proven and has no tokens', async () => {
      const { services, user, driver } = open();
      const id = services.random.id();
      const context = withContext(await contextFor(services, user, { ...stepUp, id }));
      expect(await driver.password(context)).toEqual({ state: 'failed' });
      expect(await services.flows.find(id, { consistent: true })).toMatchObject({
        state: 'proven',
        stepUp: 'session-1',
        proven: ['password'],
      });
    });

    it('with a method alone is proven and has no tokens', async () => {
      const { factors, services, user, driver, clock } = open();
      const code = await factors.totp();
      const id = services.random.id();
      const context = await contextFor(services, user, { ...stepUp, id, by: 'sub' });
      await driver.start();
      const begun = await driver.answer(JSON.stringify({ context, method: 'totp' }), withContext(context));
      expect(challengeOf(begun).step).toBe('totp');
      expect(await driver.answer(code(clock.now()), withContext(context))).toEqual({ state: 'failed' });
      expect(await services.flows.find(id, { consistent: true })).toMatchObject({
        state: 'proven',
        stepUp: 'session-1',
        proven: ['totp'],
      });
    });

    it.each(['enforce', 'monitor'])(
      'with a password that the policy bans proves nothing (%s)',
      async (RISK_MODE) => {
        const { services, user, driver } = open({}, { methods: { password: 'banned' } }, { RISK_MODE });
        const id = services.random.id();
        const context = withContext(await contextFor(services, user, { ...stepUp, id }));
        expect(await driver.password(context)).toEqual({ state: 'failed' });
        expect(await services.flows.find(id, { consistent: true })).toMatchObject({ state: 'denied' });
      },
    );

    it('by mail is offered only to who has nothing better', async () => {
      const { factors, services, user, driver } = open();
      const context = await contextFor(services, user, stepUp);
      await driver.start();
      const begun = await driver.answer(
        JSON.stringify({ context, method: 'email-code' }),
        withContext(context),
      );
      expect(challengeOf(begun).step).toBe('email-code');
      await factors.totp();
      const second = await contextFor(services, user, stepUp);
      await driver.start();
      const asked = await driver.answer(
        JSON.stringify({ context: second, method: 'email-code' }),
        withContext(second),
      );
      expect(challengeOf(asked).step).toBe('totp');
    });
  });

  describe('changes of method', () => {
    it('make the code before worthless and are limited', async () => {
      const { factors, challenged, driver, texts } = open();
      await factors.phone();
      await factors.totp();
      const { context } = await challenged('sms-code');
      const old = codeIn(texts[0]?.text);
      await driver.answer('{"method":"totp"}', context);
      await driver.answer('{"method":"sms-code"}', context);
      expect(texts).toHaveLength(2);
      if (old !== codeIn(texts[1]?.text)) {
        expect(await driver.answer(old, context)).toMatchObject({ state: 'challenge' });
      }
      await driver.answer('{"method":"totp"}', context);
      await driver.answer('{"method":"sms-code"}', context);
      expect(challengeOf(await driver.answer('{"method":"totp"}', context)).step).toBe('sms-code');
    });

    it('to a method that the decision does not accept change nothing', async () => {
      const { factors, challenged, driver, mails } = open();
      await factors.totp();
      const { context } = await challenged();
      expect(challengeOf(await driver.answer('{"method":"email-code"}', context)).step).toBe('totp');
      expect(mails).toEqual([]);
    });
  });

  describe('mails with codes', () => {
    it('have a budget per account over all sign-ins, apart for those without a password', async () => {
      const opened = open({}, undefined, { CODE_MAILS_PER_ACCOUNT_PER_HOUR: '3' });
      for (let index = 0; index < 4; index += 1) {
        const driver = new CognitoDriver(opened.services, opened.user);
        const context = withContext(await contextFor(opened.services, opened.user));
        await driver.password(context);
        const begun = await driver.answer('{"method":"email-code"}', context);
        expect(methodsOf(begun)).toEqual(index < 3 ? ['email-code', 'magic-link'] : ['magic-link']);
      }
      expect(opened.mails).toHaveLength(3);
      await opened.passwordless('magic-link');
      expect(opened.mails).toHaveLength(4);
    });
  });

  describe('a password of an administrator', () => {
    it('has to be replaced before anything is decided', async () => {
      const { services, mails } = open();
      const user = testUser();
      const driver = new CognitoDriver(services, { ...user, status: 'FORCE_CHANGE_PASSWORD' });
      const context = withContext(await contextFor(services, user));
      const { session } = await driver.passwordOnly();
      expect(await driver.defineWith(session, context)).toMatchObject({
        challengeName: 'NEW_PASSWORD_REQUIRED',
        issueTokens: false,
      });
      const renewed = [...session, { challengeName: 'NEW_PASSWORD_REQUIRED', challengeResult: true }];
      expect(await driver.defineWith(renewed, context)).toMatchObject({ failAuthentication: true });
      const now = new CognitoDriver(services, user);
      expect(await now.defineWith(renewed, context)).toMatchObject({
        challengeName: 'CUSTOM_CHALLENGE',
        issueTokens: false,
      });
      expect(mails).toEqual([]);
    });
  });
});
