/** Where passkeys are used, as functions know it at their start. */
export interface PasskeyPages {
  readonly RELYING_PARTY_ID: string;
  /** Exact origins, comma between them. */
  readonly PASSKEY_ORIGINS: string;
}

/** Origins whose passkeys are taken: the configured ones, and the portal's where it is on the relying party's domain. */
export function passkeyPages(
  { RELYING_PARTY_ID: domain, PASSKEY_ORIGINS }: PasskeyPages,
  { portalUrl }: { readonly portalUrl: string },
): readonly string[] {
  const { origin, hostname } = new URL(portalUrl);
  const isOurs = hostname === domain || hostname.endsWith(`.${domain}`);
  const pages = PASSKEY_ORIGINS.split(',').filter((page) => page !== '');
  return [...new Set([...pages, ...(isOurs ? [origin] : [])])];
}
