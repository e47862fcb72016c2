import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBeginAnswer, readCodeAnswer } from '../../../../lambdas/core/challenge/answers.ts';

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
    [`{"context":"${'x'.repeat(5_000)}"}`, {}],
  ])('%s', (answer, read) => expect(readBeginAnswer(answer)).toEqual(read));
});

describe('the answer to a code', () => {
  it.each([
    ['12345678', { kind: 'code', code: '12345678' }],
    ['{"resend":true}', { kind: 'resend' }],
    ['{"resend":"true"}', { kind: 'malformed' }],
    ['1234567', { kind: 'malformed' }],
    ['123456789', { kind: 'malformed' }],
    ['1234 5678', { kind: 'malformed' }],
    ['12345678\n', { kind: 'malformed' }],
    ['١٢٣٤٥٦٧٨', { kind: 'malformed' }],
  ])('%j', (answer, read) => expect(readCodeAnswer(answer)).toEqual(read));

  it('reads any text without throwing', () =>
    fc.assert(
      fc.property(fc.string(), (text) => readCodeAnswer(text).kind !== undefined && !!readBeginAnswer(text)),
    ));
});
