import { describe, expect, it } from 'vitest';
import { brandOfClient, brandWish, inBrand, isBrandId, knownBrand } from '../../../lambdas/core/brand.ts';

const config = {
  brand: { name: 'Linden' },
  brands: [
    { id: 'default', name: 'Linden', clients: [] },
    { id: 'hearth', name: 'Hearth', clients: ['fireside'] },
  ],
};

describe('the brand of a request', () => {
  it.each([
    ['hearth', 'hearth'],
    ['someone-elses', 'someone-elses'],
    ['Hearth', undefined],
    ['hearth\r\nBcc: x@y.example', undefined],
    ['<script>', undefined],
    ['a'.repeat(31), undefined],
    ['__proto__', undefined],
    ['', undefined],
  ])('%j is the wish %j', (header, wish) => {
    expect(brandWish({ 'x-vestibule-brand': header })).toBe(wish);
    expect(isBrandId(header)).toBe(wish !== undefined);
  });

  it('is none without the header, whatever host the page has', () =>
    expect(brandWish({ host: 'hearth.example', 'x-forwarded-host': 'hearth.example' })).toBeUndefined());

  it('counts only when it is configured', () => {
    expect(knownBrand(config, 'hearth')).toBe('hearth');
    for (const wish of ['constructor', 'nobody', undefined]) expect(knownBrand(config, wish)).toBeUndefined();
    expect(knownBrand({}, 'hearth')).toBeUndefined();
  });

  it('falls back to that of the client, then to the default', () => {
    expect(brandOfClient(config, 'fireside')).toBe('hearth');
    expect(brandOfClient(config, 'shop')).toBeUndefined();
    expect(inBrand(config, 'nobody', brandOfClient(config, 'fireside')).brand.name).toBe('Hearth');
    expect(inBrand(config, 'default', 'hearth').brand.name).toBe('Linden');
    expect(inBrand(config, 'nobody', undefined).brand).toBe(config.brand);
  });
});
