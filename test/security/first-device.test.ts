import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { TransactWriteItemsCommand } from '../../lambdas/adapters/dynamo.ts';
import { forgetProofs } from '../../lambdas/adapters/sign-in-history.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { AccountKey } from '../../lambdas/core/challenge/flow.ts';
import { onEachEngine } from '../support/engines.ts';
import { CognitoDriver, contextFor, type Place, testUser, withContext } from '../support/sign-in/driver.ts';
import { type From, testRegistration } from '../support/sign-in/registering.ts';
import { testPseudonyms, testSignIn } from '../support/sign-in/services.ts';

// docs/registration.md, "The first device": who registers and types the mailed code in one browser is known there, and
// nobody else is known anywhere.

onEachEngine((under) => {
  const open = () => {
    const signIns = testSignIn(under.tables.client);
    return { ...signIns, ...testRegistration(under.tables, signIns), user: testUser() };
  };
  type Opened = ReturnType<typeof open>;
  const history = ({ services, user }: Opened) =>
    services.histories.find(user.sub as AccountKey, { consistent: true });
  const signIn = async ({ services, user }: Opened, place: Place) => {
    const context = withContext(await contextFor(services, user, place));
    return (await new CognitoDriver(services, user).password(context)).state;
  };
  const eventsOf = async ({ user }: Opened): Promise<AuditEvent[]> => {
    const { Items = [] } = await under.tables.client.send(
      new QueryCommand({
        TableName: 'audit',
        KeyConditionExpression: 'subject = :subject',
        ExpressionAttributeValues: marshall({ ':subject': user.sub }),
      }),
    );
    return Items.map((item) => JSON.parse(unmarshall(item).event as string) as AuditEvent);
  };
  const device = (token: string) => testPseudonyms.of('device', token);
  const sameBrowser: From = { device: 'brought', nextDevice: 'minted' };

  describe('who registers and confirms on one device', () => {
    it('signs in from there without a challenge, and from elsewhere with one', async () => {
      const one = open();
      await one.registers(one.user, 'brought');
      await one.confirms(one.user, sameBrowser);
      const seconds = Math.floor(one.clock.now() / 1000);
      expect(await history(one)).toEqual({
        devices: { [await device('minted')]: seconds },
        networks: { [await testPseudonyms.of('network', 'home')]: seconds },
        lastProofAt: one.clock.now(),
      });
      expect(await signIn(one, { device: 'other' })).toBe('challenge');
      expect(await signIn(one, { device: 'minted', nextDevice: 'unused' })).toBe('tokens');
      expect(Object.keys((await history(one)).devices)).toEqual([await device('minted')]);
    });

    it('has a first sign-in that says so, and no second one', async () => {
      const one = open();
      await one.registers(one.user, 'brought');
      await one.confirms(one.user, sameBrowser);
      const said: unknown[] = [];
      for (let visit = 0; visit < 2; visit += 1) {
        await signIn(one, { device: 'minted', nextDevice: 'unused' });
        const { Items = [] } = await under.tables.client.send(
          new QueryCommand({
            TableName: 'risk',
            KeyConditionExpression: 'subject = :subject',
            ExpressionAttributeValues: marshall({ ':subject': `ACCOUNT#${one.user.sub}` }),
          }),
        );
        const row = Items.map((item) => unmarshall(item)).find(({ kind }) => kind === 'HISTORY');
        said.push((JSON.parse(String(row?.event)) as AuditEvent).data);
      }
      expect(said).toMatchObject([{ newDevice: false, first: true }, { newDevice: false }]);
      expect(said[1]).not.toHaveProperty('first');
    });

    it('writes what became known into the event of the confirmation, in the same transaction', async () => {
      const one = open();
      await one.registers(one.user, 'brought');
      await one.confirms(one.user, sameBrowser);
      expect((await eventsOf(one)).map(({ type, data }) => [type, data?.deviceId])).toEqual([
        ['registration.confirmed', await device('minted')],
      ]);
    });
  });

  describe('a token that somebody may know', () => {
    it('is never known: only the one that the answer sets', async () => {
      const one = open();
      await one.registers(one.user, 'brought');
      await one.confirms(one.user, sameBrowser);
      expect(await signIn(one, { device: 'brought', nextDevice: 'of-the-attacker' })).toBe('challenge');
    });

    it.each<{ why: string; from: From | undefined }>([
      {
        why: 'another device (a registration begun by an attacker)',
        from: { ...sameBrowser, device: 'victim' },
      },
      { why: 'no device', from: { nextDevice: 'minted' } },
      { why: 'a device for which nothing was minted', from: { device: 'brought' } },
      {
        why: 'an SDK, which shows no handle',
        from: { device: 'brought', nextDevice: 'brought', door: 'sdk' },
      },
      { why: 'nowhere', from: undefined },
    ])('teaches nothing when the code comes from $why', async ({ from }) => {
      const one = open();
      await one.registers(one.user, 'brought');
      await one.confirms(one.user, from);
      expect(await history(one)).toEqual({ devices: {}, networks: {} });
      for (const token of ['brought', 'minted', 'victim'])
        expect(await signIn(one, { device: token })).toBe('challenge');
    });

    it('teaches nothing by a context that is forged, of somebody else, or made to sign in', async () => {
      const one = open();
      await one.registers(one.user, 'brought');
      const contexts = [
        `${(await one.contextOf(one.user, sameBrowser)).slice(0, -3)}AAA`,
        await one.contextOf(testUser(), sameBrowser),
        await contextFor(one.services, one.user, { device: 'brought' }),
      ];
      for (const context of contexts) await one.confirmsWith(one.user, context);
      expect((await history(one)).devices).toEqual({});
    });

    it('teaches nothing where the policy takes no mailed code', async () => {
      const one = open();
      await one.registers(one.user, 'brought');
      await one.confirms(one.user, sameBrowser, {});
      expect((await history(one)).devices).toEqual({});
    });
  });

  describe('a sign-up through an SDK', () => {
    const app: From = { device: 'app', nextDevice: 'app', door: 'sdk' };

    it('is treated alike when its confirmation has a context of the same device', async () => {
      const one = open();
      await one.signsUp(one.user, app);
      await one.confirms(one.user, app);
      expect(await signIn(one, { device: 'app' })).toBe('tokens');
    });

    it.each<{ why: string; signUp?: From; from?: From }>([
      { why: 'the confirmation has no context', signUp: app },
      { why: 'the sign-up had none', from: app },
      {
        why: 'the code comes from another device',
        signUp: app,
        from: { ...app, device: 'b', nextDevice: 'b' },
      },
      { why: 'the token came in a cookie', signUp: app, from: { device: 'app', door: 'sdk' } },
      { why: 'our API shows a context without a registration of its own', signUp: app, from: sameBrowser },
    ])('is unchanged when $why', async ({ signUp, from }) => {
      const one = open();
      if (signUp) await one.signsUp(one.user, signUp);
      await one.confirms(one.user, from);
      expect((await history(one)).devices).toEqual({});
      expect(await signIn(one, { device: 'app' })).toBe('challenge');
    });

    it('says nothing about another account of the same device, nor two days later', async () => {
      const [one, other] = [open(), open()];
      await one.signsUp(one.user, app);
      await other.confirms(other.user, app);
      expect((await history(other)).devices).toEqual({});
      one.clock.advance(48 * 3_600_000);
      await one.confirms(one.user, app);
      expect((await history(one)).devices).toEqual({});
    });
  });

  describe('a trigger that is repeated', () => {
    it.each([2, 3])('changes nothing when it comes %d times, at once or later', async (times) => {
      const one = open();
      await one.registers(one.user, 'brought');
      const context = await one.contextOf(one.user, sameBrowser);
      const deliver = () => one.confirmsWith(one.user, context);
      await Promise.all(Array.from({ length: times }, deliver));
      const first = await history(one);
      expect(Object.keys(first.devices)).toEqual([await device('minted')]);
      expect(await signIn(one, { device: 'minted', nextDevice: 'unused' })).toBe('tokens');
      const before = await history(one);
      await deliver();
      expect(await history(one)).toEqual(before);
      expect((await eventsOf(one)).filter(({ type }) => type === 'registration.confirmed')).toHaveLength(1);
    });

    it('makes nothing known that a lock or a reset has forgotten before, and says so', async () => {
      const one = open();
      await one.registers(one.user, 'brought');
      await under.tables.client.send(
        new TransactWriteItemsCommand({
          TransactItems: [forgetProofs('risk', one.user.sub, one.clock.now())],
        }),
      );
      await one.confirms(one.user, sameBrowser);
      expect(await history(one)).toMatchObject({ devices: {}, networks: {}, resetAt: one.clock.now() });
      const [confirmed] = await eventsOf(one);
      expect(confirmed?.type).toBe('registration.confirmed');
      expect(confirmed?.data).not.toHaveProperty('deviceId');
    });

    it('ends in a challenge when the write is lost: profile and history are written together or not at all', async () => {
      const one = open();
      await one.registers(one.user, 'brought');
      const lost = { complete: async () => Promise.reject(new Error('lost')) };
      Object.assign(one.ports, { registrations: lost });
      await expect(one.confirms(one.user, sameBrowser)).rejects.toThrow('lost');
      expect(await history(one)).toEqual({ devices: {}, networks: {} });
      expect(await signIn(one, { device: 'minted' })).toBe('challenge');
    });
  });
});
