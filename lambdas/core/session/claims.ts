import type { Method } from '../risk/decision.ts';
import { type AssuranceLevel, levelOf } from './assurance.ts';

/** What a session has proven; from the server-side flow record, never from what a client says. */
export interface Assurance {
  readonly flow: string;
  readonly level: AssuranceLevel;
  readonly methods: readonly Method[];
}

export const assuranceOf = (flow: {
  readonly id: string;
  readonly proven: readonly Method[];
}): Assurance => ({
  flow: flow.id,
  level: levelOf(flow.proven),
  methods: flow.proven,
});

export interface Entitlements {
  readonly tier: string;
  readonly purposes: readonly string[];
}

const tierPrefix = 'tier-';

/**
 * Best tier among the person's groups; the first configured one for everybody else.
 * @param tiers - in rising order, at least one
 */
export function bestTier(tiers: readonly string[], groups: readonly string[]): string {
  const [lowest] = tiers;
  if (lowest === undefined) throw new Error('tiers: none configured');
  return tiers.findLast((tier) => groups.includes(`${tierPrefix}${tier}`)) ?? lowest;
}

export type Claims = Readonly<Record<string, string | number | readonly string[]>>;

/** Without assurance there is no `aal` and no `methods`: an API that requires them then refuses, as it should. */
export const tokenClaims = (assurance: Assurance | undefined, { tier, purposes }: Entitlements): Claims => ({
  ...(assurance && {
    'vestibule:aal': assurance.level,
    'vestibule:methods': assurance.methods,
    'vestibule:flow': assurance.flow,
  }),
  'vestibule:tier': tier,
  'vestibule:purposes': purposes,
});

const adminScope = 'aws.cognito.signin.user.admin';
/** Scopes of the resource server that act on one's own data, in full form. */
export const userScopes = [
  'profile.read',
  'profile.write',
  'consents.read',
  'consents.write',
  'activity.read',
  'security.read',
  'security.write',
  'sessions.read',
  'sessions.write',
  'privacy.read',
  'privacy.write',
].map((scope) => `vestibule/${scope}`);

/** Group of the people who look after accounts. */
export const operatorGroup = 'operators';
export const operatorScopes = ['operators.read', 'operators.write'].map((scope) => `vestibule/${scope}`);

/** Phishing-resistant proof in this session; the group alone gives nothing. */
export const mayOperate = (groups: readonly string[], assurance: Assurance | undefined): boolean =>
  groups.includes(operatorGroup) && assurance?.level === 2 && assurance.methods.includes('passkey');

/** A way into sign-in, as far as tokens differ by it. */
export type Door = 'api' | 'sdk' | 'managed-login';

/**
 * Scopes to add. A sign-in through an API has none of ours; an OAuth client (managed login) asked for what it may have
 * and gets nothing on top.
 * @param scopes - of the event; at a refresh AWS does not say whether they hold what was suppressed before
 */
export const scopesToAdd = (
  scopes: readonly string[] | undefined,
  { door, isOperator }: { readonly door: Door; readonly isOperator: boolean },
): readonly string[] => {
  const isOAuth = door !== 'api' && scopes !== undefined && !scopes.includes(adminScope);
  if (door === 'managed-login' || isOAuth) return [];
  return isOperator ? [...userScopes, ...operatorScopes] : userScopes;
};

/**
 * A token of the Identity API opens nothing at Cognito itself: its bearer could delete the account or enrol factors there
 * without the fresh proof that our routes ask for. An SDK's token keeps the scope, because SDKs live on it.
 */
export const scopesToSuppress = (door: Door): readonly string[] => (door === 'api' ? [adminScope] : []);
