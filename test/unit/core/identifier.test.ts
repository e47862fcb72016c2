import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalIdentifier, maskedDestination } from '../../../lambdas/core/identifier.ts';

describe('canonical identifier', () => {
  it.each([
    ['mia@example.com', 'mia@example.com'],
    ['  Mia@Example.COM ', 'mia@example.com'],
    ['mia+shop@example.co.uk', 'mia+shop@example.co.uk'],
    ['m.i.a@sub.example.com', 'm.i.a@sub.example.com'],
    ["o'brien@example.com", "o'brien@example.com"],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
  ])('reads %j as %j', (typed, canonical) => expect(canonicalIdentifier(typed)).toBe(canonical));

  it.each([
    ['nothing', ''],
    ['no at sign', 'mia'],
    ['a list', 'mia@example.com,eve@evil.example'],
    ['a list with semicolon', 'mia@example.com;eve@evil.example'],
    ['a list with space', 'mia@example.com eve@evil.example'],
    ['two at signs', 'mia@example.com@evil.example'],
    ['a display name', 'Mia <mia@example.com>'],
    ['a quoted local part', '"mia@example.com,"@evil.example'],
    ['a comment', 'mia(x)@example.com'],
    ['a line break at the end', 'mia@example.com\r\n'],
    ['a header', 'mia@example.com\r\nBcc: eve@evil.example'],
    ['a tab', '\tmia@example.com'],
    ['a zero byte', 'mia\0@example.com'],
    ['a zero width space', 'mia\u200b@example.com'],
    ['a Cyrillic a', 'mi\u0430@example.com'],
    ['a full width at sign', 'mia\uff20example.com'],
    ['the Kelvin sign, which lower-cases to k', 'mi\u212a@example.com'],
    ['an accent', 'mi\u00e9@example.com'],
    ['a homograph domain', 'mia@ex\u0430mple.com'],
    ['an address literal', 'mia@[127.0.0.1]'],
    ['an IP address as domain', 'mia@127.0.0.1'],
    ['one label', 'mia@localhost'],
    ['an empty label', 'mia@example..com'],
    ['a label that begins with a hyphen', 'mia@-example.com'],
    ['a dot at the end', 'mia@example.com.'],
    ['a dot at the start', '.mia@example.com'],
    ['two dots', 'm..a@example.com'],
    ['a local part of 65', `${'a'.repeat(65)}@example.com`],
    ['255 characters', `mia@${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(57)}.ex`],
    ['a very long text', 'a'.repeat(100_000)],
  ])('refuses %s', (_given, typed) => expect(canonicalIdentifier(typed)).toBeUndefined());

  it('is idempotent, and never holds a separator, control or non-ASCII character', () =>
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' })), (typed) => {
        const canonical = canonicalIdentifier(typed);
        if (canonical === undefined) return;
        expect(canonicalIdentifier(canonical)).toBe(canonical);
        expect(canonical).toMatch(/^[^\s,;:<>"()\\@\u0080-\uffff]+@[a-z0-9.-]+$/);
      }),
    ));
});

describe('masked destination', () => {
  it('shows no more than first characters and the last label', () => {
    const identifier = canonicalIdentifier('mia.long@shop.example.com');
    expect(identifier && maskedDestination(identifier)).toBe('m***@s***.com');
  });
});
