import fc from 'fast-check';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { isLinkCode, linkCode } from '../../../../../portal/src/pages/account/links/link-code.ts';
import {
  codesFile,
  inGroups,
  isPhoneNumber,
  phoneNumber,
} from '../../../../../portal/src/pages/account/security/groups.ts';
import { pathOf } from '../../../../../portal/src/pages/account/security/squares.ts';
import { deviceParts, freeName } from '../../../../../portal/src/pages/account/sessions/device-parts.ts';
import { isSettled, lookAgainAfterMs } from '../../../../../portal/src/pages/account/sessions/settling.ts';

describe('a key that is typed in', () => {
  it('stands in groups of four and loses nothing', () => {
    expect(inGroups('JBSWY3DPEHPK3PXPAB')).toBe('JBSW Y3DP EHPK 3PXP AB');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ABC234') }), (key) => {
        expect(inGroups(key).replaceAll(' ', '')).toBe(key);
      }),
    );
  });
});

describe('a file of recovery codes', () => {
  it('has one code per line, below what they are for', () => {
    expect(codesFile(['For: Shop'], ['AAAAA-11111', 'BBBBB-22222'])).toBe(
      'For: Shop\r\n\r\nAAAAA-11111\r\nBBBBB-22222\r\n',
    );
  });
});

describe('a phone number', () => {
  it.each([
    ['+49 151 2345-6789', '+4915123456789'],
    ['0049 (151) 23456789', '+4915123456789'],
    ['+٤٩١٥١٢٣٤٥٦٧٨٩', '+4915123456789'],
  ])('is taken as people write it: %s', (typed, sent) => {
    expect(phoneNumber(typed)).toBe(sent);
    expect(isPhoneNumber(sent)).toBe(true);
  });

  it.each(['0151 2345', '+0151234567', '+49', ''])('needs a country code: %s', (typed) => {
    expect(isPhoneNumber(phoneNumber(typed))).toBe(false);
  });
});

describe('a link code', () => {
  it.each(['4F7K-9M2Q', '4f7k9m2q', ' 4f7k 9m2q '])('is read however it was typed: %s', (typed) => {
    expect(linkCode(typed)).toBe('4F7K-9M2Q');
    expect(isLinkCode(linkCode(typed))).toBe(true);
  });

  it.each(['4F7K', '4F7K-9M2Q-1', ''])('is none: %s', (typed) => {
    expect(isLinkCode(linkCode(typed))).toBe(false);
  });
});

describe('the name of a device', () => {
  it('has a browser and a system, one of them, or none', () => {
    expect(deviceParts('Firefox on Windows')).toEqual({ browser: 'Firefox', system: 'Windows' });
    expect(deviceParts('Samsung Internet')).toEqual({ browser: 'Samsung Internet' });
    expect(deviceParts('Unknown device')).toEqual({});
    expect(deviceParts(undefined)).toEqual({});
  });

  it('gets a number where it is taken', () => {
    expect(freeName('Firefox', [])).toBe('Firefox');
    expect(freeName('Firefox', ['Firefox', 'Firefox 2'])).toBe('Firefox 3');
  });
});

describe('a list that is written seconds behind a sign-in', () => {
  it('is looked at again until it has this session, a few times', () => {
    const startedAt = '2026-11-22T10:00:00.000Z';
    expect(isSettled([{ current: true }, { current: false, startedAt }])).toBe(false);
    expect(isSettled([{ current: true, startedAt }])).toBe(true);
    expect(lookAgainAfterMs(0)).toBe(1_500);
    expect(lookAgainAfterMs(5)).toBeUndefined();
  });
});

describe('a QR code as one path', () => {
  it('covers exactly its dark squares', () => {
    const { data } = encode('otpauth://totp/Shop:ada?secret=JBSWY3DPEHPK3PXP', { border: 1 });
    const covered = data.map((row) => row.map(() => false));
    for (const [, x, y, width] of pathOf(data).matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) {
      for (let at = Number(x); at < Number(x) + Number(width); at += 1) (covered[Number(y)] ?? [])[at] = true;
    }
    expect(covered).toEqual(data);
  });
});
