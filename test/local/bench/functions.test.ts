import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deployedFunctions } from '../../../bench/functions.ts';

it('the cold starts of our own functions are measured, each by the code that is deployed', {
  timeout: 120_000,
}, async () => {
  const functions = await deployedFunctions();
  expect(functions.map(({ label }) => label)).toEqual(
    expect.arrayContaining([
      'registration',
      'sign-in',
      'messages',
      'auth-api',
      'authorizer',
      'erasure',
      'statistics',
    ]),
  );
  for (const { label, directory } of functions)
    expect(existsSync(join(directory, 'index.js')), label).toBe(true);
});
