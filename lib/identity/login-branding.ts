import type { LookColour } from '../../lambdas/core/configuration.ts';
import { logoAsBase64 } from '../config/brand-logo.ts';
import { type BrandConfig, brandLook } from '../config/brands.ts';
import { mixed } from '../config/contrast.ts';

type Palette = Readonly<Record<LookColour, string>>;

/** One image of a style, as CloudFormation takes it. */
export interface LoginAsset {
  readonly category: 'FORM_LOGO';
  readonly colorMode: 'LIGHT' | 'DARK' | 'DYNAMIC';
  readonly extension: 'SVG';
  readonly bytes: string;
}

export interface LoginBranding {
  readonly settings: object;
  readonly assets: readonly LoginAsset[];
}

/** Cognito writes colours as `rrggbbaa`. */
const opaque = (colour: string): string => `${colour.slice(1)}ff`;

/**
 * The brand's tokens in the words of Cognito's sign-in pages (`Settings` of a ManagedLoginBranding): what the portal
 * paints on, in and around. Type faces are Cognito's own; it has no setting for them.
 */
export function loginBranding(brand: BrandConfig): LoginBranding {
  const look = brandLook(brand);
  const radius = Number.parseInt(look.radius, 10);
  const modes = (of: (palette: Palette) => object) => ({
    lightMode: of(look.light),
    darkMode: of(look.dark),
  });
  const settings = {
    categories: { global: { colorSchemeMode: 'DYNAMIC' } },
    componentClasses: {
      buttons: { borderRadius: radius },
      divider: modes(({ line }) => ({ borderColor: opaque(line) })),
      focusState: modes(({ brand: colour }) => ({ borderColor: opaque(colour) })),
      input: {
        borderRadius: radius,
        ...modes((palette) => ({
          defaults: { backgroundColor: opaque(palette.surface), borderColor: opaque(edge(palette)) },
          placeholderColor: opaque(palette.muted),
        })),
      },
      inputDescription: modes(({ muted }) => ({ textColor: opaque(muted) })),
      inputLabel: modes(({ text }) => ({ textColor: opaque(text) })),
      link: modes((palette) => ({
        defaults: { textColor: opaque(palette.brand) },
        hover: { textColor: opaque(hovered(palette)) },
      })),
      optionControls: modes((palette) => ({
        defaults: { backgroundColor: opaque(palette.surface), borderColor: opaque(edge(palette)) },
        selected: {
          backgroundColor: opaque(palette.brand),
          foregroundColor: opaque(palette['on-brand']),
        },
      })),
    },
    components: {
      form: {
        borderRadius: radius,
        ...modes(({ surface, line }) => ({ backgroundColor: opaque(surface), borderColor: opaque(line) })),
        logo: {
          enabled: brand.logo !== undefined,
          formInclusion: 'IN',
          location: 'CENTER',
          position: 'TOP',
        },
      },
      pageBackground: {
        image: { enabled: false },
        ...modes(({ background }) => ({ color: opaque(background) })),
      },
      pageText: modes(({ text, muted }) => ({
        bodyColor: opaque(text),
        descriptionColor: opaque(muted),
        headingColor: opaque(text),
      })),
      primaryButton: modes((palette) => ({
        defaults: { backgroundColor: opaque(palette.brand), textColor: opaque(palette['on-brand']) },
        hover: { backgroundColor: opaque(hovered(palette)), textColor: opaque(palette['on-brand']) },
        active: { backgroundColor: opaque(hovered(palette)), textColor: opaque(palette['on-brand']) },
      })),
      secondaryButton: modes((palette) => {
        const standing = {
          backgroundColor: opaque(palette.surface),
          borderColor: opaque(edge(palette)),
          textColor: opaque(palette.text),
        };
        const touched = { ...standing, borderColor: opaque(palette.brand) };
        return { defaults: standing, hover: touched, active: touched };
      }),
    },
  };
  return { settings, assets: brand.logo ? logos(brand.logo) : [] };
}

/** As kit.css derives them. */
const edge = ({ muted, surface }: Palette): string => mixed(muted, 0.72, surface);
const hovered = ({ brand, text }: Palette): string => mixed(brand, 0.88, text);

/** One file for both schemes, or one for each. */
const logos = ({ light, dark }: NonNullable<BrandConfig['logo']>): readonly LoginAsset[] => {
  const asset = (colorMode: LoginAsset['colorMode'], path: string): LoginAsset => ({
    category: 'FORM_LOGO',
    colorMode,
    extension: 'SVG',
    bytes: logoAsBase64(path),
  });
  return dark ? [asset('LIGHT', light), asset('DARK', dark)] : [asset('DYNAMIC', light)];
};
