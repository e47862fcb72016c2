import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBeginAnswer, readRoundAnswer } from '../../../../lambdas/core/challenge/answers.ts';
import { challengeMethods } from '../../../../lambdas/core/risk/decision.ts';

describe('the answer to begin', () => {
  it.each([
    ['{"context":"abc","method":"email-code"}', { context: 'abc', method: 'email-code' }],
    ['{"context":"abc"}', { context: 'abc' }],
    ['{"method":"telepathy"}', {}],
    ['{"context":{"a":1}}', {}],
    ['{}', {}],
    ['', {}],
    ['null', {}],
    ['[1]', {}],
    ['{"context":', {}],
    [`{"context":"${'x'.repeat(7_000)}"}`, {}],
  ])('%s', (answer, read) => expect(readBeginAnswer(answer)).toEqual(read));
});

describe('a passkey with begin', () => {
  it('is read with its challenge', () =>
    expect(readBeginAnswer('{"passkey":{"credential":{"id":"a"},"challenge":"c"}}')).toEqual({
      passkey: { credential: '{"id":"a"}', challenge: 'c' },
    }));

  it.each([
    '{"passkey":{"credential":"x","challenge":"c"}}',
    '{"passkey":{"credential":{}}}',
    '{"passkey":[]}',
  ])('is none in %s', (answer) => expect(readBeginAnswer(answer)).toEqual({}));
});

const link = 'l'.repeat(44);

describe('the answer to a round', () => {
  it.each([
    ['email-code', '12345678', { kind: 'proof', text: '12345678' }],
    ['sms-code', '12345678', { kind: 'proof', text: '12345678' }],
    ['totp', '123456', { kind: 'proof', text: '123456' }],
    ['totp', '12345678', { kind: 'malformed' }],
    ['recovery-code', 'abcde-12345', { kind: 'proof', text: 'abcde-12345' }],
    ['recovery-code', 'x'.repeat(41), { kind: 'malformed' }],
    ['magic-link', `{"link":"${link}"}`, { kind: 'proof', text: link }],
    ['magic-link', link, { kind: 'malformed' }],
    ['passkey', '{"credential":{"id":"a"}}', { kind: 'proof', text: '{"id":"a"}' }],
    ['passkey', '{"credential":"a"}', { kind: 'malformed' }],
    ['email-code', '{"resend":true}', { kind: 'resend' }],
    ['email-code', '{"resend":"true"}', { kind: 'malformed' }],
    ['email-code', '{"method":"totp"}', { kind: 'switch', method: 'totp' }],
    ['email-code', '{"method":"password"}', { kind: 'malformed' }],
    ['email-code', '1234567', { kind: 'malformed' }],
    ['email-code', '123456789', { kind: 'malformed' }],
    ['email-code', '1234 5678', { kind: 'malformed' }],
    ['email-code', '12345678\n', { kind: 'malformed' }],
    ['email-code', '١٢٣٤٥٦٧٨', { kind: 'malformed' }],
  ] as const)('of %s: %j', (method, answer, read) => expect(readRoundAnswer(method, answer)).toEqual(read));

  it('reads any text without throwing', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...challengeMethods),
        fc.oneof(fc.string(), fc.json()),
        (method, text) => readRoundAnswer(method, text).kind !== undefined && !!readBeginAnswer(text),
      ),
    ));
});
