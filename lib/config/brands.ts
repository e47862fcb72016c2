import type { BrandLook, LocalizedText, LookColour } from '../../lambdas/core/configuration.ts';
import { defaultLook } from '../../lambdas/core/messages/look.ts';
import { type TypefaceName, typefaces } from './typefaces.ts';
import type { VestibuleConfig } from './types.ts';

/** How one name looks and speaks: pages, sign-in pages of the pool, mails. All brands share the accounts. */
export interface BrandConfig {
  /** Lower-case; for good, because profiles and links keep it. */
  readonly id: string;
  readonly name: string;
  readonly supportUrl?: string;
  /**
   * `#rrggbb` by name of the portal's colour (docs/brands.md); what is set for one scheme is set for the other, too. The
   * synth measures every pair of colours that the pages use (WCAG 2.2 AA). @default - the portal's own
   */
  readonly colours?: {
    readonly light?: Readonly<Partial<Record<LookColour, string>>>;
    readonly dark?: Readonly<Partial<Record<LookColour, string>>>;
  };
  /** Fonts that devices have: none is fetched. @default 'system' */
  readonly typeface?: TypefaceName;
  /** Corners in pixels, 0 to 32. @default 14 */
  readonly radius?: number;
  /** SVG files, from the folder in which the synth runs. @default - the name in letters */
  readonly logo?: { readonly light: string; readonly dark?: string; readonly alt: string };
  /** Lines of the portal in other words: by language, then `area/key`. */
  readonly texts?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly mail?: BrandMailConfig;
  /** Hosts of the portal that show it, with a port where it is not the scheme's own. */
  readonly hosts?: readonly string[];
  /** Names of the clients that come with it. */
  readonly clients?: readonly string[];
  readonly links?: { readonly terms?: string; readonly privacy?: string };
}

/** The brand of everything that no other one claims. */
export type DefaultBrandConfig = Omit<BrandConfig, 'id'> & {
  /** @default 'default' */
  readonly id?: string;
};

export interface BrandMailConfig {
  /** Covered by the identity of `mail`, or by one of its own that you verified. @default - `mail.from` */
  readonly from?: string;
  /** @default - `mail.replyTo` */
  readonly replyTo?: string;
  /** At the end of every mail. @default - the name */
  readonly signature?: LocalizedText;
}

/** All brands, the default one first. */
export const allBrands = ({
  brand,
  brands = [],
}: Pick<VestibuleConfig, 'brand' | 'brands'>): readonly BrandConfig[] => [
  { id: 'default', ...brand },
  ...brands,
];

/** The brand whose client it is, else the default one. */
export function brandOfClientNamed(
  config: Pick<VestibuleConfig, 'brand' | 'brands'>,
  client: string,
): BrandConfig {
  const [first, ...others] = allBrands(config);
  const found = others.find(({ clients = [] }) => clients.includes(client)) ?? first;
  if (!found) throw new Error('brands: none configured');
  return found;
}

type Looks = Pick<BrandConfig, 'colours' | 'typeface' | 'radius'>;

/** What the brand sets itself; for the pages, whose style sheet has the rest. */
export const brandTokens = ({ colours, typeface, radius }: Looks): BrandTokens => ({
  light: { ...colours?.light },
  dark: { ...colours?.dark },
  ...(radius !== undefined && { radius: `${radius}px` }),
  ...(typeface && { font: typefaces[typeface] }),
});

/** Values of CSS custom properties, by their names without `--` (portal/src/kit/kit.css). */
export interface BrandTokens {
  readonly light: Readonly<Partial<Record<LookColour, string>>>;
  readonly dark: Readonly<Partial<Record<LookColour, string>>>;
  readonly radius?: string;
  readonly font?: string;
}

/** With the portal's own colours where it sets none; for mails and the pool's pages, which have no style sheet of ours. */
export function brandLook(brand: Looks): BrandLook {
  const { light, dark, ...shape } = brandTokens(brand);
  return {
    ...defaultLook,
    ...shape,
    light: { ...defaultLook.light, ...light },
    dark: { ...defaultLook.dark, ...dark },
  };
}
