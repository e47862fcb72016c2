import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { totpCode, totpStep } from '../../../../lambdas/adapters/totp.ts';
import { accountApi } from '../../../support/account-api.ts';
import type { Ceremony, SoftwareAuthenticator } from '../../../support/authenticator.ts';
import { aroundCalls } from '../../../support/dynamo-client.ts';
import { codeIn, ownAccount } from '../../../support/own-account.ts';
import { openTables, type TestTables } from '../../../support/tables.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

type CreationOptions = Parameters<SoftwareAuthenticator['create']>[0];

const eventsOf = async (person: ReturnType<typeof ownAccount>) => {
  const { body } = await person.call('GET /v1/me/activity', undefined, { query: { limit: '100' } });
  return body.events.map(({ type, outcome }) => `${type} ${outcome}`).sort();
};

describe('passkeys', () => {
  it('are added, named and removed by their owner, with an event each', async () => {
    const person = ownAccount(tables);
    const options = (await person.call('POST /v1/me/passkeys/options')).body
      .options as unknown as CreationOptions;
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'Harbour' },
      user: { id: Buffer.from(person.sub).toString('base64url') },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [],
    });
    const credential = person.authenticator.create(options);
    const added = await person.call('POST /v1/me/passkeys', { credential, name: 'Laptop' });
    expect(added).toMatchObject({ status: 201, body: { name: 'Laptop', synced: false } });
    const id = added.body.id;
    expect((await person.factors()).passkeys).toMatchObject([{ id, name: 'Laptop' }]);
    const renamed = await person.call('PATCH /v1/me/passkeys/{id}', { name: ' Desk ' }, { params: { id } });
    expect(renamed.body.name).toBe('Desk');
    expect((await person.call('DELETE /v1/me/passkeys/{id}', undefined, { params: { id } })).status).toBe(
      204,
    );
    expect((await person.factors()).passkeys).toEqual([]);
    expect(await eventsOf(person)).toEqual([
      'factor.enrolled success',
      'factor.removed success',
      'factor.renamed success',
    ]);
  });

  it('names the known ones, so that a device is not added twice', async () => {
    const person = ownAccount(tables);
    await person.enrolPasskey();
    const { body } = await person.call('POST /v1/me/passkeys/options');
    expect(body.options).toMatchObject({ excludeCredentials: [{ type: 'public-key' }] });
  });

  it.each<[string, Ceremony]>([
    ['of another page', { origin: 'http://localhost:9999' }],
    ['of a page on a sub-domain that is not listed', { origin: 'http://evil.localhost:4000' }],
    ['for another relying party', { relyingPartyId: 'evil.example' }],
    ['without user verification', { userVerified: false }],
    ['for a challenge of its own', { challenge: 'c2VsZi1tYWRlIGNoYWxsZW5nZQ' }],
    ['that is an assertion', { type: 'webauthn.get' }],
  ])('refuses a credential %s, and uses the challenge up', async (_what, ceremony) => {
    const person = ownAccount(tables);
    const { options } = (await person.call('POST /v1/me/passkeys/options')).body;
    const create = (how: Ceremony) => person.authenticator.create(options as unknown as CreationOptions, how);
    const refused = await person.call('POST /v1/me/passkeys', { credential: create(ceremony) });
    expect(refused.problem).toMatchObject({ status: 400, code: 'FACTOR_REJECTED' });
    const second = await person.call('POST /v1/me/passkeys', { credential: create({}) });
    expect(second.problem.code).toBe('FACTOR_REJECTED');
    expect((await person.factors()).passkeys).toEqual([]);
    expect(await eventsOf(person)).toEqual(['factor.refused refused', 'factor.refused refused']);
  });

  it('takes a challenge for five minutes, once, and from its own person', async () => {
    const person = ownAccount(tables);
    const other = ownAccount(tables, person.api);
    const options = async () =>
      (await person.call('POST /v1/me/passkeys/options')).body.options as unknown as CreationOptions;
    const credential = person.authenticator.create(await options());
    await other.call('POST /v1/me/passkeys/options');
    expect((await other.call('POST /v1/me/passkeys', { credential })).problem.code).toBe('FACTOR_REJECTED');
    expect((await person.call('POST /v1/me/passkeys', { credential })).status).toBe(201);
    expect((await person.call('POST /v1/me/passkeys', { credential })).problem.code).toBe('FACTOR_REJECTED');
    const late = person.authenticator.create(await options());
    person.api.clock.time += 301_000;
    expect((await person.call('POST /v1/me/passkeys', { credential: late })).problem.code).toBe(
      'FACTOR_REJECTED',
    );
  });

  it('stops at twenty', async () => {
    const person = ownAccount(tables);
    for (let count = 0; count < 20; count += 1) expect((await person.enrolPasskey()).status).toBe(201);
    expect((await person.call('POST /v1/me/passkeys/options')).problem.code).toBe('FACTOR_LIMIT');
    expect((await person.factors()).canEnrol).not.toContain('passkey');
  });

  it.each(['\u202Egnp.exe', 'two\nlines', '   '])('has no name like %j', async (name) => {
    const person = ownAccount(tables);
    expect((await person.enrolPasskey(name)).problem).toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('authenticator app', () => {
  const setUp = async (person: ReturnType<typeof ownAccount>) => (await person.call('POST /v1/me/totp')).body;
  const codeOf = (person: ReturnType<typeof ownAccount>, secret: string) =>
    totpCode(secret, totpStep(person.api.clock.time));

  it('is added by a code that it shows, which is spent by it', async () => {
    const person = ownAccount(tables);
    const { secret, uri } = await setUp(person);
    expect(new URL(uri).searchParams.get('secret')).toBe(secret);
    expect(decodeURIComponent(uri)).toMatch(/^otpauth:\/\/totp\/Harbour {2}Shop\?/);
    expect((await person.factors()).totp).toBeUndefined();
    const code = codeOf(person, secret);
    const added = await person.call('POST /v1/me/totp/confirm', { code, name: 'Phone' });
    expect(added).toMatchObject({ status: 201, body: { name: 'Phone' } });
    const { factors } = await person.api.security.services.factors.read(person.sub);
    expect(factors.totp?.lastStep).toBe(totpStep(person.api.clock.time));
    expect(JSON.stringify(factors)).not.toContain(secret);
    expect((await person.call('POST /v1/me/totp/confirm', { code })).problem.code).toBe('CODE_REJECTED');
  });

  it('takes the place of the one before only when it has answered', async () => {
    const person = ownAccount(tables);
    const first = await setUp(person);
    await person.call('POST /v1/me/totp/confirm', { code: codeOf(person, first.secret), name: 'Old' });
    const second = await setUp(person);
    expect((await person.factors()).totp?.name).toBe('Old');
    await person.call('POST /v1/me/totp/confirm', { code: codeOf(person, second.secret), name: 'New' });
    expect((await person.factors()).totp?.name).toBe('New');
  });

  it('has five answers and a quarter of an hour', async () => {
    const person = ownAccount(tables);
    const { secret } = await setUp(person);
    for (let count = 0; count < 5; count += 1) {
      const wrong = await person.call('POST /v1/me/totp/confirm', { code: '000000' });
      expect(wrong.problem.code).toBe('CODE_REJECTED');
    }
    const tooLate = await person.call('POST /v1/me/totp/confirm', { code: codeOf(person, secret) });
    expect(tooLate.problem.code).toBe('CODE_REJECTED');
    const again = await setUp(person);
    person.api.clock.time += 901_000;
    const expired = await person.call('POST /v1/me/totp/confirm', { code: codeOf(person, again.secret) });
    expect(expired.problem.code).toBe('CODE_REJECTED');
  });
});

describe('phone', () => {
  const number = '+49 (151) 123-45678';

  it('is added by the code that was sent to it', async () => {
    const person = ownAccount(tables);
    const { messages } = person.api.security;
    const sent = await person.call('POST /v1/me/phone', { number });
    expect(sent).toMatchObject({ status: 202, body: { destination: '+49…78', codeLength: 6 } });
    expect(messages).toMatchObject([
      { to: '+4915112345678', country: 'DE', kind: 'phone-code', sub: person.sub },
    ]);
    const code = codeIn(messages[0]?.text);
    const wrong = await person.call('POST /v1/me/phone/confirm', {
      code: code === '000000' ? '1' : '000000',
    });
    expect(wrong.problem.code).toBe('CODE_REJECTED');
    expect((await person.call('POST /v1/me/phone/confirm', { code })).status).toBe(201);
    expect((await person.factors()).phone).toMatchObject({ number: '+49…78', country: 'DE' });
    expect((await person.call('POST /v1/me/phone/confirm', { code })).problem.code).toBe('CODE_REJECTED');
  });

  it.each([
    '+4915112345678,+4915112345679',
    '+4915112345678;ext=1',
    '4915112345678 ',
    '+49151123456789012345',
    '+1234567890',
    '+88216123456',
    '+٤٩١٥١١٢٣٤٥٦٧٨',
    '015112345678',
  ])('is one possible number, not %s', async (typed) => {
    const person = ownAccount(tables);
    expect((await person.call('POST /v1/me/phone', { number: typed })).problem.code).toBe('REQUEST_INVALID');
    expect(person.api.security.messages).toEqual([]);
  });

  it('is not offered where the brake or the policy says no', async () => {
    const person = ownAccount(tables);
    const { brake, policy } = person.api.security;
    brake.outcome = 'refused';
    expect((await person.call('POST /v1/me/phone', { number })).problem.code).toBe('MESSAGE_BUDGET_SPENT');
    policy.current = { banned: ['sms-code'], required: [] };
    expect((await person.call('POST /v1/me/phone', { number })).problem.code).toBe('METHOD_UNAVAILABLE');
    expect((await person.factors()).canEnrol).not.toContain('phone');
  });

  it('gets five codes an hour', async () => {
    const person = ownAccount(tables);
    for (let count = 0; count < 5; count += 1) await person.call('POST /v1/me/phone', { number });
    expect((await person.call('POST /v1/me/phone', { number })).problem.code).toBe('TOO_MANY_ATTEMPTS');
    expect(person.api.security.messages).toHaveLength(5);
  });

  it('takes only the last code, and only its own person’s', async () => {
    const person = ownAccount(tables);
    const other = ownAccount(tables, person.api);
    const { messages } = person.api.security;
    await person.call('POST /v1/me/phone', { number });
    await person.call('POST /v1/me/phone', { number });
    await other.call('POST /v1/me/phone', { number });
    const [first = '', last = '', foreign = ''] = messages.map(({ text }) => codeIn(text));
    for (const code of new Set([first, foreign].filter((one) => one !== last))) {
      expect((await person.call('POST /v1/me/phone/confirm', { code })).problem.code).toBe('CODE_REJECTED');
    }
    expect((await person.call('POST /v1/me/phone/confirm', { code: last })).status).toBe(201);
  });
});

describe('recovery codes', () => {
  it('are ten, shown once, and need something to recover', async () => {
    const person = ownAccount(tables);
    expect((await person.call('POST /v1/me/recovery-codes')).problem.code).toBe('FACTOR_REQUIRED');
    await person.enrolPasskey();
    const { body } = await person.call('POST /v1/me/recovery-codes');
    expect(new Set(body.codes).size).toBe(10);
    expect((await person.factors()).recoveryCodes).toMatchObject({ left: 10 });
    const { factors } = await person.api.security.services.factors.read(person.sub);
    for (const code of body.codes) expect(JSON.stringify(factors)).not.toContain(code.replace('-', ''));
    const [passkey] = (await person.factors()).passkeys;
    await person.call('DELETE /v1/me/passkeys/{id}', undefined, { params: { id: passkey?.id ?? '' } });
    expect(await person.factors()).toMatchObject({ passkeys: [] });
    expect((await person.factors()).recoveryCodes).toBeUndefined();
  });

  it('leave the set before in force where there is no time for their slow hashes', async () => {
    const person = ownAccount(tables);
    await person.enrolPasskey();
    await person.call('POST /v1/me/recovery-codes');
    const before = await person.api.security.services.factors.read(person.sub);
    const { clock } = person.api;
    const elapsed = vi.spyOn(clock, 'now').mockImplementation(() => (clock.time += 4_000));
    const busy = await person.call('POST /v1/me/recovery-codes');
    expect([busy.status, busy.problem.code]).toEqual([503, 'UNAVAILABLE']);
    expect(Number(busy.headers['Retry-After'])).toBeGreaterThan(0);
    elapsed.mockRestore();
    expect(await person.api.security.services.factors.read(person.sub)).toEqual(before);
    expect((await person.call('POST /v1/me/recovery-codes')).status).toBe(201);
  });

  it('asked for in two windows at once are one set, and who got none is told to ask again', async () => {
    const person = ownAccount(tables);
    await person.enrolPasskey();
    const ask = () => person.call('POST /v1/me/recovery-codes');
    const answers = await Promise.all([ask(), ask()]);
    for (const { status, problem } of answers.filter((answer) => answer.status !== 201)) {
      expect([status, problem.code]).toEqual([409, 'FACTOR_CONFLICT']);
    }
    expect(answers.some(({ status }) => status === 201)).toBe(true);
    expect((await person.factors()).recoveryCodes).toMatchObject({ left: 10 });
  });
});

/** The tables, whose transactions are cancelled for these reasons as often as `times` says. */
function cancelling(times: number, ...codes: string[]): TestTables {
  let left = times;
  const client = aroundCalls(tables.client, async ({ input }, send) => {
    if (!('TransactItems' in input) || left === 0) return send();
    left -= 1;
    const CancellationReasons = codes.map((Code) => ({ Code }));
    throw Object.assign(new Error('cancelled'), {
      name: 'TransactionCanceledException',
      CancellationReasons,
    });
  });
  return { ...tables, client };
}

describe('a change that meets another one', () => {
  it.each([
    ['the same items in use', ['TransactionConflict', 'None']],
    ['a lost condition', ['ConditionalCheckFailed', 'None']],
    ['a lost condition beside a throttle', ['ConditionalCheckFailed', 'ThrottlingError']],
  ])('is decided anew after %s', async (_what, codes) => {
    const { sub } = ownAccount(tables);
    await ownAccount(tables, undefined, sub).enrolPasskey();
    const person = ownAccount(tables, accountApi(cancelling(2, ...codes)), sub);
    expect((await person.call('POST /v1/me/recovery-codes')).status).toBe(201);
  });

  it('names a passkey all the same, and does not call it gone', async () => {
    const { sub } = ownAccount(tables);
    const { id } = (await ownAccount(tables, undefined, sub).enrolPasskey('Laptop')).body;
    const rename = (times: number) =>
      ownAccount(tables, accountApi(cancelling(times, 'TransactionConflict', 'None')), sub).call(
        'PATCH /v1/me/passkeys/{id}',
        { name: 'Desk' },
        { params: { id } },
      );
    expect((await rename(100)).problem.code).toBe('FACTOR_CONFLICT');
    expect((await rename(2)).body).toMatchObject({ id, name: 'Desk' });
  });

  it('says when to try again while the table is throttled', async () => {
    const { sub } = ownAccount(tables);
    await ownAccount(tables, undefined, sub).enrolPasskey();
    const person = ownAccount(tables, accountApi(cancelling(100, 'ThrottlingError', 'None')), sub);
    const busy = await person.call('POST /v1/me/recovery-codes');
    expect([busy.status, busy.problem.code, busy.headers['Retry-After']]).toEqual([503, 'UNAVAILABLE', '2']);
  });
});

describe('the last factor', () => {
  it('stays where the policy requires one', async () => {
    const person = ownAccount(tables);
    person.api.security.policy.current = { banned: [], required: [['passkey', 'totp']] };
    const { body } = await person.enrolPasskey();
    const params = { id: body.id };
    const kept = await person.call('DELETE /v1/me/passkeys/{id}', undefined, { params });
    expect(kept.problem).toMatchObject({ status: 409, code: 'FACTOR_REQUIRED' });
  });

  it('stays also when two are removed at the same moment', async () => {
    const person = ownAccount(tables);
    person.api.security.policy.current = { banned: [], required: [['passkey']] };
    const ids = [(await person.enrolPasskey()).body.id, (await person.enrolPasskey()).body.id];
    const removed = await Promise.all(
      ids.map((id) => person.call('DELETE /v1/me/passkeys/{id}', undefined, { params: { id } })),
    );
    expect(removed.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect((await person.factors()).passkeys).toHaveLength(1);
  });
});
