import type { NewMessage } from '../sqs/queues.ts';
import type { Rule, Target } from './bus.ts';

export interface Failure {
  /** `NO_PERMISSIONS` */
  readonly code: string;
  readonly message: string;
  /** Trying again would change nothing: AWS gives up at once. */
  readonly final: boolean;
}

export interface GivenUp {
  /** Why there is no further attempt; absent when there was no point in one. */
  readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
}

export interface Undelivered extends GivenUp {
  readonly rule: Rule;
  readonly target: Target;
  readonly failure: Failure;
  readonly event: unknown;
  readonly attempts: number;
}

const firstPauseMs = 1_000;
/** With it, 185 attempts take about a day: AWS says both, and that the pauses grow exponentially. */
const longestPauseMs = 480_000;

/** When to try again, counted from when this attempt was due; or why not. */
export function next(
  delivery: { readonly attempts: number; readonly acceptedAt: number; readonly notBefore: number },
  failure: Failure,
  { retries, maxAgeMs }: Pick<Target, 'retries' | 'maxAgeMs'>,
): { readonly notBefore: number } | GivenUp {
  if (failure.final) return {};
  if (delivery.attempts > retries) return { exhausted: 'MaximumRetryAttempts' };
  const notBefore =
    delivery.notBefore + Math.min(firstPauseMs * 2 ** (delivery.attempts - 1), longestPauseMs);
  return notBefore - delivery.acceptedAt > maxAgeMs
    ? { exhausted: 'MaximumEventAgeInSeconds' }
    : { notBefore };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
export function undelivered({ rule, target, failure, event, attempts, exhausted }: Undelivered): NewMessage {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  return {
    body: JSON.stringify(event),
    attributes: {
      RULE_ARN: text(rule.arn),
      TARGET_ARN: text(target.arn),
      ERROR_CODE: text(failure.code),
      ERROR_MESSAGE: text(failure.message),
      ...(exhausted && { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
      RETRY_ATTEMPTS: text(String(attempts - 1)),
    },
  };
}
