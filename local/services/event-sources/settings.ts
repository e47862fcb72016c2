import { AwsError, type Cloud, type ResourceRequest } from '../../platform.ts';
import { arnOf } from '../arns.ts';
import { compilePattern, type Matches } from '../events/pattern.ts';
import type { Fields } from '../fields.ts';
import { knownProperties } from '../known-properties.ts';

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
  const properties = read(request);
  const sourceArn = properties.text('EventSourceArn');
  const isQueue = sourceArn.startsWith('arn:aws:sqs:');
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

const ofBoth = [
  'EventSourceArn',
  'FunctionName',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FilterCriteria',
  'FunctionResponseTypes',
  'Tags',
];
const ofStreams = [
  'StartingPosition',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'ParallelizationFactor', // order per item holds with one reader as well
];
/** One batch at a time is within any bound of `ScalingConfig`. */
const ofQueues = ['ScalingConfig'];

function read({ properties, logicalId }: ResourceRequest): Fields {
  const sourceArn = String(properties.EventSourceArn);
  if (!/^arn:aws:(sqs|dynamodb):/.test(sourceArn)) {
    throw unsupported(logicalId, 'event sources are DynamoDB streams and SQS queues');
  }
  const isQueue = sourceArn.startsWith('arn:aws:sqs:');
  const fields = knownProperties(properties, logicalId, [...ofBoth, ...(isQueue ? ofQueues : ofStreams)]);
  const [start, responses] = [fields.optionalText('StartingPosition'), fields.texts('FunctionResponseTypes')];
  if (!isQueue && start !== 'TRIM_HORIZON' && start !== 'LATEST') {
    throw unsupported(logicalId, `StartingPosition ${start ?? 'is required, and'} is TRIM_HORIZON or LATEST`);
  }
  if (responses.some((each) => each !== 'ReportBatchItemFailures')) {
    throw unsupported(logicalId, `FunctionResponseTypes ${responses.join(', ')}`);
  }
  const [size, window] = ['BatchSize', 'MaximumBatchingWindowInSeconds'].map((each) =>
    Number(fields.values[each] ?? 0),
  );
  if (isQueue && (size ?? 0) > 10 && (window ?? 0) < 1) {
    throw unsupported(
      logicalId,
      'a BatchSize of more than 10 without a MaximumBatchingWindowInSeconds of at least 1; AWS refuses it',
    );
  }
  return fields;
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
