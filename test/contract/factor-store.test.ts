import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { dynamoAddressBook } from '../../lambdas/adapters/address-book.ts';
import { dynamoFactorStore } from '../../lambdas/adapters/factor-store.ts';
import { dynamoFactorUse } from '../../lambdas/adapters/factors.ts';
import { dynamoPendingChanges } from '../../lambdas/adapters/pending-changes.ts';
import { dynamoProfiles } from '../../lambdas/adapters/profiles.ts';
import { dynamoRiskCounters } from '../../lambdas/adapters/risk-counters.ts';
import type { AddressBook } from '../../lambdas/core/account/ports.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import { noFactors } from '../../lambdas/core/factor/factor.ts';
import type { FactorStore, PendingChange, PendingChanges } from '../../lambdas/core/factor/ports.ts';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import type { Pseudonym, Sub } from '../../lambdas/core/ids.ts';
import { aSub, iso, NOW } from '../support/account.ts';
import { anEvent } from '../support/audit.ts';
import { onEachEngine } from '../support/engines.ts';
import { aPasskey, aTotp } from '../support/factors.ts';

onEachEngine((under) => {
  let store: FactorStore;
  let pending: PendingChanges;
  let book: AddressBook;
  const clock = { now: () => NOW };
  const nowSeconds = Math.floor(NOW / 1000);
  beforeAll(() => {
    const { client, names } = under.tables;
    const audit = { name: names.audit, ttlDays: 90 };
    store = dynamoFactorStore(client, { profiles: names.profiles, risk: names.risk, audit });
    pending = dynamoPendingChanges(client, names.risk, dynamoRiskCounters(client, names.risk, clock));
    book = dynamoAddressBook(client, { profiles: names.profiles, risk: names.risk, audit });
  });

  async function eventsOf(sub: Sub): Promise<readonly AuditEvent['type'][]> {
    const { Items = [] } = await under.tables.client.send(
      new QueryCommand({
        TableName: under.tables.names.audit,
        KeyConditionExpression: 'subject = :sub',
        ExpressionAttributeValues: marshall({ ':sub': sub }),
      }),
    );
    return Items.map((item) => (JSON.parse(unmarshall(item).event as string) as AuditEvent).type);
  }
  const event = (sub: Sub, type: AuditEvent['type']) => anEvent({ subject: { sub }, type });
  const aChange = (changes: Partial<PendingChange> = {}): PendingChange => ({
    kind: 'totp',
    id: `change ${Math.random()}`,
    sealed: 'sealed',
    expiresAt: nowSeconds + 300,
    ...changes,
  });

  describe('FactorStore', () => {
    it('puts and removes factors under a version, each with its event', async () => {
      const [sub, passkey] = [aSub(), aPasskey()];
      expect(await store.read(sub)).toEqual({ factors: noFactors, version: 0 });
      const put = (expectedVersion: number) =>
        store.write({ sub, expectedVersion, put: passkey }, event(sub, 'factor.enrolled'));
      expect([await put(0), await put(0), await put(7)]).toEqual([true, false, false]);
      expect(await store.read(sub)).toEqual({ factors: { passkeys: [passkey] }, version: 1 });
      const remove = [{ kind: 'passkey', id: passkey.id } as const];
      expect(await store.write({ sub, expectedVersion: 1, remove }, event(sub, 'factor.removed'))).toBe(true);
      expect(await store.read(sub)).toEqual({ factors: noFactors, version: 2 });
      expect(await eventsOf(sub)).toHaveLength(2);
    });

    it('accepts one of many changes that were decided on the same version', async () => {
      const sub = aSub();
      const changes = Array.from({ length: under.racers(10) }, () =>
        store.write({ sub, expectedVersion: 0, put: aPasskey() }, event(sub, 'factor.enrolled')),
      );
      expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1);
      expect((await store.read(sub)).factors.passkeys).toHaveLength(1);
      expect(await eventsOf(sub)).toEqual(['factor.enrolled']);
    });

    it('stores recovery codes so that each can be spent once, and a new set voids the old one', async () => {
      const sub = aSub();
      const codes = (hashes: readonly string[]) =>
        ({ kind: 'recovery-codes', salt: 'salt', hashes, createdAt: iso(NOW) }) as const;
      await store.write(
        { sub, expectedVersion: 0, put: codes(['a', 'b']) },
        event(sub, 'recovery-codes.replaced'),
      );
      const use = dynamoFactorUse(under.tables.client, under.tables.names.profiles);
      expect([await use.spendRecoveryCode(sub, 'a'), await use.spendRecoveryCode(sub, 'a')]).toEqual([
        true,
        false,
      ]);
      await store.write(
        { sub, expectedVersion: 1, put: codes(['c']) },
        event(sub, 'recovery-codes.replaced'),
      );
      expect([await use.spendRecoveryCode(sub, 'b'), await use.spendRecoveryCode(sub, 'c')]).toEqual([
        false,
        true,
      ]);
    });

    it('renames a passkey that is there', async () => {
      const [sub, passkey] = [aSub(), aPasskey()];
      expect(await store.renamePasskey(sub, passkey.id, 'Desk', event(sub, 'factor.renamed'))).toBe(false);
      await store.write({ sub, expectedVersion: 0, put: passkey }, event(sub, 'factor.enrolled'));
      expect(await store.renamePasskey(sub, passkey.id, 'Desk', event(sub, 'factor.renamed'))).toBe(true);
      expect((await store.read(sub)).factors.passkeys).toEqual([{ ...passkey, name: 'Desk' }]);
      expect(await store.renamePasskey(aSub(), passkey.id, 'Mine', event(sub, 'factor.renamed'))).toBe(false);
    });

    it('ends a change under way with the change it leads to, and changes nothing without it', async () => {
      const [sub, change] = [aSub(), aChange()];
      const write = (expectedVersion: number) =>
        store.write({ sub, expectedVersion, put: aTotp(), completes: change }, event(sub, 'factor.enrolled'));
      expect(await write(0)).toBe(false);
      await pending.begin(sub, change);
      expect([await write(0), await write(1)]).toEqual([true, false]);
      expect(await pending.take(sub, 'totp', nowSeconds)).toBeUndefined();
      expect(await eventsOf(sub)).toEqual(['factor.enrolled']);
    });
  });

  describe('PendingChanges', () => {
    it('hands a change out once', async () => {
      const [sub, change] = [aSub(), aChange({ kind: 'passkey' })];
      await pending.begin(sub, change);
      const taken = await Promise.all(
        Array.from({ length: under.racers(20) }, () => pending.take(sub, 'passkey', nowSeconds)),
      );
      expect(taken.filter(Boolean)).toEqual([change]);
    });

    it('keeps the last one of each kind, for its person only', async () => {
      const [sub, first, second] = [aSub(), aChange(), aChange()];
      await pending.begin(sub, first);
      await pending.begin(sub, second);
      expect(await pending.take(aSub(), 'totp', nowSeconds)).toBeUndefined();
      expect(await pending.take(sub, 'phone', nowSeconds)).toBeUndefined();
      expect(await pending.take(sub, 'totp', nowSeconds)).toEqual(second);
    });

    it('counts answers before they are looked at, however many come at once', async () => {
      const [sub, change] = [aSub(), aChange({ codeHash: 'hash' })];
      await pending.begin(sub, change);
      const limits = { nowSeconds, maxAnswers: 5 };
      const claims = await Promise.all(
        Array.from({ length: under.engine === 'dynoxide' ? 100 : 8 }, () =>
          pending.claimAnswer(sub, 'totp', limits),
        ),
      );
      expect(claims.filter(Boolean)).toHaveLength(5);
      expect(await pending.claimAnswer(sub, 'totp', limits)).toBeUndefined();
    });

    it('forgets what has expired', async () => {
      const [sub, change] = [aSub(), aChange()];
      await pending.begin(sub, change);
      const late = change.expiresAt;
      expect(await pending.claimAnswer(sub, 'totp', { nowSeconds: late, maxAnswers: 5 })).toBeUndefined();
      expect(await pending.take(sub, 'totp', late)).toBeUndefined();
    });

    it('allows so many beginnings an hour', async () => {
      const sub = aSub();
      const begun = [];
      for (let count = 0; count < 4; count += 1) begun.push(await pending.claimBeginning(sub, 'phone', 3));
      expect(begun).toEqual([true, true, true, false]);
      expect(await pending.claimBeginning(sub, 'address', 3)).toBe(true);
    });
  });

  describe('AddressBook', () => {
    const at = (name: string) => ({
      address: `${name}@example.com` as Identifier,
      pseudonym: `${name}-${Math.random()}` as Pseudonym,
    });

    it('moves profile and claims, once, with the event', async () => {
      const sub = aSub();
      const [first, second] = [at('first'), at('second')];
      const change = aChange({ kind: 'address' });
      const changed = () => event(sub, 'address.changed');
      await pending.begin(sub, change);
      expect(await book.move({ sub, to: first, completes: change }, changed())).toBe(true);
      expect(await book.ownerOf(first.pseudonym)).toBe(sub);
      expect(await book.move({ sub, to: second, completes: change }, changed())).toBe(false);
      await pending.begin(sub, change);
      const move = { sub, from: first.pseudonym, to: second, completes: change };
      expect(await book.move(move, changed())).toBe(true);
      expect(await book.ownerOf(first.pseudonym)).toBeUndefined();
      expect(await book.ownerOf(second.pseudonym)).toBe(sub);
      const { client, names } = under.tables;
      const profiles = dynamoProfiles(client, names.profiles, { name: names.audit, ttlDays: 90 });
      expect(await profiles.find(sub)).toMatchObject({ email: second.address, version: 2 });
      expect(await eventsOf(sub)).toEqual(['address.changed', 'address.changed']);
    });

    it('leaves an address to the one who has it', async () => {
      const [sub, other, place] = [aSub(), aSub(), at('place')];
      const changes = [aChange({ kind: 'address' }), aChange({ kind: 'address' })] as const;
      await pending.begin(sub, changes[0]);
      await pending.begin(other, changes[1]);
      const move = (who: Sub, completes: PendingChange) =>
        book.move({ sub: who, to: place, completes }, event(who, 'address.changed'));
      expect([await move(sub, changes[0]), await move(other, changes[1])]).toEqual([true, false]);
      expect(await book.ownerOf(place.pseudonym)).toBe(sub);
      expect(await eventsOf(other)).toEqual([]);
    });
  });
});
