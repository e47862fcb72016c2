import type { CustomMessageTriggerEvent } from 'aws-lambda';
import type { ClientDirectory } from '../adapters/client-directory.ts';
import { brandMetadataKey, hasBrandClients, knownBrand } from '../core/brand.ts';
import type { ServiceConfiguration } from '../core/configuration.ts';

/**
 * Which app asked for the mail, where that decides under which brand it goes out and nothing stronger has. A mail of
 * the default brand is better than none: that the names cannot be read is logged, no more.
 */
export async function clientNameFor(
  clientOf: ClientDirectory,
  config: Pick<ServiceConfiguration, 'brands'>,
  { callerContext, request }: CustomMessageTriggerEvent,
  log: (line: Readonly<Record<string, string>>) => void,
): Promise<string | undefined> {
  const wish = request.clientMetadata?.[brandMetadataKey] as string | undefined;
  if (!hasBrandClients(config) || knownBrand(config, wish) !== undefined) return undefined;
  try {
    return (await clientOf(callerContext.clientId))?.name;
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Unknown';
    log({ level: 'warning', event: 'client-names-unavailable', name });
    return undefined;
  }
}
