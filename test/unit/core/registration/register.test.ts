import { describe, expect, it } from 'vitest';
import type { Identifier } from '../../../../lambdas/core/identifier.ts';
import type { Pseudonym } from '../../../../lambdas/core/ids.ts';
import { confirmRegistration, resendCode } from '../../../../lambdas/core/registration/confirm.ts';
import { confirmPasswordReset, requestPasswordReset } from '../../../../lambdas/core/registration/recover.ts';
import { register } from '../../../../lambdas/core/registration/register.ts';
import {
  aConfiguration,
  aConsent,
  plainPseudonyms,
  registrationWorld,
} from '../../../support/registration.ts';

const rules = { ...aConfiguration(), perAddressPerHour: 100 };

const aRequest = async (
  changes: { device?: string; password?: string; email?: string; address?: string } = {},
) => {
  const identifier = (changes.email ?? 'victim@harbour.example') as Identifier;
  const of = (kind: 'network' | 'address' | 'device', value: string) => plainPseudonyms.of(kind, value);
  return {
    identifier,
    pseudonym: await plainPseudonyms.of('identifier', identifier),
    requester: {
      network: await of('network', '203.0.113.0/24'),
      address: await of('address', changes.address ?? '203.0.113.7'),
      device: await of('device', changes.device ?? 'own'),
      label: 'Firefox on Windows',
    },
    password: changes.password ?? 'four words are plenty',
    locale: 'en',
    form: { consents: [aConsent('terms')] },
    context: 'signed',
  };
};
const proof = (handle: string, code = '111111') => ({ handle, code, context: 'signed' });
const codeOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => 'accepted').catch((error: { code?: string }) => error.code ?? error);

describe('registering', () => {
  it('creates an account, keeps the answers and writes one event without personal data', async () => {
    const { ports, pending, events, mails } = registrationWorld();
    const request = await aRequest();
    const handle = await register(ports, rules, request);
    const stored = await pending.find(request.pseudonym);
    expect(stored).toMatchObject({
      sub: 'sub-of-victim@harbour.example-0',
      answers: { consents: [{ purpose: 'terms' }] },
    });
    expect(JSON.stringify(stored)).not.toContain(handle);
    expect(events.map(({ type, outcome }) => [type, outcome])).toEqual([
      ['registration.requested', 'success'],
    ]);
    expect(JSON.stringify(events)).not.toMatch(/victim|203\.0\.113/);
    expect(mails).toEqual([]);
  });

  it('confirms with handle and code, once', async () => {
    const { ports, directory } = registrationWorld();
    const request = await aRequest();
    const handle = await register(ports, rules, request);
    expect(await codeOf(confirmRegistration(ports, request, proof(handle, '999999')))).toBe('CODE_REJECTED');
    expect(await codeOf(confirmRegistration(ports, request, proof(handle)))).toBe('accepted');
    expect(await codeOf(confirmRegistration(ports, request, proof(handle)))).toBe('CODE_REJECTED');
    expect(directory.users.get(request.identifier)?.confirmed).toBe(true);
  });

  it('tells the owner of a taken address once a day, and answers as always', async () => {
    const { ports, directory, mails, events } = registrationWorld();
    const owner = await aRequest();
    await confirmRegistration(ports, owner, proof(await register(ports, rules, owner)));
    ports.pending.release = async () => {};
    const stranger = await aRequest({ device: 'other' });
    const handles = [await register(ports, rules, stranger), await register(ports, rules, stranger)];
    expect(handles.every((handle) => handle.length === 22)).toBe(true);
    expect(mails).toMatchObject([{ to: owner.identifier, kind: 'address-taken' }]);
    expect(events.filter(({ type }) => type === 'registration.address-taken')).toHaveLength(2);
    expect(directory.users.size).toBe(1);
  });

  it('does not let a failing mail change the answer', async () => {
    const { ports, faults } = registrationWorld();
    await register(ports, rules, await aRequest({ device: 'first' }));
    const failing = { ...ports, mailer: { send: () => Promise.reject(new Error('SES is down')) } };
    await expect(register(failing, rules, await aRequest({ device: 'second' }))).resolves.toHaveLength(22);
    expect(faults).toHaveLength(1);
  });

  it('counts per address and says when to come back', async () => {
    const { ports, events } = registrationWorld();
    const strict = { ...rules, perAddressPerHour: 1 };
    await register(ports, strict, await aRequest());
    await expect(
      register(ports, strict, await aRequest({ email: 'b@harbour.example' })),
    ).rejects.toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      retryAfterSeconds: 3_600,
    });
    expect(events.at(-1)).toMatchObject({ type: 'registration.refused', reasons: ['ADDRESS_LIMIT'] });
    await register(ports, strict, await aRequest({ email: 'c@harbour.example', address: '198.51.100.1' }));
  });

  it.each([
    {
      why: 'a denied mail domain',
      changes: { email: 'x@sub.mailinator.example' },
      code: 'MAIL_DOMAIN_REFUSED',
    },
    { why: 'a bad password', changes: { password: 'password1234' }, code: 'PASSWORD_REFUSED' },
  ])('refuses $why without asking Cognito', async ({ changes, code }) => {
    const { ports, directory } = registrationWorld();
    expect(await codeOf(register(ports, rules, await aRequest(changes)))).toBe(code);
    expect(directory.calls).toEqual([]);
  });

  it('gives the address free again when our own trigger refuses', async () => {
    const { ports, directory, pending, events } = registrationWorld();
    directory.refusal = 'CONTEXT_REQUIRED';
    expect(await codeOf(register(ports, rules, await aRequest()))).toBe('REGISTRATION_REFUSED');
    expect(pending.items.size).toBe(0);
    expect(events.at(-1)?.reasons).toEqual(['CONTEXT_REQUIRED']);
  });
});

describe('an address that was registered by somebody else before (pre-hijacking)', () => {
  it('never confirms an account whose password somebody else set', async () => {
    const { ports, directory, mails } = registrationWorld();
    await register(ports, rules, await aRequest({ device: 'attacker', password: 'known to the attacker' }));
    const victim = await aRequest({ device: 'victim', password: 'known to the owner' });
    const handle = await register(ports, rules, victim);
    expect(await codeOf(confirmRegistration(ports, victim, proof(handle)))).toBe('CODE_REJECTED');
    expect(directory.calls).not.toContain('confirmSignUp victim@harbour.example');
    expect(mails).toMatchObject([{ kind: 'address-taken' }]);
  });

  it('lets nobody replace the answers, the handle or the code of a registration under way', async () => {
    const { ports, directory, pending } = registrationWorld();
    const victim = await aRequest({ device: 'victim' });
    const handle = await register(ports, rules, victim);
    const before = await pending.find(victim.pseudonym);
    const attacker = await aRequest({ device: 'attacker', password: 'known to the attacker' });
    const foreign = await register(ports, rules, attacker);
    await resendCode(ports, attacker, foreign);
    expect(await pending.find(victim.pseudonym)).toEqual(before);
    expect(directory.calls.filter((call) => call.startsWith('resend'))).toEqual([]);
    expect(await codeOf(confirmRegistration(ports, victim, proof(handle)))).toBe('accepted');
  });

  it('does not adopt an account that an SDK sign-up has made for the address', async () => {
    const { ports, directory, pending } = registrationWorld();
    await directory.signUp({
      identifier: 'victim@harbour.example' as Identifier,
      password: 'of the attacker',
    });
    const victim = await aRequest();
    const handle = await register(ports, rules, victim);
    expect(await codeOf(confirmRegistration(ports, victim, proof(handle)))).toBe('CODE_REJECTED');
    expect(pending.items.size).toBe(0);
    const again = await register(ports, rules, victim);
    expect(await codeOf(confirmRegistration(ports, victim, proof(again)))).toBe('CODE_REJECTED');
  });

  it('lets the same device start over, with new answers and the code sent again', async () => {
    const { ports, directory } = registrationWorld();
    const first = await register(ports, rules, await aRequest());
    const again = await aRequest();
    const second = await register(ports, rules, again);
    expect(directory.calls).toContain('resend victim@harbour.example');
    expect(await codeOf(confirmRegistration(ports, again, proof(first)))).toBe('CODE_REJECTED');
    expect(await codeOf(confirmRegistration(ports, again, proof(second)))).toBe('accepted');
  });

  it('lets one of many parallel registrations win, whoever it is', async () => {
    const { ports, directory } = registrationWorld();
    const requests = await Promise.all(
      Array.from({ length: 30 }, (_, index) => aRequest({ device: `device ${index}` })),
    );
    const handles = await Promise.all(requests.map((request) => register(ports, rules, request)));
    const outcomes = [];
    for (const [index, request] of requests.entries()) {
      outcomes.push(await codeOf(confirmRegistration(ports, request, proof(handles[index] ?? ''))));
    }
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(directory.users.size).toBe(1);
  });

  it('does not take a registration away from its own first half (double click)', async () => {
    const { ports, pending } = registrationWorld();
    const request = await aRequest();
    const [first] = await Promise.all([register(ports, rules, request), register(ports, rules, request)]);
    expect((await pending.find(request.pseudonym))?.sub).toBeDefined();
    expect(await codeOf(confirmRegistration(ports, request, proof(first)))).toBe('accepted');
  });

  it('lets the same device try again after a request that died before Cognito answered', async () => {
    const { ports, directory, time } = registrationWorld();
    directory.failure = new Error('timeout');
    await expect(register(ports, rules, await aRequest())).rejects.toThrow('timeout');
    directory.failure = undefined;
    time.now += 61_000;
    const request = await aRequest();
    expect(
      await codeOf(confirmRegistration(ports, request, proof(await register(ports, rules, request)))),
    ).toBe('accepted');
  });
});

describe('resetting a password', () => {
  it('does the same for every address and writes one event about the address', async () => {
    const { ports, events, directory } = registrationWorld();
    const request = await aRequest({ email: 'nobody@harbour.example' });
    await requestPasswordReset(ports, request, { locale: 'de', perAddressPerHour: 2 });
    expect(directory.calls).toEqual(['forgot nobody@harbour.example']);
    expect(events).toMatchObject([
      { type: 'password.reset-requested', subject: { pseudonym: request.pseudonym } },
    ]);
  });

  it('stops one network address, with an event', async () => {
    const { ports, directory, events } = registrationWorld();
    const request = await aRequest();
    const ask = () => requestPasswordReset(ports, request, { locale: 'en', perAddressPerHour: 1 });
    await ask();
    expect(await codeOf(ask())).toBe('TOO_MANY_ATTEMPTS');
    expect(directory.calls).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ outcome: 'refused', reasons: ['ADDRESS_LIMIT'] });
  });

  it('tells a refused code as an event about the address, as a refused confirmation does', async () => {
    const { ports, events } = registrationWorld();
    const request = await aRequest();
    const given = { code: '999999', password: 'a password nobody has', context: 'signed' };
    expect(await codeOf(confirmPasswordReset(ports, request, given, { minLength: 10 }))).toBe(
      'CODE_REJECTED',
    );
    const handle = await register(ports, rules, request);
    expect(await codeOf(confirmRegistration(ports, request, proof(handle, '999999')))).toBe('CODE_REJECTED');
    expect(await codeOf(confirmRegistration(ports, request, proof('guessed')))).toBe('CODE_REJECTED');
    const refused = {
      outcome: 'refused',
      reasons: ['CODE_REJECTED'],
      subject: { pseudonym: request.pseudonym },
    };
    expect(events.filter(({ outcome }) => outcome === 'refused')).toMatchObject([
      { type: 'password.reset-refused', ...refused },
      { type: 'registration.refused', ...refused },
      { type: 'registration.refused', ...refused },
    ]);
  });

  it('looks at the password before the code, and has one answer for every bad code', async () => {
    const { ports, directory } = registrationWorld();
    const request = await aRequest({ email: 'nobody@harbour.example' });
    const confirm = (password: string) =>
      codeOf(
        confirmPasswordReset(
          ports,
          request,
          { code: '123456', password, context: 'signed' },
          { minLength: 10 },
        ),
      );
    expect(await confirm('short')).toBe('PASSWORD_REFUSED');
    expect(directory.calls).toEqual([]);
    expect(await confirm('four words are plenty')).toBe('CODE_REJECTED');
  });
});

it('has a pseudonym of another kind for a handle than for anything else', async () => {
  const asCode: Pseudonym = await plainPseudonyms.of('code', 'registration\0x');
  expect(asCode).not.toBe(await plainPseudonyms.of('identifier', 'registration\0x'));
});
