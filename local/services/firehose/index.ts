import { randomUUID } from 'node:crypto';
import type { IamService } from '../../iam/index.ts';
import { AwsError, type Cloud, type ResourceProvider, type Service } from '../../platform.ts';
import { arnOf, physicalName } from '../arns.ts';
import { Fields } from '../fields.ts';
import { jsonApi, type Operations } from '../json-api.ts';
import { DeliveryStream, type StreamSettings } from './delivery-stream.ts';

const maxRecordBytes = 1_024_000;
const maxBatchRecords = 500;
const maxBatchBytes = 4 * 1_048_576;
const mebibyte = 1_048_576;

export function firehoseService(cloud: Cloud): Service {
  const streams = new Map<string, DeliveryStream>();
  return {
    name: 'firehose',
    providers: [streamProvider(cloud, streams)],
    api: jsonApi('firehose', operations(cloud, streams), { invalid: 'InvalidArgumentException' }),
    stop: async () => {
      await Promise.all([...streams.values()].map((stream) => stream.stop()));
    },
  };
}

const streamProvider = (cloud: Cloud, streams: Map<string, DeliveryStream>): ResourceProvider => ({
  type: 'AWS::KinesisFirehose::DeliveryStream',
  provision: async (request) => {
    const properties = new Fields(request.properties);
    const destination = properties.optionalObject('ExtendedS3DestinationConfiguration');
    if (!destination || properties.has('KinesisStreamSourceConfiguration')) {
      throw new AwsError(
        'UnsupportedResource',
        `${request.logicalId}: only direct put to S3 (ExtendedS3DestinationConfiguration) is implemented locally`,
      );
    }
    const name =
      properties.optionalText('DeliveryStreamName') ?? physicalName(request.logicalId, request.suffix, 64);
    const stream = new DeliveryStream(cloud, settings(cloud, name, destination, request.logicalId));
    await streams.get(name)?.stop();
    streams.set(name, stream);
    await stream.start();
    return { physicalId: name, attributes: { Arn: stream.settings.arn } };
  },
});

function settings(cloud: Cloud, name: string, destination: Fields, logicalId: string): StreamSettings {
  const refused = ['DynamicPartitioningConfiguration', 'DataFormatConversionConfiguration'].find((each) =>
    destination.optionalObject(each)?.flag('Enabled'),
  );
  if (refused)
    throw new AwsError('UnsupportedResource', `${logicalId}: ${refused} is not implemented locally`);
  const compression = destination.optionalText('CompressionFormat') ?? 'UNCOMPRESSED';
  if (!['UNCOMPRESSED', 'GZIP'].includes(compression)) {
    throw new AwsError(
      'UnsupportedResource',
      `${logicalId}: CompressionFormat ${compression} is not implemented locally`,
    );
  }
  const hints = destination.optionalObject('BufferingHints');
  const extension = destination.optionalText('FileExtension');
  return {
    name,
    arn: arnOf(cloud, 'firehose', `deliverystream/${name}`),
    bucket: destination.text('BucketARN').replace(/^arn:aws:s3:::/, ''),
    prefix: destination.optionalText('Prefix') ?? '',
    roleArn: destination.text('RoleARN'),
    compressed: compression === 'GZIP',
    ...(extension && { extension }),
    bufferBytes: mebibyte * (hints?.integer('SizeInMBs', { min: 1, max: 128, default: 5 }) ?? 5),
    bufferMs: 1000 * (hints?.integer('IntervalInSeconds', { min: 0, max: 900, default: 300 }) ?? 300),
  };
}

function operations(cloud: Cloud, streams: Map<string, DeliveryStream>): Operations {
  const find = (input: Fields): DeliveryStream => {
    const name = input.text('DeliveryStreamName');
    const found = streams.get(name);
    if (found) return found;
    throw new AwsError(
      'ResourceNotFoundException',
      `Firehose ${name} under account ${cloud.accountId} not found.`,
    );
  };
  const needs = (action: string) => (input: Fields) => [
    { action: `firehose:${action}`, resource: find(input).settings.arn },
  ];
  return {
    PutRecord: {
      needs: needs('PutRecord'),
      handle: async (input) => {
        const stream = writable(cloud, find(input));
        await stream.put([record(input.object('Record'))]);
        return { RecordId: randomUUID(), Encrypted: false };
      },
    },
    PutRecordBatch: {
      needs: needs('PutRecordBatch'),
      handle: async (input) => {
        const stream = writable(cloud, find(input));
        const records = input.objects('Records').map(record);
        refuseOversize(records);
        await stream.put(records);
        const RequestResponses = records.map(() => ({ RecordId: randomUUID() }));
        return { FailedPutCount: 0, Encrypted: false, RequestResponses };
      },
    },
    DescribeDeliveryStream: {
      needs: needs('DescribeDeliveryStream'),
      handle: (input) => {
        const { name, arn } = find(input).settings;
        const status = { DeliveryStreamStatus: 'ACTIVE', DeliveryStreamType: 'DirectPut', Destinations: [] };
        return {
          DeliveryStreamDescription: {
            DeliveryStreamName: name,
            DeliveryStreamARN: arn,
            VersionId: '1',
            ...status,
          },
        };
      },
    },
  };
}

function record(entry: Fields): Buffer {
  const data = entry.bytes('Data');
  return data.length <= maxRecordBytes
    ? data
    : entry.refuse('Data', `expected at most ${maxRecordBytes} bytes, got ${data.length}`);
}

function refuseOversize(records: readonly Buffer[]): void {
  const bytes = records.reduce((sum, { length }) => sum + length, 0);
  if (records.length > 0 && records.length <= maxBatchRecords && bytes <= maxBatchBytes) return;
  throw new AwsError(
    'InvalidArgumentException',
    `Records: expected 1 to ${maxBatchRecords} records of at most ${maxBatchBytes} bytes together, got ${records.length} with ${bytes}`,
  );
}

/** On AWS a delivery role without grants loses the records a day later; here the put fails, which is noticed. */
function writable(cloud: Cloud, stream: DeliveryStream): DeliveryStream {
  const { bucket, prefix } = stream.settings;
  // Everything before the first `!{timestamp:…}` is what a policy can name.
  const resource = `arn:aws:s3:::${bucket}/${prefix.split('!{')[0]}object`;
  const needed = { action: 's3:PutObject', resource };
  const { allowed, why } = cloud.service<IamService>('iam').authorize(stream.settings.roleArn, needed);
  if (allowed) return stream;
  throw new AwsError(
    'InvalidArgumentException',
    `${stream.settings.roleArn} may not deliver: s3:PutObject ${why}`,
  );
}
