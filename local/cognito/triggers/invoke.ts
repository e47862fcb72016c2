import { AwsError, type Functions, type Invocation } from '../../platform.ts';
import { invalidLambdaResponse } from '../errors.ts';
import type { Pool } from '../model.ts';

export type TriggerName =
  | 'PreSignUp'
  | 'PostConfirmation'
  | 'PreAuthentication'
  | 'PostAuthentication'
  | 'CustomMessage'
  | 'DefineAuthChallenge'
  | 'CreateAuthChallenge'
  | 'VerifyAuthChallengeResponse'
  | 'PreTokenGeneration'
  | 'UserMigration'
  | 'InboundFederation';

export interface TriggerEvent {
  readonly version: string;
  readonly triggerSource: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly userName: string;
  readonly callerContext: { readonly awsSdkVersion: string; readonly clientId: string | null };
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>>;
}

export const triggerDeadlineMs = 5_000;
/** AWS says "may retry" and until 2026 promised three attempts; the count applies to what it calls retryable. */
const attempts = 3;

/**
 * Calls a trigger as the service does: principal and pool ARN for the function's policy, five seconds, repeated when
 * it did not answer or was throttled, never when the function itself failed.
 * @returns the `response` member of what the function returned
 */
export async function invokeTrigger(
  functions: Functions,
  pool: Pool,
  name: TriggerName,
  functionArn: string,
  event: TriggerEvent,
): Promise<Readonly<Record<string, unknown>>> {
  const options = {
    principal: 'cognito-idp.amazonaws.com',
    sourceArn: pool.arn,
    deadlineMs: triggerDeadlineMs,
  };
  let invocation = await functions.invoke(functionArn, event, options);
  for (let attempt = 1; attempt < attempts && isRetryable(invocation); attempt++) {
    invocation = await functions.invoke(functionArn, event, options);
  }
  if (!invocation.ok) throw triggerFailure(name, invocation);
  return responseOf(invocation.payload);
}

/** A function that ended by its own shorter timeout has failed; one that was still running at the deadline may be asked again. */
const isRetryable = (invocation: Invocation): boolean =>
  !invocation.ok &&
  (invocation.kind === 'throttled' ||
    (invocation.kind === 'timeout' && invocation.durationMs >= triggerDeadlineMs));

function triggerFailure(name: TriggerName, failure: Extract<Invocation, { ok: false }>): AwsError {
  switch (failure.kind) {
    case 'denied':
      return unexpected(`${name} invocation failed due to error AccessDeniedException.`);
    case 'missing':
      return unexpected(`${name} invocation failed due to error ResourceNotFoundException.`);
    case 'throttled':
      return unexpected(`${name} invocation failed due to error TooManyRequestsException.`);
    case 'timeout':
      if (failure.durationMs >= triggerDeadlineMs) {
        return unexpected(
          `${name} invocation failed due to error Socket timeout while invoking Lambda function.`,
        );
      }
      return validation(name, failure.message);
    case 'crashed':
    case 'threw':
      return validation(name, failure.message);
  }
}

const unexpected = (message: string) => new AwsError('UnexpectedLambdaException', message);
const validation = (name: TriggerName, text: string) =>
  new AwsError('UserLambdaValidationException', `${name} failed with error ${text}.`);

function responseOf(payload: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(payload) || !isRecord(payload.response)) throw invalidLambdaResponse();
  return payload.response;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
