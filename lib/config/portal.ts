import type { StageConfig } from './types.ts';

/** The pages for customers and operators: ours, deployed with the stack, or pages of your own elsewhere. */
export type PortalConfig = DeployedPortal | OwnPages;

export interface DeployedPortal {
  /** @default true */
  readonly enabled?: true;
  /**
   * Host of the portal. Passkeys work there only when it is the relying party's domain or below it, which a name of
   * CloudFront's never is. @default - a name that CloudFront gives (`d….cloudfront.net`)
   */
  readonly domain?: PortalDomain;
}

export interface PortalDomain {
  readonly name: string;
  /** Of ACM in us-east-1, whatever the Region of the stack. */
  readonly certificateArn: string;
}

export interface OwnPages {
  readonly enabled: false;
  /** Where links in mails lead: your pages, without slash at the end. */
  readonly url: string;
}

type Stage = Pick<StageConfig, 'portal'>;

/** What the stack deploys; `undefined` where the pages are somebody else's. */
export const deployedPortal = ({ portal = {} }: Stage): DeployedPortal | undefined =>
  portal.enabled === false ? undefined : portal;

/** Origin of the pages, as far as the configuration knows it: CloudFront's own name is made at deployment. */
export function portalOrigin({ portal = {} }: Stage): string | undefined {
  if (portal.enabled === false) return URL.canParse(portal.url) ? new URL(portal.url).origin : undefined; // asked while it is checked, too
  return portal.domain && `https://${portal.domain.name}`;
}
