import { portalOrigin } from './portal.ts';
import type { StageConfig } from './types.ts';

export interface PasskeyConfig {
  /**
   * Domain that passkeys belong to: pages on it and below it can use them. Changing it makes every passkey worthless,
   * so it is the registrable domain rather than a host of today (`shop.example`, not `www.shop.example`).
   * @default - the host of the first origin
   */
  readonly relyingPartyId: string;
}

type Pages = Pick<StageConfig, 'origins' | 'passkeys' | 'portal'>;

export const relyingPartyId = ({ passkeys, origins: [first = ''] }: Pages): string =>
  passkeys?.relyingPartyId ?? new URL(first).hostname;

/** Pages of the installation on which a browser lets its passkeys be used (WebAuthn Level 3 §5.1.3, step 8). */
export function passkeyOrigins(stage: Pages): readonly string[] {
  const domain = relyingPartyId(stage);
  const portal = portalOrigin(stage);
  const pages = [...stage.origins, ...(portal ? [portal] : [])];
  return [...new Set(pages)].filter((page) => isOnDomain(new URL(page).hostname, domain));
}

export const isOnDomain = (host: string, domain: string): boolean =>
  host === domain || host.endsWith(`.${domain}`);
