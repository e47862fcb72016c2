import { AwsError, type ResourceProvider } from '../../platform.ts';
import { knownProperties } from '../../services/known-properties.ts';

/** What Lambda does with events of a function that fail. */
export interface EventSettings {
  readonly retries: number;
  readonly maxAgeMs: number;
  /** ARNs of queues. */
  readonly onFailure?: string;
  readonly onSuccess?: string;
}

const sixHoursS = 21_600;

export const defaultEventSettings: EventSettings = { retries: 2, maxAgeMs: sixHoursS * 1000 };

/** `AWS::Lambda::EventInvokeConfig`. Its destinations are queues; others are refused by name. */
export const eventInvokeConfig = (
  keep: (functionName: string, settings: EventSettings) => void,
): ResourceProvider => ({
  type: 'AWS::Lambda::EventInvokeConfig',
  provision: async ({ logicalId, suffix, properties: given }) => {
    const properties = knownProperties(given, logicalId, [
      'FunctionName',
      'Qualifier',
      'MaximumRetryAttempts',
      'MaximumEventAgeInSeconds',
      'DestinationConfig',
    ]);
    const destinations = properties.optionalObject('DestinationConfig');
    const queue = (name: 'OnFailure' | 'OnSuccess') =>
      queueArn(destinations?.optionalObject(name)?.text('Destination'), `${logicalId}: ${name}`);
    const [onFailure, onSuccess] = [queue('OnFailure'), queue('OnSuccess')];
    const age = { min: 60, max: sixHoursS, default: sixHoursS };
    keep(properties.text('FunctionName'), {
      retries: properties.integer('MaximumRetryAttempts', { min: 0, max: 2, default: 2 }),
      maxAgeMs: 1000 * properties.integer('MaximumEventAgeInSeconds', age),
      ...(onFailure && { onFailure }),
      ...(onSuccess && { onSuccess }),
    });
    return { physicalId: `${logicalId}-${suffix}`, attributes: {} };
  },
});

/** @throws AwsError `UnsupportedResource` for anything but a queue */
export function queueArn(arn: string | undefined, where: string): string | undefined {
  if (arn === undefined || arn.startsWith('arn:aws:sqs:')) return arn;
  throw new AwsError(
    'UnsupportedResource',
    `${where}: an SQS queue is what the local cloud knows, got ${arn}`,
  );
}
