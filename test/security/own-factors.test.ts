import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '../../lambdas/adapters/totp.ts';
import { securityRoutes } from '../../lambdas/api/routes/security.ts';
import { type AccountRoute, accountApi } from '../support/account-api.ts';
import { codeIn, ownAccount } from '../support/own-account.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// security.md: "Missing owner check", "Mass assignment", "Code or lockout race", "Replay, cross-flow use",
// "E-mail swap before verification", "Fail-open".

let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

const routes = Object.keys(securityRoutes) as (keyof typeof securityRoutes)[];

const stateOf = async (person: ReturnType<typeof ownAccount>) => ({
  factors: await person.factors(),
  email: (await person.call('GET /v1/me/profile')).body.email,
  password: person.api.security.accounts.passwords.get(person.sub),
});

describe('two people at the same routes', () => {
  it('cannot name, remove, confirm or finish anything of each other', async () => {
    const api = accountApi(tables);
    const [victim, eve] = [ownAccount(tables, api), ownAccount(tables, api)];
    const { body: passkey } = await victim.enrolPasskey('Victims key');
    const { body: totp } = await victim.call('POST /v1/me/totp');
    await victim.call('POST /v1/me/phone', { number: '+4915112345678' });
    await victim.call('POST /v1/me/email', { email: `v${Math.random()}@example.com` });
    const { options } = (await victim.call('POST /v1/me/passkeys/options')).body;
    const before = await stateOf(victim);
    const { mails, messages } = api.security;
    const codes = {
      totp: totpCode(totp.secret, totpStep(api.clock.time)),
      phone: codeIn(messages.at(-1)?.text),
      email: codeIn(mails.at(-1)?.text),
    };
    const params = { id: passkey.id };
    const credential = victim.authenticator.create(options as never);
    const attacks = await Promise.all([
      eve.call('PATCH /v1/me/passkeys/{id}', { name: 'Mine' }, { params }),
      eve.call('DELETE /v1/me/passkeys/{id}', undefined, { params }),
      eve.call('POST /v1/me/totp/confirm', { code: codes.totp }),
      eve.call('POST /v1/me/phone/confirm', { code: codes.phone }),
      eve.call('POST /v1/me/email/confirm', { code: codes.email }),
      eve.call('POST /v1/me/passkeys', { credential }),
      eve.call('DELETE /v1/me/totp'),
      eve.call('DELETE /v1/me/phone'),
    ]);
    expect(attacks.map(({ problem }) => problem.code)).toEqual([
      'FACTOR_UNKNOWN',
      'FACTOR_UNKNOWN',
      'CODE_REJECTED',
      'CODE_REJECTED',
      'CODE_REJECTED',
      'FACTOR_REJECTED',
      'FACTOR_UNKNOWN',
      'FACTOR_UNKNOWN',
    ]);
    expect(await stateOf(victim)).toEqual(before);
    expect((await victim.call('POST /v1/me/totp/confirm', { code: codes.totp })).status).toBe(201);
  });
});

describe('a code of one change', () => {
  it('is none of another: kind, person and change are part of it', async () => {
    const person = ownAccount(tables);
    await person.call('POST /v1/me/phone', { number: '+4915112345678' });
    await person.call('POST /v1/me/email', { email: `x${Math.random()}@example.com` });
    const { mails, messages } = person.api.security;
    const [phone, email] = [codeIn(messages[0]?.text), codeIn(mails[0]?.text)];
    if (phone !== email) {
      expect((await person.call('POST /v1/me/email/confirm', { code: phone })).problem.code).toBe(
        'CODE_REJECTED',
      );
      expect((await person.call('POST /v1/me/phone/confirm', { code: email })).problem.code).toBe(
        'CODE_REJECTED',
      );
    }
  });

  it('is looked at five times at the most: 100 at once, one right', async () => {
    const person = ownAccount(tables);
    await person.call('POST /v1/me/phone', { number: '+4915112345678' });
    const right = codeIn(person.api.security.messages[0]?.text);
    const guesses = Array.from({ length: 99 }, (_, index) => String(300_000 + index)).filter(
      (one) => one !== right,
    );
    guesses.splice(50, 0, right);
    const answers = await Promise.all(
      guesses.map((code) => person.call('POST /v1/me/phone/confirm', { code })),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1);
    expect(answers.every(({ status }) => status === 201 || status === 400)).toBe(true);
  });
});

describe('mass assignment', () => {
  const bodies: Readonly<Partial<Record<AccountRoute, Record<string, unknown>>>> = {
    'PATCH /v1/me/passkeys/{id}': { name: 'Desk' },
    'POST /v1/me/totp/confirm': { code: '123456' },
    'POST /v1/me/phone': { number: '+4915112345678' },
    'POST /v1/me/phone/confirm': { code: '123456' },
    'POST /v1/me/password': { password: 'four words are plenty' },
    'POST /v1/me/email': { email: 'eve@example.com' },
    'POST /v1/me/email/confirm': { code: '123456' },
  };
  const extras = [
    'sub',
    'kind',
    'counter',
    'publicKey',
    'enrolledAt',
    'lastStep',
    'email_verified',
    'sealed',
    '__proto__',
  ];

  it.each(Object.keys(bodies) as (keyof typeof bodies)[])(
    '%s takes no member beyond its own',
    async (route) => {
      const person = ownAccount(tables);
      for (const extra of extras) {
        const body = JSON.stringify({ ...bodies[route] }).replace(/\}$/, `,"${extra}":"x"}`);
        const headers = { 'content-type': 'application/json' };
        const answer = await person.call(route, body, { headers, params: { id: 'f'.repeat(32) } });
        expect({ extra, code: answer.problem.code }).toEqual({ extra, code: 'REQUEST_INVALID' });
      }
      expect(person.api.security.mails).toEqual([]);
      expect(person.api.security.accounts.passwords.size).toBe(0);
    },
  );
});

describe('fail-open', () => {
  it('changes nothing in the directory when the password cannot be checked', async () => {
    const person = ownAccount(tables);
    const { services, accounts } = person.api.security;
    Object.assign(services, {
      passwords: { problem: () => Promise.reject(new Error('the list is gone')) },
    });
    const answer = await person.call('POST /v1/me/password', { password: 'four words are plenty' });
    expect(answer.status).toBe(500);
    expect(accounts.passwords.size).toBe(0);
  });

  it('enrols nothing when a mail or message cannot be sent, or the user pool is down', async () => {
    const person = ownAccount(tables);
    const { services, accounts } = person.api.security;
    const before = await stateOf(person);
    accounts.failing = true;
    expect((await person.call('POST /v1/me/password', { password: 'four words are plenty' })).status).toBe(
      500,
    );
    expect((await person.call('POST /v1/me/email', { email: 'new@example.com' })).status).toBe(500);
    accounts.failing = false;
    Object.assign(services, { mailer: { send: () => Promise.reject(new Error('SES is down')) } });
    expect((await person.call('POST /v1/me/email', { email: 'new@example.com' })).status).toBe(500);
    expect(await stateOf(person)).toEqual(before);
  });

  it.each(routes)('%s needs its scope', async (route) => {
    const person = ownAccount(tables);
    const scopes = 'openid vestibule/profile.write vestibule/sessions.write';
    expect((await person.call(route, undefined, { scopes })).problem.code).toBe('SCOPE_MISSING');
  });
});
