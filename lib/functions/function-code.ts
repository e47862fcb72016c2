import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { DeployedConfiguration } from '../../lambdas/core/configuration.ts';

/** Where `npm run build` puts one folder per function; the same place in this project and in the published package. */
export const builtFunctions = join(
  dirname(createRequire(import.meta.url).resolve('vestibule/package.json')),
  'dist',
  'lambdas',
);

/**
 * The asset of one function: its bundle with `config.json` beside it. The bytes depend on nothing but the two, so
 * that the same sources and configuration give the same asset everywhere.
 * @throws Error naming the function when its bundle was not built
 */
export function withFunctionCode<T>(
  options: { name: string; bundles: string; configuration: DeployedConfiguration },
  use: (code: lambda.Code) => T,
): T {
  const bundle = join(options.bundles, options.name);
  if (!existsSync(join(bundle, 'index.js'))) {
    throw new Error(
      `The bundle of the function "${options.name}" is missing in ${options.bundles}: run "npm run build" first`,
    );
  }
  const staged = mkdtempSync(join(tmpdir(), 'vestibule-function-'));
  try {
    cpSync(bundle, staged, { recursive: true });
    writeFileSync(join(staged, 'config.json'), `${JSON.stringify(options.configuration)}\n`);
    return use(lambda.Code.fromAsset(staged)); // copied into the assembly by the construct that binds it
  } finally {
    rmSync(staged, { recursive: true });
  }
}
