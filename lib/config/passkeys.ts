import type { StageConfig } from './types.ts';

export interface PasskeyConfig {
  /**
   * Domain that passkeys belong to: pages on it and below it can use them. Changing it makes every passkey worthless,
   * so it is the registrable domain rather than a host of today (`shop.example`, not `www.shop.example`).
   * @default - the host of the first origin
   */
  readonly relyingPartyId: string;
}

type Pages = Pick<StageConfig, 'origins' | 'passkeys' | 'portalUrl'>;

export const relyingPartyId = ({ passkeys, origins: [first = ''] }: Pages): string =>
  passkeys?.relyingPartyId ?? new URL(first).hostname;

/** Pages of the installation on which a browser lets its passkeys be used (WebAuthn Level 3 §5.1.3, step 8). */
export function passkeyOrigins(stage: Pages): readonly string[] {
  const domain = relyingPartyId(stage);
  const pages = [...stage.origins, ...(stage.portalUrl ? [new URL(stage.portalUrl).origin] : [])];
  return [...new Set(pages)].filter((page) => {
    const { hostname } = new URL(page);
    return hostname === domain || hostname.endsWith(`.${domain}`);
  });
}
