import { describe, expect, it } from 'vitest';
import { pickBrand, tokensOf } from '../../../portal/src/brand.ts';

const aBrand = (id: string, more: { hosts?: string[]; clients?: string[] } = {}) => ({
  id,
  hosts: more.hosts ?? [],
  clients: more.clients ?? [],
});

const brands = [
  aBrand('linden'),
  aBrand('fern', { hosts: ['account.fern.example'], clients: ['fern-app', 'abc123'] }),
  aBrand('local', { hosts: ['localhost:4400'] }),
];

describe('the brand of a page', () => {
  it.each([
    { given: 'a client', client: 'fern-app', host: 'account.linden.example', brand: 'fern' },
    { given: 'the id of a client', client: 'abc123', host: 'account.linden.example', brand: 'fern' },
    { given: 'a host', client: null, host: 'account.fern.example', brand: 'fern' },
    { given: 'a host with a port', client: null, host: 'account.fern.example:8443', brand: 'fern' },
    { given: 'a host that names its port', client: null, host: 'localhost:4400', brand: 'local' },
    { given: 'a client nobody knows', client: 'x', host: 'account.fern.example', brand: 'fern' },
    { given: 'nothing that is known', client: null, host: 'elsewhere.example', brand: 'linden' },
  ])('is $brand by $given', ({ client, host, brand }) =>
    expect(pickBrand(brands, { client, host })?.id).toBe(brand),
  );

  it('is none where no brand is configured', () =>
    expect(pickBrand([], { client: null, host: 'x' })).toBeUndefined());
});

describe('tokens of a brand', () => {
  const tokens = {
    light: { '--brand': '#123456', surface: '#ffffff' },
    dark: { '--brand': '#abcdef' },
    radius: '4px',
  };

  it('are those of the colour scheme, with corners and type', () => {
    expect(tokensOf({ tokens }, 'light')).toEqual([
      ['--brand', '#123456'],
      ['--surface', '#ffffff'],
      ['--radius', '4px'],
    ]);
    expect(tokensOf({ tokens }, 'dark')).toEqual([
      ['--brand', '#abcdef'],
      ['--radius', '4px'],
    ]);
  });

  it('are CSS variables only', () =>
    expect(tokensOf({ tokens: { light: { 'x;color': 'red', '--OK?': 'x' }, dark: {} } }, 'light')).toEqual(
      [],
    ));
});
