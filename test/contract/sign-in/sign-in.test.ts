import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../lambdas/core/audit/event.ts';
import { onEachEngine } from '../../support/engines.ts';
import { riskRow } from '../../support/risk-table.ts';
import { CognitoDriver, codeIn, contextFor, testUser, withContext } from '../../support/sign-in/driver.ts';
import { type TestSignIn, testSignIn } from '../../support/sign-in/services.ts';

onEachEngine((under) => {
  const open = (env?: Record<string, string>) => testSignIn(under.tables.client, env);

  /** Signs in from a new device, passing the challenge. */
  async function learnDevice({ services, mails }: TestSignIn, user = testUser(), deliveries = 1) {
    const driver = new CognitoDriver(services, user, { deliveries });
    const context = withContext(await contextFor(services, user));
    await driver.password(context);
    await driver.answer('{"method":"email-code"}', context);
    const outcome = await driver.answer(codeIn(mails.at(-1)?.text), context);
    return { user, driver, outcome };
  }

  const row = (subject: string, kind: string) => riskRow(under.tables.client, 'risk', subject, kind);
  const lastEvent = async (sub: string) =>
    JSON.parse(String((await row(`ACCOUNT#${sub}`, 'HISTORY'))?.event ?? 'null')) as AuditEvent | null;

  describe('a sign-in', () => {
    it('is challenged on a new device and says in the token what was proven', async () => {
      const opened = open();
      const { outcome, user } = await learnDevice(opened);
      expect(outcome).toMatchObject({
        state: 'tokens',
        claims: {
          'vestibule:aal': 1,
          'vestibule:methods': ['password', 'email-code'],
          'vestibule:tier': 'basic',
        },
      });
      expect(opened.mails).toHaveLength(1);
      expect(opened.mails[0]).toMatchObject({ to: user.email, kind: 'sign-in-code' });
      expect(await lastEvent(user.sub)).toMatchObject({
        type: 'sign-in.succeeded',
        data: { newDevice: true },
        device: 'Firefox on Windows',
      });
    });

    it('needs no challenge from a known device, also in a new network', async () => {
      const opened = open();
      const { user } = await learnDevice(opened);
      for (const network of ['home', 'office']) {
        opened.clock.advance(1_000);
        const driver = new CognitoDriver(opened.services, user);
        const context = await contextFor(opened.services, user, { network });
        const outcome = await driver.password(withContext(context));
        expect(outcome).toMatchObject({ state: 'tokens', claims: { 'vestibule:methods': ['password'] } });
      }
      expect(opened.mails).toHaveLength(1);
      expect(await lastEvent(user.sub)).toMatchObject({ data: { newDevice: false } });
    });

    it.each([
      { given: 'no context', metadata: () => ({}) },
      { given: 'a forged context', metadata: () => withContext('e30.e30.AAAA') },
    ])('is challenged with $given', async ({ metadata }) => {
      const opened = open();
      const { user } = await learnDevice(opened);
      const driver = new CognitoDriver(opened.services, user);
      expect(await driver.password(metadata())).toMatchObject({ parameters: { step: 'begin' } });
      const asked = await driver.answer('{}');
      expect(asked).toMatchObject({ parameters: { step: 'email-code', codeLength: '8', resendsLeft: '2' } });
      const outcome = await driver.answer(codeIn(opened.mails.at(-1)?.text));
      expect(outcome).toMatchObject({ state: 'tokens' });
      expect(outcome).not.toHaveProperty('claims.vestibule:aal');
    });

    it('takes the context with the answer to begin', async () => {
      const opened = open();
      const { user } = await learnDevice(opened);
      const driver = new CognitoDriver(opened.services, user);
      await driver.password();
      const context = await contextFor(opened.services, user);
      const outcome = await driver.answer(JSON.stringify({ context }), withContext(context));
      expect(outcome).toMatchObject({ state: 'tokens', claims: { 'vestibule:methods': ['password'] } });
    });

    it('gives claims to a client that names its flow instead of a context', async () => {
      const opened = open();
      const driver = new CognitoDriver(opened.services, testUser());
      const begun = await driver.password();
      const flow = begun.state === 'challenge' ? (begun.parameters.flow ?? '') : '';
      await driver.answer('{}', { vestibule_flow: flow });
      const outcome = await driver.answer(codeIn(opened.mails.at(-1)?.text), { vestibule_flow: flow });
      expect(outcome).toMatchObject({ claims: { 'vestibule:flow': flow, 'vestibule:aal': 1 } });
    });

    it('fails after as many wrong codes as are allowed, and not before', async () => {
      const opened = open({ CODE_ATTEMPTS: '2' });
      const driver = new CognitoDriver(opened.services, testUser());
      await driver.password();
      await driver.answer('{}');
      expect(await driver.answer('00000000')).toMatchObject({ state: 'challenge' });
      expect(await driver.answer('00000001')).toEqual({ state: 'failed' });
      expect(opened.mails).toHaveLength(1);
    });

    it('sends another code on request and refuses the one before', async () => {
      const opened = open();
      const driver = new CognitoDriver(opened.services, testUser());
      await driver.password();
      await driver.answer('{}');
      const old = codeIn(opened.mails.at(-1)?.text);
      expect(await driver.answer('{"resend":true}')).toMatchObject({ parameters: { resendsLeft: '1' } });
      expect(opened.mails).toHaveLength(2);
      expect(await driver.answer(old)).toMatchObject({ state: 'challenge' });
      expect(await driver.answer(codeIn(opened.mails.at(-1)?.text))).toMatchObject({ state: 'tokens' });
    });

    it('sends no more codes than allowed', async () => {
      const opened = open({ CODE_RESENDS: '1' });
      const driver = new CognitoDriver(opened.services, testUser());
      await driver.password();
      await driver.answer('{}');
      await driver.answer('{"resend":true}');
      expect(await driver.answer('{"resend":true}')).toMatchObject({ parameters: { resendsLeft: '0' } });
      expect(opened.mails).toHaveLength(2);
    });

    it('refuses a code that is too old, and a proof that is too old asks again', async () => {
      const opened = open();
      const driver = new CognitoDriver(opened.services, testUser());
      await driver.password();
      await driver.answer('{}');
      opened.clock.advance(301_000);
      expect(await driver.answer(codeIn(opened.mails.at(-1)?.text))).toMatchObject({ state: 'challenge' });
    });

    it('asks a dormant account again, even from its device', async () => {
      const opened = open();
      const { user } = await learnDevice(opened);
      opened.clock.advance(91 * 86_400_000);
      const driver = new CognitoDriver(opened.services, user);
      const context = withContext(await contextFor(opened.services, user));
      expect(await driver.password(context)).toMatchObject({ state: 'challenge' });
    });

    it('lets pass in monitor mode what it would challenge, and records what it would have done', async () => {
      const opened = open({ RISK_MODE: 'monitor' });
      const user = testUser();
      const driver = new CognitoDriver(opened.services, user);
      const context = await contextFor(opened.services, user);
      const outcome = await driver.password(withContext(context));
      expect(outcome.state).toBe('tokens');
      const flow = outcome.state === 'tokens' ? String(outcome.claims['vestibule:flow']) : '';
      expect((await opened.services.flows.find(flow))?.record.decision).toMatchObject({
        outcome: 'allow',
        enforcedOutcome: 'challenge',
      });
      expect(await lastEvent(user.sub)).toMatchObject({
        type: 'sign-in.succeeded',
        reasons: expect.arrayContaining(['DEVICE_NEW']),
        data: { enforced: 'challenge' },
      });
    });

    it('is refused without a context where one is mandatory', async () => {
      const opened = open({ CONTEXT_MANDATORY: 'true' });
      const driver = new CognitoDriver(opened.services, testUser());
      await driver.password();
      expect(await driver.answer('{}')).toEqual({ state: 'failed' });
    });

    it('never succeeds without account, plays the same rounds and sends nothing', async () => {
      const opened = open();
      const driver = new CognitoDriver(opened.services, testUser({ exists: false }));
      expect(await driver.password()).toMatchObject({ parameters: { step: 'begin' } });
      expect(await driver.answer('{}')).toMatchObject({ parameters: { step: 'email-code' } });
      for (let attempt = 0; attempt < 2; attempt += 1) {
        expect(await driver.answer('12345678')).toMatchObject({ state: 'challenge' });
      }
      expect(await driver.answer('12345678')).toEqual({ state: 'failed' });
      expect(opened.mails).toEqual([]);
    });
  });

  describe('every trigger delivered again', () => {
    it.each([2, 3])('%i times: one mail, one count, one event, the same end', async (deliveries) => {
      const opened = open();
      const { outcome, user } = await learnDevice(opened, testUser(), deliveries);
      expect(outcome).toMatchObject({
        state: 'tokens',
        claims: { 'vestibule:methods': ['password', 'email-code'] },
      });
      expect(opened.mails).toHaveLength(1);
      expect(await row(`ACCOUNT#${user.sub}`, 'CODE#email-code')).toMatchObject({ count: 0 });
      const { id } = (await lastEvent(user.sub)) ?? {};
      opened.clock.advance(1_000);
      const driver = new CognitoDriver(opened.services, user, { deliveries });
      const again = await driver.password(withContext(await contextFor(opened.services, user)));
      expect(again).toMatchObject({ state: 'tokens', claims: { 'vestibule:methods': ['password'] } });
      expect((await lastEvent(user.sub))?.id).not.toBe(id);
    });

    it('writes one event of a known device whose context came with begin', async () => {
      const opened = open();
      const { user } = await learnDevice(opened);
      opened.clock.advance(1_000);
      const events = new Set<string>();
      const { touch, replace, ...others } = opened.services.histories;
      const histories: typeof opened.services.histories = {
        ...others,
        touch: async (account, given) => {
          const isWritten = await touch(account, given);
          if (isWritten) events.add(given.event.id);
          return isWritten;
        },
        replace: async (account, read, next, event) => {
          const isWritten = await replace(account, read, next, event);
          if (isWritten) events.add(event.id);
          return isWritten;
        },
      };
      const driver = new CognitoDriver({ ...opened.services, histories }, user, { deliveries: 3 });
      await driver.password();
      const context = await contextFor(opened.services, user);
      expect(await driver.answer(JSON.stringify({ context }), withContext(context))).toMatchObject({
        state: 'tokens',
      });
      expect(events.size).toBe(1);
    });

    it('counts a wrong code once', async () => {
      const opened = open();
      const user = testUser();
      const driver = new CognitoDriver(opened.services, user, { deliveries: 3 });
      await driver.password();
      await driver.answer('{}');
      await driver.answer('00000000');
      expect(await row(`ACCOUNT#${user.sub}`, 'CODE#email-code')).toMatchObject({ count: 1 });
    });
  });
});
