import { beforeEach, describe, expect, it } from 'vitest';
import type { Sub } from '../../lambdas/core/ids.ts';
import { joinIdentity, removeLink } from '../../lambdas/core/linking/join.ts';
import { onEachEngine } from '../support/engines.ts';
import { federationWorld } from '../support/federation.ts';

onEachEngine((under) => {
  let world: ReturnType<typeof federationWorld>;
  let people = 0;
  beforeEach(() => {
    world = federationWorld(under.tables);
  });
  const aSub = () => `00000000-0000-4000-8000-${String(++people).padStart(12, '0')}` as Sub;
  const aVisit = (
    email: string,
    changes: { provider?: string; verified?: unknown; subject?: string } = {},
  ) => ({
    provider: changes.provider ?? 'Acme',
    subject: changes.subject ?? `Id-${++people}`,
    claims: { email, email_verified: changes.verified ?? true },
  });
  const anAddress = () => `person${++people}@harbour.example`;
  const aRegistered = async () => {
    const [sub, email] = [aSub(), anAddress()];
    await world.register(sub, email);
    return { sub, email };
  };
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(() => 'fine').catch((error: { code?: string }) => error.code ?? error);
  const typesOf = async (sub: Sub) =>
    (await world.events(sub)).map(({ type, reasons }) => [type, ...reasons].join(' ')).sort();

  describe('the first sign-in of a provider account', () => {
    it('makes the address its own where the provider is trusted and calls it verified', async () => {
      const [sub, email] = [aSub(), anAddress()];
      await world.arrive(sub, aVisit(email));
      expect(await world.ownerOfAddress(email)).toBe(sub);
      expect(await world.links.links.list(sub)).toMatchObject([{ primary: true }]);
      expect(await typesOf(sub)).toEqual(['registration.confirmed']);
    });

    it.each([
      { given: 'a provider that is not trusted', changes: { provider: 'Loose' } },
      { given: 'an address that is not verified', changes: { verified: false } },
      { given: 'a provider that does not say', changes: { verified: 'perhaps' } },
    ])('makes an account without an address for $given', async ({ changes }) => {
      const [sub, email] = [aSub(), anAddress()];
      await world.arrive(sub, aVisit(email, changes));
      expect(await world.ownerOfAddress(email)).toBeUndefined();
      expect(await world.links.links.list(sub)).toHaveLength(1);
    });

    it('changes nothing when its triggers come again', async () => {
      const [sub, email] = [aSub(), anAddress()];
      const visit = aVisit(email);
      await world.arrive(sub, visit);
      const attributes = await world.inbound(visit);
      await world.confirm(sub, `acme_${visit.subject.toLowerCase()}`, {
        ...attributes,
        'cognito:user_status': 'EXTERNAL_PROVIDER',
      });
      expect(await typesOf(sub)).toEqual(['registration.confirmed']);
    });

    it('leaves an address to the account that proved it a moment earlier', async () => {
      const email = anAddress();
      const [first, second] = [aSub(), aSub()];
      const visit = aVisit(email);
      const attributes = await world.inbound(visit);
      await world.admit(visit, attributes);
      await world.register(first, email);
      await world.confirm(second, `acme_${visit.subject.toLowerCase()}`, {
        ...attributes,
        'cognito:user_status': 'EXTERNAL_PROVIDER',
      });
      expect(await world.ownerOfAddress(email)).toBe(first);
      const [confirmed] = await world.events(second);
      expect(confirmed).toMatchObject({ type: 'registration.confirmed', data: { address: false } });
    });

    it('keeps its address from being registered with a password', async () => {
      const email = anAddress();
      await world.arrive(aSub(), aVisit(email));
      const signUp = {
        triggerSource: 'PreSignUp_SignUp',
        userName: aSub(),
        callerContext: { clientId: 'web' },
        request: { userAttributes: { email } },
        response: {},
      };
      expect(await codeOf(world.run(signUp))).toBe('ADDRESS_TAKEN');
    });
  });

  describe('linking', () => {
    it('joins with the code that the provider sign-in showed, as the provider writes the id', async () => {
      const { sub, email } = await aRegistered();
      const visit = aVisit(email, { subject: `CaseMatters-${++people}` });
      const code = await world.codeShownTo(visit);
      const link = await joinIdentity(world.links, world.owner(sub), ` ${code.toLowerCase()} `);
      expect(world.links.linkDirectory.ownerOf({ provider: 'Acme', subject: visit.subject })).toBe(sub);
      expect(await world.links.links.list(sub)).toEqual([link]);
      expect(await typesOf(sub)).toEqual([
        'link.added',
        'link.requested LINK_REQUIRED',
        'registration.confirmed',
      ]);
    });

    it('shows the same code, and writes one event, when the trigger is repeated', async () => {
      const { sub, email } = await aRegistered();
      const visit = aVisit(email);
      const codes = [await world.codeShownTo(visit), await world.codeShownTo(visit)];
      expect(codes[0]).toBe(codes[1]);
      expect((await typesOf(sub)).filter((type) => type.startsWith('link.requested'))).toHaveLength(1);
    });

    it('brings the address of the account from then on, whatever the provider says', async () => {
      const { sub, email } = await aRegistered();
      const visit = aVisit(email);
      await joinIdentity(world.links, world.owner(sub), await world.codeShownTo(visit));
      const edited = { ...visit, claims: { email: 'somebody.else@harbour.example', email_verified: true } };
      expect(await world.inbound(edited)).toEqual({ email, email_verified: 'true' });
    });

    it.each([0, 1, 2])('is undone completely, also when it is asked for %i times more', async (more) => {
      const { sub, email } = await aRegistered();
      const visit = aVisit(email);
      const link = await joinIdentity(world.links, world.owner(sub), await world.codeShownTo(visit));
      await removeLink(world.links, world.owner(sub), link.id);
      for (let again = 0; again < more; again += 1) {
        expect(await codeOf(removeLink(world.links, world.owner(sub), link.id))).toBe('LINK_UNKNOWN');
      }
      expect(world.links.linkDirectory.linked.size).toBe(0);
      expect(await world.links.links.list(sub)).toEqual([]);
      expect(await world.ownerOfAddress(email)).toBe(sub);
      world.time.now += 60_000;
      expect(await codeOf(world.codeShownTo(visit))).toBe('fine');
    });

    it('keeps the link in the list while the pool could not be told', async () => {
      const { sub, email } = await aRegistered();
      const link = await joinIdentity(world.links, world.owner(sub), await world.codeShownTo(aVisit(email)));
      world.links.linkDirectory.failing = true;
      await expect(removeLink(world.links, world.owner(sub), link.id)).rejects.toThrow('down');
      expect(await world.links.links.list(sub)).toEqual([link]);
    });

    it('goes on with the same code after the pool was down', async () => {
      const { sub, email } = await aRegistered();
      const code = await world.codeShownTo(aVisit(email));
      world.links.linkDirectory.failing = true;
      await expect(joinIdentity(world.links, world.owner(sub), code)).rejects.toThrow('down');
      world.links.linkDirectory.failing = false;
      await joinIdentity(world.links, world.owner(sub), code);
      expect((await typesOf(sub)).filter((type) => type === 'link.added')).toHaveLength(1);
    });

    it('takes nothing back that the pool refuses, and says so in an event', async () => {
      const { sub, email } = await aRegistered();
      const visit = aVisit(email);
      world.links.linkDirectory.grown.add(JSON.stringify({ provider: 'Acme', subject: visit.subject }));
      expect(await codeOf(joinIdentity(world.links, world.owner(sub), await world.codeShownTo(visit)))).toBe(
        'LINK_REJECTED',
      );
      expect(await world.links.links.list(sub)).toEqual([]);
      expect(await typesOf(sub)).toContain('link.refused POOL_REFUSED');
    });

    it('holds five and no more', async () => {
      const { sub, email } = await aRegistered();
      for (let count = 0; count < 5; count += 1) {
        await joinIdentity(world.links, world.owner(sub), await world.codeShownTo(aVisit(email)));
      }
      const code = await world.codeShownTo(aVisit(email));
      expect(await codeOf(joinIdentity(world.links, world.owner(sub), code))).toBe('FACTOR_LIMIT');
      expect(await world.links.links.list(sub)).toHaveLength(5);
    });

    it('never removes the one that the account came into being with', async () => {
      const sub = aSub();
      await world.arrive(sub, aVisit(anAddress()));
      const [primary] = await world.links.links.list(sub);
      expect(await codeOf(removeLink(world.links, world.owner(sub), primary?.id ?? ''))).toBe(
        'FACTOR_REQUIRED',
      );
    });
  });
});
