import { AwsError } from '../../platform.ts';
import type { Fields } from '../fields.ts';
import { knownProperties } from '../known-properties.ts';
import { compilePattern, type Matches } from './pattern.ts';
import type { Schedule } from './schedule.ts';

export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly retries: number;
  readonly maxAgeMs: number;
  readonly deadLetterArn?: string;
  /** Constant input, or a path into the event; the whole event when neither is given. */
  readonly input?: string;
  readonly inputPath?: string;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly enabled: boolean;
  /** Never true for a rule that has a schedule and no pattern. */
  readonly matches: Matches;
  readonly schedule?: Schedule;
  readonly targets: readonly Target[];
}

const maxTargets = 5;
const maxPatternLength = 2_048;
const dayS = 86_400;

export function readPattern(pattern: unknown): Matches {
  if (JSON.stringify(pattern).length > maxPatternLength) {
    throw new AwsError(
      'InvalidEventPatternException',
      `EventPattern: longer than ${maxPatternLength} characters`,
    );
  }
  return compilePattern(pattern);
}

export function readTargets(properties: Fields, logicalId: string): readonly Target[] {
  const targets = properties.objects('Targets');
  if (targets.length > maxTargets)
    throw new AwsError('LimitExceededException', `Targets: at most ${maxTargets} per rule`);
  return targets.map((target) => readTarget(target, logicalId));
}

const targetProperties = ['Arn', 'Id', 'RetryPolicy', 'DeadLetterConfig', 'Input', 'InputPath', 'RoleArn'];

function readTarget({ values }: Fields, logicalId: string): Target {
  const target = knownProperties(values, `${logicalId}.Targets`, [...targetProperties, 'InputTransformer']);
  const arn = target.text('Arn');
  if (!/^arn:aws:(lambda|sqs):/.test(arn) || target.has('InputTransformer')) {
    throw new AwsError(
      'UnsupportedResource',
      `${logicalId}: targets are functions and queues, with Input or InputPath; got ${arn}`,
    );
  }
  const retry = target.optionalObject('RetryPolicy');
  const deadLetterArn = target.optionalObject('DeadLetterConfig')?.optionalText('Arn');
  const input = target.optionalText('Input');
  const inputPath = target.optionalText('InputPath');
  return {
    id: target.text('Id'),
    arn,
    retries: retry?.integer('MaximumRetryAttempts', { min: 0, max: 185, default: 185 }) ?? 185,
    maxAgeMs:
      1000 * (retry?.integer('MaximumEventAgeInSeconds', { min: 60, max: dayS, default: dayS }) ?? dayS),
    ...(deadLetterArn && { deadLetterArn }),
    ...(input !== undefined && { input }),
    ...(inputPath !== undefined && { inputPath }),
  };
}

/** What the target gets: `$.detail.x` of an input path, or the event. */
export function targetInput(target: Target, event: unknown): unknown {
  if (target.input !== undefined) return JSON.parse(target.input);
  const path = target.inputPath?.split('.').slice(1) ?? [];
  return (
    path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], event) ?? {}
  );
}
