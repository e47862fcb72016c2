import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoSessionCutoffs } from '../../../../lambdas/adapters/session-cutoffs.ts';
import type { Pseudonym, Sub } from '../../../../lambdas/core/ids.ts';
import { codeIn, ownAccount } from '../../../support/own-account.ts';
import { openTables, type TestTables } from '../../../support/tables.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

type Person = ReturnType<typeof ownAccount>;

/** A person whose address was proven at registration. */
async function aCustomer(
  name = `ada${Math.random().toString(36).slice(2)}`,
): Promise<Person & { email: string }> {
  const person = ownAccount(tables);
  const email = `${name}@example.com`;
  await putAddress(person, email);
  return { ...person, email };
}

async function putAddress(person: Person, address: string): Promise<void> {
  const { services, accounts } = person.api.security;
  const change = { kind: 'address', id: 'registration', expiresAt: 9e9 } as const;
  await services.pending.begin(person.sub, change);
  const pseudonym = await services.pseudonyms.of('identifier', address);
  const event = {
    v: 1,
    id: services.random.ulid(person.api.clock.time),
    type: 'registration.confirmed',
    at: new Date(person.api.clock.time).toISOString(),
    subject: { sub: person.sub },
    actor: 'self',
    outcome: 'success',
    reasons: [],
  } as const;
  const to = { address: address as never, pseudonym };
  await services.addresses.move({ sub: person.sub, to, completes: change }, event);
  accounts.addresses.set(address, person.sub);
}

const emailOf = async (person: Person) => (await person.call('GET /v1/me/profile')).body.email;
const typesOf = async (person: Person) =>
  (await person.call('GET /v1/me/activity')).body.events.map(({ type }) => type).reverse();

describe('password', () => {
  it('changes and ends every session, and the answer waits until new ones count', async () => {
    const person = await aCustomer();
    const { accounts, waits } = person.api.security;
    const password = 'four words are plenty';
    const changed = await person.call('POST /v1/me/password', { password });
    expect(changed).toMatchObject({ status: 200, body: { state: 'changed', sessions: 'ended' } });
    expect(accounts.passwords.get(person.sub)).toBe(password);
    expect(accounts.signedOut).toEqual([person.sub]);
    const cutoff = await dynamoSessionCutoffs(tables.client, tables.names.risk)(person.sub);
    expect(cutoff?.until).toBeGreaterThanOrEqual(Math.floor(person.api.clock.time / 1000));
    expect(waits[0]).toBeGreaterThan(0);
    expect(await typesOf(person)).toContain('password.changed');
  });

  it.each([
    ['too short alone', 'four words now'],
    ['common', 'Password1234567!'],
    ['the service’s name', 'harbour shop 2026'],
  ])('refuses %s, and leaves everything as it is', async (_what, password) => {
    const person = await aCustomer();
    const refused = await person.call('POST /v1/me/password', { password });
    expect(refused.problem).toMatchObject({ status: 400, code: 'PASSWORD_REFUSED' });
    expect(JSON.stringify(refused.problem)).not.toContain(password);
    expect(person.api.security.accounts.passwords.size).toBe(0);
    expect(await typesOf(person)).not.toContain('password.changed');
  });

  it('refuses one with the address in it', async () => {
    const person = await aCustomer();
    const password = `${person.email.split('@')[0]} and more`;
    expect((await person.call('POST /v1/me/password', { password })).problem.code).toBe('PASSWORD_REFUSED');
  });

  it('may be shorter beside another factor', async () => {
    const person = await aCustomer();
    await person.enrolPasskey();
    expect((await person.call('POST /v1/me/password', { password: 'wobbly kelp' })).status).toBe(200);
  });

  it('does not come back while it is in the history', async () => {
    const person = await aCustomer();
    person.api.security.accounts.history.add('four words are plenty');
    const again = await person.call('POST /v1/me/password', { password: 'four words are plenty' });
    expect(again.problem).toMatchObject({ code: 'PASSWORD_REFUSED' });
    expect(person.api.security.accounts.signedOut).toEqual([]);
  });
});

describe('address', () => {
  const begin = (person: Person, email: string) => person.call('POST /v1/me/email', { email });
  const fresh = () => `new${Math.random().toString(36).slice(2)}@example.com`;

  it('stays in force until the new one is proven, and both mailboxes hear of it', async () => {
    const person = await aCustomer();
    const { mails } = person.api.security;
    const next = fresh();
    const begun = await begin(person, next.toUpperCase());
    expect(begun).toMatchObject({ status: 202, body: { destination: 'n***@e***.com', codeLength: 6 } });
    expect(mails).toMatchObject([{ to: next, kind: 'address-code' }]);
    expect(await emailOf(person)).toBe(person.email);
    const code = codeIn(mails[0]?.text);
    const wrong = await person.call('POST /v1/me/email/confirm', {
      code: code === '123456' ? '654321' : '123456',
    });
    expect(wrong.problem.code).toBe('CODE_REJECTED');
    expect(await emailOf(person)).toBe(person.email);
    const done = await person.call('POST /v1/me/email/confirm', { code });
    expect(done).toMatchObject({ status: 200, body: { email: next } });
    expect(await emailOf(person)).toBe(next);
    expect(person.api.security.accounts.addresses.get(next)).toBe(person.sub);
    expect(mails.at(-1)).toMatchObject({ to: person.email, kind: 'account-changed' });
    expect(await typesOf(person)).toEqual(
      expect.arrayContaining(['address.change-requested', 'factor.refused', 'address.changed']),
    );
    expect((await person.call('POST /v1/me/email/confirm', { code })).problem.code).toBe('CODE_REJECTED');
  });

  it('of somebody whom only a provider knows stays as the provider says', async () => {
    const person = await aCustomer();
    const { accounts, mails } = person.api.security;
    await begin(person, fresh());
    accounts.moveAddress = async () => 'unavailable';
    const refused = await person.call('POST /v1/me/email/confirm', { code: codeIn(mails[0]?.text) });
    expect([refused.status, refused.problem.code]).toEqual([409, 'METHOD_UNAVAILABLE']);
    expect(await emailOf(person)).toBe(person.email);
  });

  it('answers the same for somebody else’s address, who hears of it, and no code is good', async () => {
    const [person, victim] = [await aCustomer(), await aCustomer()];
    person.api.security.accounts.addresses.set(victim.email, victim.sub);
    const [taken, free] = [await begin(person, victim.email), await begin(await aCustomer(), fresh())];
    expect({ ...taken.body, destination: '' }).toEqual({ ...free.body, destination: '' });
    expect([taken.status, free.status]).toEqual([202, 202]);
    const { mails } = person.api.security;
    expect(mails).toMatchObject([{ to: victim.email, kind: 'address-wanted' }]);
    expect(mails[0]?.text).not.toMatch(/\d{6}/);
    const answer = await person.call('POST /v1/me/email/confirm', { code: '123456' });
    expect(answer.problem.code).toBe('CODE_REJECTED');
  });

  it('is refused at the end when somebody took it in between', async () => {
    const person = await aCustomer();
    const next = fresh();
    await begin(person, next);
    person.api.security.accounts.addresses.set(next, 'somebody else' as Sub);
    const code = codeIn(person.api.security.mails.at(-1)?.text);
    expect((await person.call('POST /v1/me/email/confirm', { code })).problem.code).toBe('ADDRESS_TAKEN');
    expect(await emailOf(person)).toBe(person.email);
  });

  it('can be confirmed again when something failed on the way', async () => {
    const person = await aCustomer();
    const { accounts, mails } = person.api.security;
    const next = fresh();
    await begin(person, next);
    const code = codeIn(mails.at(-1)?.text);
    accounts.failing = true;
    expect((await person.call('POST /v1/me/email/confirm', { code })).status).toBe(500);
    expect(await emailOf(person)).toBe(person.email);
    accounts.failing = false;
    expect((await person.call('POST /v1/me/email/confirm', { code })).status).toBe(200);
    expect(await emailOf(person)).toBe(next);
  });

  it.each([
    'a@example.com,b@example.com',
    'a@example.com;b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'Ada <a@example.com>',
    'аdа@example.com',
    'a@example.com b@example.com',
    'a@[127.0.0.1]',
    `${'a'.repeat(65)}@example.com`,
  ])('is one mailbox, not %j', async (typed) => {
    const person = await aCustomer();
    expect((await begin(person, typed)).problem.code).toBe('REQUEST_INVALID');
    expect(person.api.security.mails).toEqual([]);
  });

  it('is not one that registration refuses, nor the one that stands', async () => {
    const person = await aCustomer();
    expect((await begin(person, 'x@mailinator.example')).problem.code).toBe('MAIL_DOMAIN_REFUSED');
    expect((await begin(person, person.email)).problem.code).toBe('REQUEST_INVALID');
  });

  it('gives a code five answers, however many come at once', async () => {
    const person = await aCustomer();
    await begin(person, fresh());
    const right = codeIn(person.api.security.mails.at(-1)?.text);
    const wrong = Array.from({ length: 99 }, (_, index) => String(200_000 + index)).filter(
      (code) => code !== right,
    );
    const answers = await Promise.all(
      [...wrong.slice(0, 60), right, ...wrong.slice(60)].map((code) =>
        person.call('POST /v1/me/email/confirm', { code }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    const after = await person.call('POST /v1/me/email/confirm', { code: right });
    expect(after.problem.code).toBe('CODE_REJECTED');
  });
});

describe('a proof that is too old or too weak', () => {
  const changes = [
    ['POST /v1/me/passkeys/options', undefined],
    ['POST /v1/me/totp', undefined],
    ['POST /v1/me/phone', { number: '+4915112345678' }],
    ['POST /v1/me/recovery-codes', undefined],
    ['POST /v1/me/password', { password: 'four words are plenty' }],
    ['POST /v1/me/email', { email: 'new@example.com' }],
    ['DELETE /v1/me/totp', undefined],
    ['DELETE /v1/me/phone', undefined],
  ] as const;

  it.each(changes)('changes nothing: %s', async (route, body) => {
    const person = await aCustomer();
    await person.enrolPasskey();
    const now = Math.floor(person.api.clock.time / 1000);
    const stale = { level: '2', authenticatedAt: String(now - 601) };
    const weak = { level: '1', authenticatedAt: String(now) };
    for (const authorizer of [stale, weak]) {
      const refused = await person.call(route, body, { authorizer });
      expect(refused.problem).toMatchObject({ status: 401, code: 'STEP_UP_REQUIRED' });
    }
    expect(person.api.security.mails).toEqual([]);
    expect(person.api.security.messages).toEqual([]);
    expect(person.api.security.accounts.passwords.size).toBe(0);
  });
});

it('holds a claim for each address only', async () => {
  const person = await aCustomer();
  const { services } = person.api.security;
  expect(await services.addresses.ownerOf('nobody' as Pseudonym)).toBeUndefined();
});
