import type { RunningCloud } from '../../local/cloud.ts';

export interface OpenPortal {
  /** For {@link launchBrowser}: the cloud serves its pages at an origin of its own, so that no host needs a detour. */
  readonly hosts: Readonly<Record<string, string>>;
  /** `http://localhost:<port>/portal` */
  readonly url: string;
  stop(): void;
}

/** The portal of a running cloud: the built pages and the Identity API through the distribution. */
export async function openPortal({ outputs }: Pick<RunningCloud, 'outputs'>): Promise<OpenPortal> {
  const { portal } = outputs.endpoints;
  if (!portal) throw new Error('the template of this cloud has no portal');
  return { hosts: {}, url: portal.replace(/\/$/, ''), stop: () => {} };
}
