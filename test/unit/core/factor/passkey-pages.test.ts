import { expect, it } from 'vitest';
import { passkeyPages } from '../../../../lambdas/core/factor/passkey-pages.ts';

const env = { RELYING_PARTY_ID: 'shop.example', PASSKEY_ORIGINS: 'https://shop.example' };

it.each([
  { portalUrl: 'https://account.shop.example/portal', more: ['https://account.shop.example'] },
  { portalUrl: 'https://shop.example/portal', more: [] },
  { portalUrl: 'https://d111.cloudfront.net/portal', more: [] },
  { portalUrl: 'https://evilshop.example/portal', more: [] },
])('takes passkeys of a portal at $portalUrl as the domain allows', ({ portalUrl, more }) => {
  expect(passkeyPages(env, { portalUrl })).toEqual(['https://shop.example', ...more]);
});

it('takes those of the portal alone where nothing else is configured', () => {
  const local = { RELYING_PARTY_ID: 'localhost', PASSKEY_ORIGINS: '' };
  expect(passkeyPages(local, { portalUrl: 'http://localhost:4400/portal' })).toEqual([
    'http://localhost:4400',
  ]);
});
