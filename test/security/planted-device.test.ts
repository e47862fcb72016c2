import { describe, expect, it } from 'vitest';
import type { AccountKey } from '../../lambdas/core/challenge/flow.ts';
import { onEachEngine } from '../support/engines.ts';
import {
  CognitoDriver,
  codeIn,
  contextFor,
  type Place,
  testUser,
  withContext,
} from '../support/sign-in/driver.ts';
import { testPseudonyms, testSignIn } from '../support/sign-in/services.ts';

// security.md: "Session fixation". Whoever puts a device token of their own into somebody's browser must not be known
// as that person's device afterwards.

onEachEngine((under) => {
  const open = async () => {
    const { services, mails } = testSignIn(under.tables.client);
    return { services, mails, user: testUser() };
  };
  const devices = async ({ services, user }: Awaited<ReturnType<typeof open>>) =>
    Object.keys((await services.histories.find(user.sub as AccountKey, { consistent: true })).devices);
  const signIn = async ({ services, user, mails }: Awaited<ReturnType<typeof open>>, place: Place) => {
    const context = withContext(await contextFor(services, user, place));
    const driver = new CognitoDriver(services, user);
    const step = await driver.password(context);
    if (step.state === 'tokens') return 'allowed';
    await driver.answer(
      JSON.stringify({ context: context.vestibule_context, method: 'email-code' }),
      context,
    );
    return (await driver.answer(codeIn(mails.at(-1)?.text), context)).state;
  };
  const pseudonym = (token: string) => testPseudonyms.of('device', token);

  describe('a device token that was in the browser before', () => {
    it('is never known after the challenge: another one takes its place', async () => {
      const one = await open();
      await signIn(one, { device: 'planted', nextDevice: 'minted' });
      expect(await devices(one)).toEqual([await pseudonym('minted')]);
      expect(await signIn(one, { device: 'planted', nextDevice: 'minted-2' })).not.toBe('allowed');
      expect(await devices(one)).not.toContain(await pseudonym('planted'));
    });

    it('teaches nothing where no next one was minted', async () => {
      const one = await open();
      const context = { device: 'planted', nextDevice: '' };
      await signIn(one, context);
      expect(await devices(one)).not.toContain(await pseudonym('planted'));
    });

    it('gives way when a known device is challenged again', async () => {
      const one = await open();
      await signIn(one, { device: 'first' });
      expect(await devices(one)).toEqual([await pseudonym('first')]);
      expect(await signIn(one, { device: 'first', nextDevice: 'unused' })).toBe('allowed');
      expect(await devices(one)).toEqual([await pseudonym('first')]);
    });
  });
});
