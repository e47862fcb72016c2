import { describe, expect, it } from 'vitest';
import { readAuthEnv } from '../../../lambdas/auth-api/env.ts';
import { readHousekeepingEnv } from '../../../lambdas/housekeeping/env.ts';
import { readSignInEnv, riskPolicy } from '../../../lambdas/sign-in/env.ts';
import { type Setting, settings } from '../../../lib/parameters/definitions.ts';
import { defaultSessionDays } from '../../../lib/parameters/environment.ts';

type Bound = 'min' | 'max' | 'default';

const sessionDays = { min: 1, max: 3_650, default: defaultSessionDays } as const;

/** `CODE_ATTEMPTS` → `CodeAttempts` */
const settingOf = (key: string): Setting | undefined =>
  (settings as Readonly<Record<string, Setting>>)[
    key.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
  ];

/** What CloudFormation would hand to a function whose operator went to the end of every bound. */
const environment = (keys: readonly string[], bound: Bound): Record<string, string> =>
  Object.fromEntries(
    keys.map((key) => {
      const setting = settingOf(key);
      // Of the configuration, not a parameter: the one number among names.
      if (key === 'SESSION_DAYS') return [key, String(sessionDays[bound])];
      if (!setting) return [key, 'name'];
      if (setting.kind === 'number') return [key, String(setting[bound])];
      if (setting.kind === 'text') return [key, setting.default || 'text'];
      return [key, String(bound === 'min' ? setting.allowed[0] : setting.default)];
    }),
  );

/** The keys a reader asks for, found by handing it values and seeing what it takes. */
const keysOf = (read: (source: Record<string, string>) => object): string[] => {
  const asked = new Set<string>();
  const source = new Proxy<Record<string, string>>(
    {},
    {
      get: (_, key) =>
        typeof key === 'string' && asked.add(key) ? environment([key], 'default')[key] : undefined,
    },
  );
  read(source);
  return [...asked];
};

describe.each(['min', 'default', 'max'] as const)('parameters at their %s', (bound) => {
  it('start the sign-in function, with a denial above a challenge', () => {
    const env = readSignInEnv(environment(keysOf(readSignInEnv), bound));
    expect(riskPolicy(env).denyAt).toBeGreaterThan(env.RISK_CHALLENGE_AT);
  });

  it('start housekeeping', () => {
    expect(() => readHousekeepingEnv(environment(keysOf(readHousekeepingEnv), bound))).not.toThrow();
  });

  it('start auth-api', () => {
    expect(() => readAuthEnv(environment(keysOf(readAuthEnv), bound))).not.toThrow();
  });
});
