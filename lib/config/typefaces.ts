import { defaultLook } from '../../lambdas/core/messages/look.ts';

/** Fonts of the common systems, each with one for Arabic; a font of the web would be a request to somebody else. */
export const typefaces = {
  system: defaultLook.font,
  humanist: 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", "Noto Sans Arabic", sans-serif',
  geometric: 'Avenir, Montserrat, Corbel, "URW Gothic", "Noto Sans Arabic", sans-serif',
  rounded:
    'ui-rounded, "Hiragino Maru Gothic ProN", Quicksand, Comfortaa, Manjari, "Arial Rounded MT Bold", Calibri, "Noto Sans Arabic", sans-serif',
  serif: 'Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "Noto Naskh Arabic", serif',
} as const;

export type TypefaceName = keyof typeof typefaces;
export const typefaceNames = ['system', 'humanist', 'geometric', 'rounded', 'serif'] as const;
