import { logoAsDataUrl } from '../config/brand-logo.ts';
import { allBrands, type BrandConfig, type BrandTokens, brandTokens } from '../config/brands.ts';
import type { VestibuleConfig } from '../config/types.ts';

/** How the pages look and speak under one name. */
export interface PortalBrand {
  readonly id: string;
  readonly name: string;
  readonly supportUrl?: string;
  /** Hosts of the portal that show it. */
  readonly hosts: readonly string[];
  /** Names in the configuration of the clients that show it. */
  readonly clients: readonly string[];
  /** `data:` addresses, so that a page shows it without a further request. */
  readonly logo?: { readonly light: string; readonly dark?: string; readonly alt: string };
  /** What is absent is the portal's own. */
  readonly tokens: BrandTokens;
  readonly texts?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly links?: { readonly terms?: string; readonly privacy?: string };
}

/** The brands of an installation, the default first. */
export const portalBrands = (config: Pick<VestibuleConfig, 'brand' | 'brands'>): readonly PortalBrand[] =>
  allBrands(config).map((brand) => ({
    id: brand.id,
    name: brand.name,
    ...(brand.supportUrl && { supportUrl: brand.supportUrl }),
    hosts: brand.hosts ?? [],
    clients: brand.clients ?? [],
    ...(brand.logo && { logo: shownLogo(brand.logo) }),
    tokens: brandTokens(brand),
    ...(brand.texts && { texts: brand.texts }),
    ...(brand.links && { links: brand.links }),
  }));

const shownLogo = ({ light, dark, alt }: NonNullable<BrandConfig['logo']>) => ({
  light: logoAsDataUrl(light),
  ...(dark && { dark: logoAsDataUrl(dark) }),
  alt,
});
