import type { Brand, ServiceConfiguration } from './configuration.ts';
import { brandHeader } from './request-headers.ts';

/** Key of Cognito's `ClientMetadata` with the same meaning. */
export const brandMetadataKey = 'vestibule_brand';

const idForm = /^[a-z][a-z0-9-]{0,29}$/;

/** What a page says about its brand, if it has the form of an id; whether there is such a brand is asked where it is used. */
export const brandWish = (headers: Readonly<Record<string, string | undefined>>): string | undefined => {
  const wish = headers[brandHeader];
  return wish !== undefined && idForm.test(wish) ? wish : undefined;
};
export const isBrandId = (value: unknown): value is string => typeof value === 'string' && idForm.test(value);

type Brands = Pick<ServiceConfiguration, 'brands'>;

/** The wish where it names a configured brand: anybody may send anything, and an unknown brand is no error. */
export const knownBrand = ({ brands = [] }: Brands, wish: string | undefined): string | undefined =>
  brands.find(({ id }) => id === wish)?.id;

/** The brand that an app client belongs to; `undefined` for a client of all brands. */
export const brandOfClient = ({ brands = [] }: Brands, client: string | undefined): string | undefined =>
  client === undefined ? undefined : brands.find(({ clients }) => clients.includes(client))?.id;

/** Whether it is worth asking which client it was. */
export const hasBrandClients = ({ brands = [] }: Brands): boolean =>
  brands.some(({ clients }) => clients.length > 0);

/**
 * The configuration in the words of one brand.
 * @param wishes - ids of brands, strongest first; those that are not configured do not count
 */
export function inBrand<Config extends Brands & { readonly brand: Brand }>(
  config: Config,
  ...wishes: readonly (string | undefined)[]
): Config {
  const id = wishes.find((wish) => knownBrand(config, wish) !== undefined);
  const brand = config.brands?.find((each) => each.id === id);
  return brand ? { ...config, brand } : config;
}
