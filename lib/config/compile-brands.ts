import type { ConfiguredBrand, ServiceConfiguration } from '../../lambdas/core/configuration.ts';
import { allBrands, type BrandConfig, brandLook } from './brands.ts';
import type { VestibuleConfig } from './types.ts';

/** What functions need to know of brands: words, addresses and the colours of mails. */
export function compileBrands(
  config: Pick<VestibuleConfig, 'brand' | 'brands'>,
): Pick<ServiceConfiguration, 'brand' | 'brands'> {
  const brands = allBrands(config).map(compiled);
  const [brand] = brands;
  if (!brand) throw new Error('brands: none configured');
  return { brand, brands };
}

const compiled = (brand: BrandConfig): ConfiguredBrand => ({
  id: brand.id,
  name: brand.name,
  clients: brand.clients ?? [],
  ...(brand.supportUrl && { supportUrl: brand.supportUrl }),
  ...(brand.mail && { mail: brand.mail }),
  look: brandLook(brand),
});
