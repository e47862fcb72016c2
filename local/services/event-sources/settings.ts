import { AwsError, type Cloud, type ResourceRequest } from '../../platform.ts';
import { arnOf } from '../arns.ts';
import { compilePattern, type Matches } from '../events/pattern.ts';
import { Fields } from '../fields.ts';

export interface MappingSettings {
  readonly id: string;
  readonly functionArn: string;
  readonly sourceArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly startAt: 'TRIM_HORIZON' | 'LATEST';
  /** Tries after the first; infinite until the record is too old. */
  readonly retries: number;
  readonly maxAgeMs: number;
  readonly bisect: boolean;
  readonly reportsItemFailures: boolean;
  readonly failureQueueArn?: string;
  /** True for what the function wants to see. */
  readonly wanted: Matches;
}

const day = 86_400;

/** Defaults and bounds are AWS's (CreateEventSourceMapping); a stream keeps its records for 24 hours. */
export function readSettings(cloud: Cloud, request: ResourceRequest, id: string): MappingSettings {
  const properties = new Fields(request.properties);
  const sourceArn = properties.text('EventSourceArn');
  const isQueue = sourceArn.startsWith('arn:aws:sqs:');
  refuseUnknown(properties, request.logicalId);
  const failureQueueArn = properties
    .optionalObject('DestinationConfig')
    ?.optionalObject('OnFailure')
    ?.text('Destination');
  if (failureQueueArn && !failureQueueArn.startsWith('arn:aws:sqs:')) {
    throw unsupported(request.logicalId, 'OnFailure takes an SQS queue');
  }
  const unlimited = (name: string, max: number) => properties.integer(name, { min: -1, max, default: -1 });
  const retries = unlimited('MaximumRetryAttempts', 10_000);
  const maxAge = unlimited('MaximumRecordAgeInSeconds', 604_800);
  return {
    id,
    functionArn: functionArn(cloud, properties.text('FunctionName')),
    sourceArn,
    enabled: properties.flag('Enabled', true),
    batchSize: properties.integer('BatchSize', { min: 1, max: 10_000, default: isQueue ? 10 : 100 }),
    windowMs: 1000 * properties.integer('MaximumBatchingWindowInSeconds', { min: 0, max: 300, default: 0 }),
    startAt: properties.optionalText('StartingPosition') === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
    retries: retries === -1 ? Number.POSITIVE_INFINITY : retries,
    maxAgeMs: 1000 * (maxAge === -1 ? day : Math.min(maxAge, day)),
    bisect: properties.flag('BisectBatchOnFunctionError'),
    reportsItemFailures: properties.texts('FunctionResponseTypes').includes('ReportBatchItemFailures'),
    ...(failureQueueArn && { failureQueueArn }),
    wanted: filter(properties),
  };
}

function refuseUnknown(properties: Fields, logicalId: string): void {
  if (!/^arn:aws:(sqs|dynamodb):/.test(properties.text('EventSourceArn'))) {
    throw unsupported(logicalId, 'event sources are DynamoDB streams and SQS queues');
  }
  if (properties.optionalInteger('TumblingWindowInSeconds', { min: 0, max: 900 })) {
    throw unsupported(logicalId, 'TumblingWindowInSeconds');
  }
}

function filter(properties: Fields): Matches {
  const filters = properties.optionalObject('FilterCriteria')?.objects('Filters') ?? [];
  if (filters.length === 0) return () => true;
  const patterns = filters.map((each) => compilePattern(JSON.parse(each.text('Pattern'))));
  return (record) => patterns.some((matches) => matches(record));
}

const functionArn = (cloud: Cloud, nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : arnOf(cloud, 'lambda', `function:${nameOrArn}`);

const unsupported = (logicalId: string, what: string): AwsError =>
  new AwsError('UnsupportedResource', `${logicalId}: not implemented locally: ${what}`);
