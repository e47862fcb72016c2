import { describe, expect, it } from 'vitest';
import { passkeyOrigins, relyingPartyId } from '../../../../lib/config/passkeys.ts';
import { poolPasswordLength } from '../../../../lib/config/password-length.ts';

describe('the relying party', () => {
  const origins = ['https://www.shop.example', 'https://shop.example:8443', 'https://shop.example.evil.test'];

  it('is what the configuration says, or the host of the first origin', () => {
    expect(relyingPartyId({ origins, passkeys: { relyingPartyId: 'shop.example' } })).toBe('shop.example');
    expect(relyingPartyId({ origins })).toBe('www.shop.example');
  });

  it('has the pages on its domain and below it, with the portal', () => {
    const passkeys = { relyingPartyId: 'shop.example' };
    expect(
      passkeyOrigins({
        origins,
        passkeys,
        portal: { enabled: false, url: 'https://account.shop.example/portal' },
      }),
    ).toEqual(['https://www.shop.example', 'https://shop.example:8443', 'https://account.shop.example']);
    expect(passkeyOrigins({ origins: ['https://notshop.example'], passkeys })).toEqual([]);
  });
});

it('has the pool ask for the shorter of both lengths', () => {
  expect(poolPasswordLength()).toBe(15);
  expect(poolPasswordLength({ minLength: 12 })).toBe(12);
  expect(poolPasswordLength({ minLengthWithFactor: 8 })).toBe(8);
});
