/** A brand as `/portal/configuration.json` describes it. */
export interface Brand {
  readonly id: string;
  readonly name: string;
  readonly supportUrl?: string;
  /** Host names, with a port where it is not the scheme's own, under which this brand is shown. */
  readonly hosts: readonly string[];
  /** Ids and names of the clients that come with it. */
  readonly clients: readonly string[];
  readonly logo?: { readonly light: string; readonly dark?: string; readonly alt: string };
  readonly tokens: {
    /** CSS variables by name, as `--brand`. */
    readonly light: Readonly<Record<string, string>>;
    readonly dark: Readonly<Record<string, string>>;
    readonly radius?: string;
    readonly font?: string;
  };
  /** Lines that replace those of the portal: by language, then `area/key`. */
  readonly texts?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly links?: { readonly terms?: string; readonly privacy?: string };
}

/** The brand of the client that sent the person here, else of the host, else the first. */
export function pickBrand<B extends Pick<Brand, 'clients' | 'hosts'>>(
  brands: readonly B[],
  { client, host }: { readonly client?: string | null; readonly host: string },
): B | undefined {
  const hostname = host.replace(/:\d+$/, '');
  return (
    brands.find(({ clients }) => client != null && clients.includes(client)) ??
    brands.find(({ hosts }) => hosts.includes(host)) ??
    brands.find(({ hosts }) => hosts.includes(hostname)) ??
    brands[0]
  );
}

/** Its tokens for one colour scheme, ready for `setProperty`; what is no CSS variable is left out. */
export function tokensOf({ tokens }: Pick<Brand, 'tokens'>, scheme: 'light' | 'dark'): [string, string][] {
  const all = {
    ...tokens[scheme],
    ...(tokens.radius !== undefined && { radius: tokens.radius }),
    ...(tokens.font !== undefined && { font: tokens.font }),
  };
  return Object.entries(all)
    .map(([name, value]): [string, string] => [name.startsWith('--') ? name : `--${name}`, value])
    .filter(([name]) => /^--[a-z][a-z0-9-]*$/.test(name));
}

/** Puts the brand's colours, corners and type on the page, and changes them with the colour scheme. */
export function wearBrand(brand: Pick<Brand, 'tokens'>): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const wear = () => {
    const { style } = document.documentElement;
    for (const [name, value] of tokensOf(brand, dark.matches ? 'dark' : 'light'))
      style.setProperty(name, value);
  };
  wear();
  dark.addEventListener('change', wear);
}
