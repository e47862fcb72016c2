import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { dynamoFactorUse, factorItem } from '../../lambdas/adapters/factors.ts';
import { type FactorUse, noFactors } from '../../lambdas/core/factor/factor.ts';
import type { Sub } from '../../lambdas/core/ids.ts';
import { aSub, iso, NOW } from '../support/account.ts';
import { onEachEngine } from '../support/engines.ts';
import { aPasskey, aPhone, aTotp } from '../support/factors.ts';

onEachEngine((under) => {
  let factors: FactorUse;
  beforeAll(() => {
    factors = dynamoFactorUse(under.tables.client, under.tables.names.profiles);
  });

  const store = async (sub: Sub, item: string, factor: object) => {
    const Item = marshall({ sub, item, ...factor });
    await under.tables.client.send(new PutItemCommand({ TableName: under.tables.names.profiles, Item }));
  };
  const wins = async (attempts: readonly Promise<boolean>[]) =>
    (await Promise.all(attempts)).filter(Boolean).length;
  const many = (attempt: () => Promise<boolean>) => Array.from({ length: under.racers(20) }, attempt);

  describe('FactorUse', () => {
    it('lists what is enrolled, and nothing of what else is kept about the person', async () => {
      const [sub, passkeys] = [aSub(), [aPasskey(), aPasskey()]];
      await store(sub, 'profile', { version: 1 });
      await store(sub, 'session#1', { kind: 'totp' });
      await store(sub, factorItem.totp, aTotp());
      await store(sub, factorItem.phone, aPhone());
      for (const passkey of passkeys) await store(sub, factorItem.passkey(passkey.id), passkey);
      const codes = { kind: 'recovery-codes', salt: 'salt', createdAt: iso(NOW) };
      await store(sub, factorItem.recoveryCodes, { ...codes, hashes: new Set(['one', 'two']) });
      const { passkeys: found, ...others } = await factors.list(sub);
      expect(found).toHaveLength(2);
      expect(found).toEqual(expect.arrayContaining(passkeys));
      expect(others).toEqual({
        totp: aTotp(),
        phone: aPhone(),
        recoveryCodes: { ...codes, hashes: expect.arrayContaining(['one', 'two']) },
      });
    });

    it('lists nothing for a stranger, and makes nothing by using what is not there', async () => {
      const sub = aSub();
      expect(await factors.spendTotpStep(sub, 5, iso(NOW))).toBe(false);
      expect(await factors.usePasskey(sub, 'unknown', 1, iso(NOW))).toBe(false);
      expect(await factors.spendRecoveryCode(sub, 'one')).toBe(false);
      await factors.usePhone(sub, iso(NOW));
      expect(await factors.list(sub)).toEqual(noFactors);
    });

    it('accepts a time step once, however many answer at once, and no older one after it', async () => {
      const sub = aSub();
      await store(sub, factorItem.totp, aTotp({ lastStep: 10 }));
      expect(await wins(many(() => factors.spendTotpStep(sub, 12, iso(NOW))))).toBe(1);
      expect(await factors.spendTotpStep(sub, 11, iso(NOW))).toBe(false);
      expect(await factors.spendTotpStep(sub, 13, iso(NOW))).toBe(true);
      expect((await factors.list(sub)).totp).toMatchObject({ lastStep: 13, lastUsedAt: iso(NOW) });
    });

    it('takes a counter only when it rose', async () => {
      const [sub, passkey] = [aSub(), aPasskey({ counter: 7 })];
      await store(sub, factorItem.passkey(passkey.id), passkey);
      expect(await wins(many(() => factors.usePasskey(sub, passkey.id, 8, iso(NOW))))).toBe(1);
      for (const counter of [7, 8, 0]) {
        expect(await factors.usePasskey(sub, passkey.id, counter, iso(NOW))).toBe(false);
      }
      expect((await factors.list(sub)).passkeys).toEqual([{ ...passkey, counter: 8, lastUsedAt: iso(NOW) }]);
    });

    it('lets an authenticator without counter say 0 again and again', async () => {
      const [sub, passkey] = [aSub(), aPasskey({ counter: 0 })];
      await store(sub, factorItem.passkey(passkey.id), passkey);
      expect(await factors.usePasskey(sub, passkey.id, 0, iso(NOW))).toBe(true);
      expect(await factors.usePasskey(sub, passkey.id, 0, iso(NOW))).toBe(true);
    });

    it('takes each recovery code out once, down to none', async () => {
      const sub = aSub();
      const codes = { kind: 'recovery-codes', salt: 'salt', createdAt: iso(NOW) };
      await store(sub, factorItem.recoveryCodes, { ...codes, hashes: new Set(['one', 'two']) });
      expect(await wins(many(() => factors.spendRecoveryCode(sub, 'one')))).toBe(1);
      expect((await factors.list(sub)).recoveryCodes?.hashes).toEqual(['two']);
      expect(await factors.spendRecoveryCode(sub, 'two')).toBe(true);
      expect(await factors.spendRecoveryCode(sub, 'two')).toBe(false);
      expect((await factors.list(sub)).recoveryCodes).toEqual({ ...codes, hashes: [] });
    });

    it('notes when the phone was used', async () => {
      const sub = aSub();
      await store(sub, factorItem.phone, aPhone());
      await factors.usePhone(sub, iso(NOW));
      expect((await factors.list(sub)).phone).toEqual(aPhone({ lastUsedAt: iso(NOW) }));
    });

    it('keeps two people apart', async () => {
      const [sub, other] = [aSub(), aSub()];
      await store(sub, factorItem.totp, aTotp());
      expect(await factors.list(other)).toEqual(noFactors);
      expect(await factors.spendTotpStep(other, 99, iso(NOW))).toBe(false);
    });
  });
});
