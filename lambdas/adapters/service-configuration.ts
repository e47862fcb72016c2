import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceConfiguration } from '../core/configuration.ts';
import { readEnv, text } from '../env.ts';

/** The configuration that was deployed with this function; read once at cold start, validated when it was made. */
export function readServiceConfiguration(): ServiceConfiguration {
  const { LAMBDA_TASK_ROOT } = readEnv({ LAMBDA_TASK_ROOT: text() });
  return JSON.parse(readFileSync(join(LAMBDA_TASK_ROOT, 'config.json'), 'utf8')) as ServiceConfiguration;
}
