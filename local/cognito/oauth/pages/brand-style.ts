import type { HttpResponse } from '../../../platform.ts';
import type { Branding } from '../brandings.ts';

export const brandStylePath = '/assets/brand.css';

/** Where a colour of the local pages is found in the settings of a style; Cognito's own pages paint much more. */
const colours: Readonly<Record<string, (mode: string) => readonly string[]>> = {
  ground: (mode) => ['components', 'pageBackground', mode, 'color'],
  card: (mode) => ['components', 'form', mode, 'backgroundColor'],
  ink: (mode) => ['components', 'pageText', mode, 'headingColor'],
  soft: (mode) => ['components', 'pageText', mode, 'descriptionColor'],
  line: (mode) => ['componentClasses', 'input', mode, 'defaults', 'borderColor'],
  accent: (mode) => ['components', 'primaryButton', mode, 'defaults', 'backgroundColor'],
  'on-accent': (mode) => ['components', 'primaryButton', mode, 'defaults', 'textColor'],
};

/** The style of a client as a style sheet; empty where it has none. What is no colour or number never gets into it. */
export function brandStyle(branding: Branding | undefined): HttpResponse {
  const settings = branding?.settings;
  const light = declarations(settings, 'lightMode');
  const dark = declarations(settings, 'darkMode');
  const radius = at(settings, ['componentClasses', 'buttons', 'borderRadius']);
  const corners = Number.isFinite(Number(radius ?? Number.NaN))
    ? `main,input:not([type="hidden"]),button,.button{border-radius:${Number(radius)}px}`
    : '';
  const body = `:root{${light}}@media (prefers-color-scheme:dark){:root{${dark}}}${corners}`;
  return {
    status: 200,
    headers: {
      'content-type': 'text/css; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    },
    body,
  };
}

const declarations = (settings: unknown, mode: string): string =>
  Object.entries(colours)
    .map(([name, path]) => [name, at(settings, path(mode))])
    .filter(([, value]) => typeof value === 'string' && /^[0-9a-f]{8}$/i.test(value))
    .map(([name, value]) => `--${name}:#${value};`)
    .join('');

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? (found as Readonly<Record<string, unknown>>)[key]
        : undefined,
    value,
  );

/** The logo of the form in both schemes, as pages may show it without a request of its own. */
export function brandLogos(branding: Branding | undefined): {
  readonly light?: string;
  readonly dark?: string;
} {
  const assets = (branding?.assets ?? []) as readonly Readonly<Record<string, unknown>>[];
  const find = (...modes: readonly string[]) => {
    const found = assets.find(
      (asset) =>
        asset.Category === 'FORM_LOGO' &&
        asset.Extension === 'SVG' &&
        modes.includes(String(asset.ColorMode)) &&
        /^[A-Za-z0-9+/]+={0,2}$/.test(String(asset.Bytes)),
    );
    return found && `data:image/svg+xml;base64,${String(found.Bytes)}`;
  };
  const [light, dark] = [find('LIGHT', 'DYNAMIC'), find('DARK')];
  return { ...(light && { light }), ...(dark && { dark }) };
}
