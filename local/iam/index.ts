import type { Cloud, Needed, Service } from '../platform.ts';
import { iamProviders } from './providers.ts';
import { type GlobalKeys, IamRegistry } from './registry.ts';
import type { Grant, Verdict } from './role-policies.ts';

export type { Grant, Verdict } from './role-policies.ts';

/** Roles of the template and what their policies allow. */
export interface IamService extends Service {
  /** Answers from identity-based policies alone: what is not allowed is denied. */
  authorize(roleArn: string, needed: Needed): Verdict;
  /** Every grant of every role, with how often it decided a call: `used === 0` is an unused grant. */
  grants(): readonly Grant[];
  /** Takes grants away until `restore` is called, so that a test can see a journey fail without them. */
  removeGrant(match: (grant: Grant) => boolean): { readonly removed: readonly Grant[]; restore(): void };
}

export function iamService(cloud: Cloud): IamService {
  const registry = new IamRegistry(globalKeys(cloud));
  return {
    name: 'iam',
    providers: iamProviders(cloud, registry),
    authorize: (roleArn, needed) => registry.authorize(roleArn, needed),
    grants: () => registry.grants(),
    removeGrant: (match) => registry.removeGrant(match),
  };
}

/** `aws:SecureTransport` is true although local endpoints are plain HTTP: the deployed SDK speaks TLS. */
const globalKeys = ({ clock, accountId, region }: Cloud): GlobalKeys => ({
  'aws:currenttime': () => new Date(clock.now()).toISOString(),
  'aws:epochtime': () => String(Math.floor(clock.now() / 1000)),
  'aws:securetransport': () => 'true',
  'aws:principaltype': () => 'AssumedRole',
  'aws:principalaccount': () => accountId,
  'aws:resourceaccount': () => accountId,
  'aws:requestedregion': () => region,
});
