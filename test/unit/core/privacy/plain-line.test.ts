import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutPersonalText } from '../../../../lambdas/core/privacy/plain-line.ts';

describe("a stranger's text in a log", () => {
  it.each([
    ['a line\r\n{"level":"error"}', 'a line {"level":"error"}'],
    ['turned \u202e around\u2028here', 'turned   around here'],
    ['mail of ada@example.com failed', 'mail of … failed'],
    ['call +49 151 1234 5678 now', 'call … now'],
    [`token ${'a1B2'.repeat(10)} expired`, 'token … expired'],
    ["TypeError: can't access property of undefined", "TypeError: can't access property of undefined"],
  ])('%j becomes %j', (text, line) => expect(withoutPersonalText(text)).toBe(line));

  it('is one line without control or format characters, whatever it was', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(withoutPersonalText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    ));
});
