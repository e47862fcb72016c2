import { AwsError } from '../platform.ts';
import type { Pool, PoolSettings } from './model.ts';

const ranks = { LITE: 0, ESSENTIALS: 1, PLUS: 2 } as const;

type Tier = keyof typeof ranks;

const tierOf = (settings: PoolSettings): Tier => settings.UserPoolTier ?? 'ESSENTIALS';

/** @throws AwsError `FeatureUnavailableInTierException` in a pool of a lower feature plan */
export function requireTier(pool: Pick<Pool, 'settings'>, least: Tier, feature: string): void {
  const tier = tierOf(pool.settings);
  if (ranks[tier] >= ranks[least]) return;
  throw new AwsError(
    'FeatureUnavailableInTierException',
    `${feature} is not available in the ${tier} feature plan; it needs ${least} or higher.`,
  );
}
