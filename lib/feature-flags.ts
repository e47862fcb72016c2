import type { Construct } from 'constructs';
import cdkJson from '../cdk.json' with { type: 'json' };

/**
 * Gives everything below `construct` the CDK feature flags that it was built and tested with, because an app that
 * embeds it may have others or none. Must run before the first child is made.
 */
export function useOurFeatureFlags(construct: Construct): void {
  for (const [flag, value] of Object.entries(cdkJson.context)) construct.node.setContext(flag, value);
}
