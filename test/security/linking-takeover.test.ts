import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sub } from '../../lambdas/core/ids.ts';
import { joinIdentity } from '../../lambdas/core/linking/join.ts';
import { federationWorld, type Visit } from '../support/federation.ts';
import { openTables, type TestTables } from '../support/tables.ts';

/**
 * Rows "Linking takeover" (Keycloak CVE-2025-7365, Socialstream CVE-2024-56329) and "Pre-hijacking" (Sudhodanan and
 * Paverd, 2022: five variants), against the functions that decide about it, on real tables.
 */
let tables: TestTables;
let world: ReturnType<typeof federationWorld>;
let people = 0;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());
beforeEach(() => {
  world = federationWorld(tables);
});

const aSub = () => `00000000-0000-4000-9000-${String(++people).padStart(12, '0')}` as Sub;
const anAddress = () => `victim${++people}@harbour.example`;
const aVisit = (email: string, provider: string, verified: unknown = true): Visit => ({
  provider,
  subject: `id-${++people}`,
  claims: { email, email_verified: verified },
});
const outcomeOf = (promise: Promise<unknown>) =>
  promise.then(() => 'let in').catch((error: { code?: string }) => error.code ?? String(error));
const victim = async () => {
  const [sub, email] = [aSub(), anAddress()];
  await world.register(sub, email);
  return { sub, email };
};
/** What the attacker's account came to: never the victim's, and with no say in the address. */
async function expectApart(attacker: Sub, victimSub: Sub | undefined, email: string) {
  expect(await world.ownerOfAddress(email)).toBe(victimSub);
  const links = await world.links.links.list(attacker);
  expect(links.every(({ primary }) => primary)).toBe(true);
  expect(world.links.linkDirectory.linked.size).toBe(0);
}

describe('linking takeover', () => {
  it.each([
    { trick: 'unverified', change: (email: string) => email, provider: 'Acme', verified: false },
    {
      trick: 'verified by a provider that is not trusted',
      change: (email: string) => email,
      provider: 'Loose',
      verified: true,
    },
    {
      trick: 'verified in words of another kind',
      change: (email: string) => email,
      provider: 'Acme',
      verified: 'yes',
    },
    {
      trick: 'verified by a list',
      change: (email: string) => email,
      provider: 'Acme',
      verified: ['true', 'true'],
    },
    {
      trick: 'unverified, in capitals',
      change: (email: string) => email.toUpperCase(),
      provider: 'Acme',
      verified: false,
    },
  ])('gives an address that is $trick an account apart', async ({ change, provider, verified }) => {
    const { sub, email } = await victim();
    const attacker = aSub();
    await world.arrive(attacker, aVisit(change(email), provider, verified));
    await expectApart(attacker, sub, email);
  });

  it.each([
    { trick: 'in capitals', change: (email: string) => email.toUpperCase() },
    { trick: 'with spaces around', change: (email: string) => ` ${email} ` },
  ])('asks for proof of the account for the address $trick', async ({ change }) => {
    const { email } = await victim();
    const attempt = aVisit(change(email), 'Acme');
    expect(await outcomeOf(world.inbound(attempt).then((said) => world.admit(attempt, said)))).toBe(
      'LINK_REQUIRED',
    );
  });

  it.each([
    { trick: 'a Kelvin sign', change: (email: string) => email.replace('victim', 'victi\u212A') },
    { trick: 'a Cyrillic letter', change: (email: string) => email.replace('i', '\u0456') },
    { trick: 'a second address', change: (email: string) => `${email},evil@attacker.example` },
    { trick: 'a line break', change: (email: string) => `${email}\r\nBcc: evil@attacker.example` },
    { trick: 'a display name', change: (email: string) => `Victim <${email}>` },
    { trick: 'nothing at all', change: () => '' },
  ])('refuses $trick', async ({ change }) => {
    const { email } = await victim();
    const attempt = aVisit(change(email), 'Acme');
    expect(await outcomeOf(world.inbound(attempt).then((said) => world.admit(attempt, said)))).toBe(
      'REQUEST_INVALID',
    );
  });

  it('does not believe a provider that says our own word for verified', async () => {
    const { sub, email } = await victim();
    const attacker = aSub();
    const claims = { email, email_verified: false, vestibule_email_verified: 'true' };
    await world.arrive(attacker, { provider: 'Acme', subject: `id-${++people}`, claims });
    await expectApart(attacker, sub, email);
  });

  it('is closed to a provider that the configuration does not know', async () => {
    const attempt = aVisit(anAddress(), 'Elsewhere');
    expect(await outcomeOf(world.inbound(attempt))).toBe('REGISTRATION_REFUSED');
    expect(await outcomeOf(world.admit(attempt, { email: anAddress(), email_verified: 'true' }))).toBe(
      'REGISTRATION_REFUSED',
    );
  });

  it('answers the same whether or not an unproven address has an account', async () => {
    const { email } = await victim();
    const outcomes = await Promise.all(
      [email, anAddress()].map(async (address) => {
        const attempt = aVisit(address, 'Loose');
        return outcomeOf(world.admit(attempt, await world.inbound(attempt)));
      }),
    );
    expect(outcomes).toEqual(['let in', 'let in']);
  });

  it('needs the code of the fresh sign-in at the provider, not only the session', async () => {
    const { sub, email } = await victim();
    await world.codeShownTo(aVisit(email, 'Acme'));
    expect(await outcomeOf(joinIdentity(world.links, world.owner(sub), '0000-0000'))).toBe('LINK_REJECTED');
    expect(world.links.linkDirectory.linked.size).toBe(0);
  });

  it('needs the session of the account, not only the code', async () => {
    const { email } = await victim();
    const code = await world.codeShownTo(aVisit(email, 'Acme'));
    const attacker = await victim();
    expect(await outcomeOf(joinIdentity(world.links, world.owner(attacker.sub), code))).toBe('LINK_REJECTED');
    expect(world.links.linkDirectory.linked.size).toBe(0);
  });

  it('takes a code once, for fifteen minutes, and only the newest', async () => {
    const { sub, email } = await victim();
    const join = (code: string) => outcomeOf(joinIdentity(world.links, world.owner(sub), code));
    const older = await world.codeShownTo(aVisit(email, 'Acme'));
    const newer = await world.codeShownTo(aVisit(email, 'Acme'));
    expect(await join(older)).toBe('LINK_REJECTED');
    expect(await join(newer)).toBe('let in');
    expect(await join(newer)).toBe('LINK_REJECTED');
    const late = await world.codeShownTo(aVisit(email, 'Acme'));
    world.time.now += 15 * 60_000;
    expect(await join(late)).toBe('LINK_REJECTED');
  });

  it('evaluates five codes of a hundred at once, the right one not among the rest', async () => {
    const { sub, email } = await victim();
    const code = await world.codeShownTo(aVisit(email, 'Acme'));
    const guesses = Array.from({ length: 99 }, (_, index) => String(index).padStart(8, '0'));
    const outcomes = await Promise.all(
      [...guesses, code].map((guess) => outcomeOf(joinIdentity(world.links, world.owner(sub), guess))),
    );
    expect(outcomes.filter((outcome) => outcome === 'let in').length).toBeLessThanOrEqual(1);
    expect(await outcomeOf(joinIdentity(world.links, world.owner(sub), code))).toBe('LINK_REJECTED');
  });

  it('does not link when the address has left the account in the meantime', async () => {
    const { sub, email } = await victim();
    const code = await world.codeShownTo(aVisit(email, 'Acme'));
    const moved = { ...world.links, claims: { find: async () => undefined } };
    expect(await outcomeOf(joinIdentity(moved, world.owner(sub), code))).toBe('LINK_REJECTED');
    expect((await world.events(sub)).flatMap(({ reasons }) => reasons)).toContain('ADDRESS_CHANGED');
  });
});

describe('pre-hijacking', () => {
  it('classic-federated merge: an account that somebody made with my address before is not mine, nor mine theirs', async () => {
    const email = anAddress();
    const attacker = aSub();
    await world.register(attacker, email); // even one whose mailed code they got hold of
    const mine = aVisit(email, 'Acme');
    expect(await outcomeOf(world.inbound(mine).then((said) => world.admit(mine, said)))).toBe(
      'LINK_REQUIRED',
    );
    await expectApart(attacker, attacker, email);
  });

  it('unconfirmed account: one that waits for my code holds nothing, and my sign-in is my own', async () => {
    const email = anAddress();
    const [attacker, me] = [aSub(), aSub()]; // the attacker's registration never got past the form
    await world.arrive(me, aVisit(email, 'Acme'));
    // Should its code ever be entered, it ends up without the address.
    await world.register(attacker, email);
    await expectApart(attacker, me, email);
  });

  it('trojan identifier: an identity that joined before needs my proof, and does not come along by its address', async () => {
    const { sub, email } = await victim();
    const trojan = aVisit(email, 'Acme', false);
    const attacker = aSub();
    await world.arrive(attacker, trojan);
    // The provider calls the address verified later: the account stays the attacker's own.
    const later = { ...trojan, claims: { email, email_verified: true } };
    expect(await world.inbound(later)).toEqual({ email, email_verified: 'false' });
    await expectApart(attacker, sub, email);
  });

  it('unexpired change: an edited address at a linked provider moves nothing', async () => {
    const { sub, email } = await victim();
    const linked = aVisit(email, 'Acme');
    await joinIdentity(world.links, world.owner(sub), await world.codeShownTo(linked));
    const other = await victim();
    const edited = { ...linked, claims: { email: other.email, email_verified: true } };
    expect(await world.inbound(edited)).toEqual({ email, email_verified: 'true' });
    expect(await world.ownerOfAddress(other.email)).toBe(other.sub);
  });

  it('another name: attributes that call themselves an id neither become somebody else nor get away from being oneself', async () => {
    const { sub, email } = await victim();
    const linked = aVisit(email, 'Acme');
    await joinIdentity(world.links, world.owner(sub), await world.codeShownTo(linked));
    const names = ['sub', 'id', 'user_id'];
    const calling = (nameId: string, id: string, address: string) =>
      world.assertion('Acme', nameId, {
        ...Object.fromEntries(names.map((name) => [name, id])),
        email: address,
        email_verified: 'true',
      });
    const own = anAddress();
    expect(await calling(`id-${++people}`, linked.subject, own)).toEqual({
      email: own,
      email_verified: 'true',
    });
    expect(await calling(linked.subject, 'nobody', own)).toEqual({ email, email_verified: 'true' });
  });

  it('borrowed proof: what one statement of a provider calls verified says nothing about the address of another', async () => {
    const { email } = await victim();
    const own = anAddress();
    const subject = `id-${++people}`;
    const said = (idToken: object, userInfo: object) =>
      world.statements('Acme', subject, {
        idToken: { sub: subject, ...idToken },
        userInfo: { sub: subject, ...userInfo },
      });
    expect(await said({ email: own, email_verified: true }, { email })).toEqual({
      email,
      email_verified: 'false',
    });
    expect(await said({ email: own, email_verified: true }, { email: own })).toEqual({
      email: own,
      email_verified: 'true',
    });
  });

  it('non-verifying provider: an account made through it gives nothing to whoever registers the address later', async () => {
    const email = anAddress();
    const [attacker, me] = [aSub(), aSub()];
    await world.arrive(attacker, aVisit(email, 'Loose'));
    await world.register(me, email);
    await expectApart(attacker, me, email);
    expect(await world.links.links.list(me)).toEqual([]);
  });
});
