import type { IamService } from '../../iam/index.ts';
import { AwsError, type Cloud, type Invocation } from '../../platform.ts';
import type { SqsService } from '../../services/sqs/index.ts';
import type { NewMessage } from '../../services/sqs/queues.ts';
import type { FunctionSpecification } from '../specification.ts';
import type { QueuedEvent } from './event-queue.ts';

export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

const errorMessageBytes = 1_024;

/**
 * What a destination gets of an asynchronous invocation: the event with its answer.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function invocationRecord(
  item: QueuedEvent,
  outcome: Invocation,
  condition: Condition,
  now: number,
): NewMessage {
  const failure = !outcome.ok && {
    errorMessage: outcome.message,
    errorType: outcome.errorType,
    ...(outcome.trace && { stackTrace: outcome.trace }),
  };
  return {
    body: JSON.stringify({
      version: '1.0',
      timestamp: new Date(now).toISOString(),
      requestContext: {
        requestId: item.requestId,
        functionArn: `${item.functionArn}:$LATEST`,
        condition,
        approximateInvokeCount: item.invocations,
      },
      requestPayload: item.event,
      responseContext: {
        statusCode: statusOf(outcome),
        executedVersion: '$LATEST',
        ...(failure && { functionError: 'Unhandled' }),
      },
      responsePayload: outcome.ok ? outcome.payload : failure,
    }),
  };
}

/** What the function's dead-letter queue gets: the event itself, with the reason in attributes. */
export const deadLetter = (item: QueuedEvent, outcome: Extract<Invocation, { ok: false }>): NewMessage => ({
  body: JSON.stringify(item.event),
  attributes: {
    RequestID: { DataType: 'String', StringValue: item.requestId },
    ErrorCode: { DataType: 'Number', StringValue: String(statusOf(outcome)) },
    ErrorMessage: {
      DataType: 'String',
      StringValue:
        Buffer.from(outcome.message).subarray(0, errorMessageBytes).toString() || outcome.errorType,
    },
  },
});

/** A function that fails answers 200 all the same, with `functionError`. */
const statusOf = (outcome: Invocation): number => (!outcome.ok && outcome.kind === 'throttled' ? 429 : 200);

/**
 * Sends as the function's role.
 * @returns why it could not; `undefined` when the message is in the queue
 */
export async function sendAs(
  cloud: Cloud,
  { roleArn }: Pick<FunctionSpecification, 'roleArn'>,
  queueArn: string,
  message: NewMessage,
): Promise<string | undefined> {
  const needed = { action: 'sqs:SendMessage', resource: queueArn };
  if (!cloud.service<IamService>('iam').authorize(roleArn, needed).allowed) {
    return `${roleArn} is not allowed ${needed.action} on ${queueArn}`;
  }
  try {
    await cloud.service<SqsService>('sqs').send(queueArn, message);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return `${queueArn}: ${error.message}`;
    throw error;
  }
}
