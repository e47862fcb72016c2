import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployedConfiguration, ServiceConfiguration } from '../core/configuration.ts';
import { readEnv, text } from '../env.ts';

/**
 * The configuration that was deployed with this function; read once at cold start, validated when it was made. Where the
 * portal is, only the deployment knows; its origin is one of ours.
 */
export function readServiceConfiguration(): ServiceConfiguration {
  const { LAMBDA_TASK_ROOT, PORTAL_URL } = readEnv({ LAMBDA_TASK_ROOT: text(), PORTAL_URL: text() });
  const file = readFileSync(join(LAMBDA_TASK_ROOT, 'config.json'), 'utf8');
  const deployed = JSON.parse(file) as DeployedConfiguration;
  return {
    ...deployed,
    portalUrl: PORTAL_URL.replace(/\/$/, ''),
    origins: [...new Set([...deployed.origins, new URL(PORTAL_URL).origin])],
  };
}
