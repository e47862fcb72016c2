import { brandOfClient, hasBrandClients, inBrand, knownBrand } from '../../core/brand.ts';
import type { Flow } from '../../core/challenge/flow.ts';
import type { Person } from '../person.ts';
import type { SignInServices } from '../services.ts';

/** The configuration in the words of the brand that the sign-in was shown under, else of that of its client. */
export async function inBrandOf(
  { config, clientOf }: SignInServices,
  { client }: Person,
  { brand }: Flow,
): Promise<SignInServices['config']> {
  if (knownBrand(config, brand) !== undefined) return inBrand(config, brand);
  if (!hasBrandClients(config)) return config;
  return inBrand(config, brandOfClient(config, (await clientOf(client))?.name));
}
