import { signal } from '@preact/signals';
import { type Brand, pickBrand, wearBrand } from './brand.ts';

/** `/portal/configuration.json`: what the installation offers and how it looks. */
export interface PortalConfiguration {
  readonly version: 1;
  /** BCP 47; the first is the default. */
  readonly languages: readonly string[];
  readonly brands: readonly Brand[];
  readonly methods: readonly string[];
  /** What may stand in place of the password. */
  readonly passwordless: readonly string[];
  readonly providers: readonly {
    readonly name: string;
    readonly label: string;
    readonly kind: string;
  }[];
  readonly sms: boolean;
  /** Characters of a new password; 0 where it is not known. */
  readonly passwordMinLength: number;
}

/** Where the configuration cannot be had: every page still works with a password. */
const plain: PortalConfiguration = {
  version: 1,
  languages: ['en', 'de', 'fr', 'es', 'ar'],
  brands: [],
  methods: ['passkey'],
  passwordless: [],
  providers: [],
  sms: false,
  passwordMinLength: 0,
};

const unnamed: Brand = {
  id: '',
  name: '',
  hosts: [],
  clients: [],
  tokens: { light: {}, dark: {} },
};

const clientKey = 'vestibule:client';

export const configuration = signal<PortalConfiguration>(plain);
export const brand = signal<Brand>(unnamed);

/** Reads the configuration and wears its brand; pages are rendered after that, so that no colour flashes. */
export async function startConfiguration(): Promise<void> {
  const client = new URLSearchParams(location.search).get('client');
  if (client) sessionStorage.setItem(clientKey, client);
  try {
    const answer = await fetch('/portal/configuration.json', { credentials: 'same-origin' });
    if (!answer.ok) throw new Error(`/portal/configuration.json: expected 200, got ${answer.status}`);
    configuration.value = (await answer.json()) as PortalConfiguration;
  } catch (error) {
    // Reported like any other fault; a sign-in that looks plain is better than none.
    reportError(error);
  }
  const { brands } = configuration.value;
  const picked = pickBrand(brands, { client: sessionStorage.getItem(clientKey), host: location.host });
  if (!picked) return;
  brand.value = picked;
  wearBrand(picked);
}
