import * as v from 'valibot';
import { ConfigError, type ConfigProblem, pathOf } from './problems.ts';
import { configRules } from './rules.ts';
import { configSchema } from './schema.ts';
import type { VestibuleConfig } from './types.ts';

/**
 * Checks a whole configuration and gives it back.
 * @throws ConfigError with every problem and its path
 */
export function defineConfig(config: VestibuleConfig): VestibuleConfig {
  const problems = findProblems(config);
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Path of a configuration that is no object at all. */
const whole = 'configuration';

function findProblems(config: VestibuleConfig): ConfigProblem[] {
  const shape = v.safeParse(configSchema, config);
  const shapeProblems = (shape.issues ?? []).map(toProblem);
  const misshapen = new Set(shapeProblems.map(({ path }) => path.split(/[.[]/)[0]));
  const ruleProblems = configRules
    .filter((rule) => !misshapen.has(whole) && !rule.needs.some((part) => misshapen.has(part)))
    .flatMap((rule) => rule.find(config));
  return [...shapeProblems, ...ruleProblems];
}

function toProblem(issue: v.BaseIssue<unknown>): ConfigProblem {
  const keys = (issue.path ?? []).map((item) => item.key as string | number);
  return { path: pathOf(keys) || whole, message: messageOf(issue) };
}

/** Structure problems of an object arrive in the library's words; ours say what to do. */
function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type !== 'strict_object') return issue.message;
  return issue.expected === 'never'
    ? 'unknown setting'
    : issue.received === 'undefined'
      ? 'is missing'
      : 'expected an object';
}
