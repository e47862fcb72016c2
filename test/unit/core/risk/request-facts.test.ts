import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressPrefixes, deviceLabel } from '../../../../lambdas/core/risk/request-facts.ts';

describe('address prefixes', () => {
  it.each([
    ['203.0.113.77', { network: '203.0.113.0/24', address: '203.0.113.77' }],
    ['::ffff:203.0.113.77', { network: '203.0.113.0/24', address: '203.0.113.77' }],
    ['2001:db8:aa:bb:1:2:3:4', { network: '2001:db8:aa::/48', address: '2001:db8:aa:bb::/64' }],
    ['2001:DB8:AA:BB::1', { network: '2001:db8:aa::/48', address: '2001:db8:aa:bb::/64' }],
    ['::1', { network: '0:0:0::/48', address: '0:0:0:0::/64' }],
  ])('of %s', (sourceIp, prefixes) => expect(addressPrefixes(sourceIp)).toEqual(prefixes));

  it.each([
    '',
    'localhost',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '12345::',
    '::1%eth0',
    '2001:db8',
  ])('are none for %j', (text) => expect(addressPrefixes(text)).toBeUndefined());

  it('are the same for every spelling of an IPv6 address', () =>
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const long = addressPrefixes(address);
        expect(addressPrefixes(address.toUpperCase())).toEqual(long);
      }),
    ));
});

describe('device label', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'Firefox on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile/15E Safari/604',
      'Safari on iPhone',
    ],
    ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140.0 Mobile Safari/537', 'Chrome on Android'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/537 Chrome/140 Safari/537 Edg/140',
      'Edge on macOS',
    ],
    ['okhttp/5.0', 'App on Android'],
    ['', 'Unknown device'],
    ['<script>\r\nX: y', 'Unknown device'],
  ])('of %j is %s', (agent, label) => expect(deviceLabel(agent)).toBe(label));

  it('holds no text of the caller', () =>
    fc.assert(fc.property(fc.string(), (agent) => deviceLabel(agent).length <= 32)));
});
