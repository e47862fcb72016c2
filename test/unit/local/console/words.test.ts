import { describe, expect, it } from 'vitest';
import { ago, duration, milliseconds } from '../../../../local/console/times.ts';
import { eventIn, factIn, reasonIn, shortArn, shortName } from '../../../../local/console/words.ts';

const now = Date.parse('2026-11-22T12:00:00.000Z');

describe('words of the console', () => {
  it.each([
    [{ code: 'DEVICE_NEW', value: 'new', weight: 40 }, 'new device'],
    [{ code: 'CONTEXT_UNKNOWN', value: 'replayed' }, 'request context replayed'],
    [{ code: 'ADDRESS_FAILURES', value: 31 }, 'failed attempts from this address (31)'],
    [{ code: 'ACCOUNT_DORMANT', value: 95 }, 'account not used for 95 days'],
    [{ code: 'PROOF_OLD', value: 'never' }, 'nothing but the password proven so far'],
    [{ code: 'PROOF_OLD', value: 40 }, 'nothing but the password proven for 40 days'],
    [{ code: 'SOMETHING_LATER' }, 'something later'],
  ])('says %j as %j', (reason, text) => expect(reasonIn(reason)).toBe(text));

  it('names events and facts', () => {
    expect(eventIn('sign-in.code-sent')).toBe('Sign-in: code sent');
    expect(factIn('newDevice')).toBe('new device');
  });

  it.each([
    ['IdentityTablesRisk89AD581E-555b93487f64', 'IdentityTablesRisk'],
    ['identityauditarchivebucket2c36be79-b7922266676a', 'identityauditarchivebucket'],
    ['79cda016-c4d3-493c-a3ed-0123456789ab', '79cda016-c4d3-493c-a3ed-0123456789ab'],
  ])('shortens %s to %s', (name, short) => expect(shortName(name)).toBe(short));

  it('shortens ARNs, and leaves what is none', () => {
    const arn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/IdentityTablesRisk89AD581E-555b93487f64';
    expect(shortArn(arn)).toBe('dynamodb table/IdentityTablesRisk');
    expect(shortArn('*')).toBe('*');
  });
});

describe('times of the console', () => {
  it.each([
    [0, 'just now'],
    [59_000, '59 s ago'],
    [61_000, '1 min ago'],
    [7_300_000, '2 h ago'],
    [200_000_000, '2 d ago'],
    [-60_000, 'just now'],
  ])('says %i ms before now as %j, with the exact time on hover', (before, text) => {
    const { markup } = ago(now - before, now);
    expect(markup).toContain(`>${text}</time>`);
    expect(markup).toMatch(/title="2026-11-\d\d \d\d:\d\d:\d\d\.000 UTC"/);
  });

  it('says durations in their two largest units', () => {
    expect(duration(90_061_000)).toBe('1 d 1 h');
    expect(duration(0)).toBe('0 s');
    expect([milliseconds(undefined), milliseconds(6.75), milliseconds(71.7)]).toEqual([
      '–',
      '6.8 ms',
      '72 ms',
    ]);
  });
});
