import { describe, expect, it } from 'vitest';
import { passkeyChallenges } from '../../../../lambdas/adapters/passkey-challenges.ts';
import { systemRandom } from '../../../../lambdas/adapters/system.ts';
import type { RouteRequest } from '../../../../lambdas/api/types.ts';
import { answerText } from '../../../../lambdas/auth-api/sessions/challenge.ts';
import { pastBegin } from '../../../../lambdas/auth-api/sessions/go-on.ts';
import { postPasskeyOptions } from '../../../../lambdas/auth-api/sessions/passkey-options.ts';
import { challengeOf } from '../../../../lambdas/auth-api/sessions/shown-challenge.ts';
import { startOf } from '../../../../lambdas/auth-api/sessions/start.ts';
import { testClock, testKeys } from '../../../support/sign-in/services.ts';

const sub = '6f1c2d3e-0000-4000-8000-000000000001';
const handleOf = (name: string) => Buffer.from(name).toString('base64url');
const credential = (userHandle?: string) => ({
  id: 'aWQ',
  rawId: 'aWQ',
  type: 'public-key' as const,
  clientExtensionResults: {},
  response: {
    clientDataJSON: 'e30',
    authenticatorData: 'AA',
    signature: 'AA',
    ...(userHandle && { userHandle }),
  },
});
const passkey = (userHandle?: string) => ({ credential: credential(userHandle), challenge: 'signed' });
const identifier = 'mia@example.com';

describe('how a sign-in begins', () => {
  it.each([
    { body: { identifier, password: 'p' }, start: { kind: 'password', wish: {} } },
    {
      body: { identifier, password: 'p', method: 'totp' },
      start: { kind: 'password', wish: { method: 'totp' } },
    },
    { body: { identifier, method: 'magic-link' }, start: { kind: 'method', wish: { method: 'magic-link' } } },
    {
      body: { passkey: passkey(handleOf(sub)) },
      start: { kind: 'passkey', sub, wish: { method: 'passkey' } },
    },
  ] as const)('$start.kind', ({ body, start }) => expect(startOf(body)).toMatchObject(start));

  it.each([
    { why: 'nothing', body: {} },
    { why: 'an identifier alone', body: { identifier } },
    { why: 'a password without identifier', body: { password: 'p' } },
    {
      why: 'a passkey beside a password',
      body: { identifier, password: 'p', passkey: passkey(handleOf(sub)) },
    },
    { why: 'a passkey of nobody', body: { passkey: passkey() } },
    { why: 'a passkey with an address for a handle', body: { passkey: passkey(handleOf(identifier)) } },
  ] as { why: string; body: RouteRequest<'POST /v1/sessions'>['body'] }[])(
    'is refused with $why',
    ({ body }) => expect(() => startOf(body)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' })),
  );
});

describe('an answer for the triggers', () => {
  it.each([
    [{ answer: '12345678' }, '12345678'],
    [{ answer: 'ABCDE-12345' }, 'ABCDE-12345'],
    [{ resend: true }, '{"resend":true}'],
    [{ method: 'totp' }, '{"method":"totp"}'],
    [{ link: 'l'.repeat(44) }, `{"link":"${'l'.repeat(44)}"}`],
  ] as const)('%o', (answers, text) => expect(answerText(answers)).toBe(text));

  it('is one thing only', () => {
    expect(() => answerText({})).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    expect(() => answerText({ answer: '123456', resend: true })).toThrow();
  });
});

describe('begin', () => {
  it('is answered with the context and the wish, and nothing else is', async () => {
    const answers: string[] = [];
    const cognito = {
      answer: async (_: object, text: string) => {
        answers.push(text);
        return { kind: 'new-password', session: 's', username: 'u' } as const;
      },
    };
    const step = (parameters: Record<string, string>) =>
      ({ kind: 'challenge', session: 's', username: 'u', parameters }) as const;
    await pastBegin(cognito, step({ step: 'begin', flow: 'f' }), 'ctx', { method: 'totp' });
    expect(answers).toEqual(['{"context":"ctx","method":"totp"}']);
    const other = step({ step: 'totp', flow: 'f' });
    expect(await pastBegin(cognito, other, 'ctx', {})).toBe(other);
    expect(answers).toHaveLength(1);
  });
});

describe('a challenge as the client sees it', () => {
  it('has numbers, methods and options, and no more than was sent', () => {
    const options = { challenge: 'c', allowCredentials: [] };
    const parameters = {
      step: 'passkey',
      flow: 'f',
      methods: '["passkey","totp"]',
      options: JSON.stringify(options),
    };
    expect(challengeOf(parameters)).toEqual({
      flow: 'f',
      shown: { method: 'passkey', methods: ['passkey', 'totp'], options },
    });
  });

  it.each([{ step: 'begin', flow: 'f' }, { step: 'SMS_MFA', flow: 'f' }, { step: 'totp' }])(
    'is refused when it is none of ours: %o',
    (parameters) =>
      expect(() => challengeOf(parameters as never)).toThrow(
        expect.objectContaining({ code: 'UNAVAILABLE' }),
      ),
  );
});

describe('options for a passkey', () => {
  it('list no credentials, ask for user verification and carry a challenge that we can read again', async () => {
    const clock = testClock();
    const challenges = passkeyChallenges(testKeys, clock);
    const services = { passkeyChallenges: challenges, relyingPartyId: 'shop.example', random: systemRandom };
    const { body } = await postPasskeyOptions(services as never)({} as never);
    expect(body.options).toMatchObject({
      rpId: 'shop.example',
      userVerification: 'required',
      allowCredentials: [],
    });
    expect(await challenges.read(body.challenge)).toMatchObject({ challenge: body.options.challenge });
    clock.advance(300_000);
    expect(await challenges.read(body.challenge)).toBeUndefined();
  });
});
