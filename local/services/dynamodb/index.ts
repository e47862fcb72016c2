import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startDynamoEngine } from '../../dynamodb-engine.ts';
import { AwsError, type AwsRequest, type Cloud, type Needed, type Service } from '../../platform.ts';
import { Background } from '../background.ts';
import { jsonApi } from '../json-api.ts';
import { askingForCapacity, countCapacity, takeCapacity } from './capacity.ts';
import { controlPlane } from './control-plane.ts';
import { type EngineClient, engineClient, table } from './engine-client.ts';
import { EngineNames } from './engine-names.ts';
import { type DataRequest, dataNeeds } from './needs.ts';
import { type StreamSource, streamSource } from './stream-source.ts';
import { tableProvider } from './table-provider.ts';
import { Tables } from './tables.ts';
import { ExpiredMarks, sweepExpired } from './ttl.ts';

export interface DynamoService extends Service {
  readonly engine: 'dynoxide' | 'dynamodb-local' | 'external';
  stream(streamArn: string): StreamSource;
  /** What a role needs to consume the stream, the table's key included. */
  streamNeeds(streamArn: string): readonly Needed[];
  /** Called after every accepted write of the table. @returns ends the watch */
  onWrite(tableName: string, wake: () => void): () => void;
  /** Deletes what has expired now; it also runs every minute and after a jump of the clock. */
  sweepExpired(): Promise<number>;
}

const sweepEveryMs = 60_000;
const lookForJumpsEveryMs = 1_000;

export async function dynamodbService(cloud: Cloud): Promise<DynamoService> {
  const directory = cloud.ephemeral ? undefined : join(cloud.directory, 'dynamodb');
  if (directory) await mkdir(directory, { recursive: true });
  const started = await startDynamoEngine(directory ? { directory } : {});
  const engine = engineClient(started.endpoint, { framesByLength: started.kind === 'dynoxide' });
  const names = new EngineNames(cloud);
  const tables = new Tables(cloud);
  const marks = new ExpiredMarks(cloud);
  const sweep = () => sweepExpired(cloud, engine, tables, marks);
  const sweeper = sweeping(cloud, sweep);
  const writes = new WriteWatch();
  return {
    name: 'dynamodb',
    engine: started.kind,
    providers: [tableProvider({ cloud, engine, names, tables })],
    api: dynamoApi({ cloud, engine, names, tables, writes }),
    stream: (arn) => streamSource({ cloud, engine, names, marks }, arn),
    streamNeeds: (arn) => streamNeeds(arn, tables),
    onWrite: (tableName, wake) => writes.add(tableName, wake),
    sweepExpired: sweep,
    ready: async () => sweeper.start(),
    stop: async () => {
      await sweeper.stop();
      engine.close();
      await started.stop();
    },
  };
}

function streamNeeds(resource: string, tables: Tables): readonly Needed[] {
  const { keyNeed } = tables.find(/table\/([^/]+)/.exec(resource)?.[1]);
  return [
    // Lambda asks for ListStreams "on your stream" too when it checks the role of a mapping.
    ...['ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords'].map((name) => ({
      action: `dynamodb:${name}`,
      resource,
    })),
    ...(keyNeed ? [keyNeed] : []),
  ];
}

class WriteWatch {
  private readonly watchers = new Map<string, Set<() => void>>();

  add(tableName: string, wake: () => void): () => void {
    const set = this.watchers.get(tableName) ?? new Set();
    this.watchers.set(tableName, set.add(wake));
    return () => set.delete(wake);
  }

  notify(tableName: string): void {
    for (const wake of this.watchers.get(tableName) ?? []) wake();
  }
}

interface ApiParts {
  readonly cloud: Cloud;
  readonly engine: EngineClient;
  readonly names: EngineNames;
  readonly tables: Tables;
  readonly writes: WriteWatch;
}

const dataOperations = new Set(
  'GetItem PutItem UpdateItem DeleteItem Query Scan BatchGetItem BatchWriteItem TransactGetItems TransactWriteItems'.split(
    ' ',
  ),
);

/** Data calls pass through as bytes; their body is parsed once, for authorization, and shared with the accounting. */
function dynamoApi(parts: ApiParts): NonNullable<Service['api']> {
  const { cloud, engine, tables, writes } = parts;
  const contentType = 'application/x-amz-json-1.0';
  const control = jsonApi('dynamodb', controlPlane(parts), { contentType });
  const parsed = new WeakMap<AwsRequest, DataRequest>();
  const inputOf = (request: AwsRequest): DataRequest => {
    const known = parsed.get(request) ?? parse(request.body);
    parsed.set(request, known);
    return known;
  };
  return {
    needs: (request) =>
      dataOperations.has(request.operation)
        ? dataNeeds(request.operation, inputOf(request), tables.find)
        : control.needs(request),
    handle: async (request) => {
      if (!dataOperations.has(request.operation)) return control.handle(request);
      const input = inputOf(request);
      const answer = await engine.send(table(request.operation), askingForCapacity(request.body, input));
      const { body, consumed } = takeCapacity(request.operation, input, answer);
      countCapacity(cloud.meter, request, consumed);
      if (answer.status === 200) for (const { table: name } of consumed) writes.notify(name);
      const requestId = answer.headers['x-amzn-requestid'] ?? '';
      return {
        status: answer.status,
        headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
        body,
      };
    },
  };
}

function parse(body: Buffer): DataRequest {
  try {
    return JSON.parse(body.toString('utf8')) as DataRequest;
  } catch {
    throw new AwsError('SerializationException', 'the request body is not valid JSON');
  }
}

/** Once a minute, and soon after a test or the console moved the clock. */
function sweeping(cloud: Cloud, sweep: () => Promise<number>): Background {
  const offset = () => cloud.clock.now() - Date.now();
  let sweptAt = performance.now();
  let sweptOffset = offset();
  return new Background({
    intervalMs: lookForJumpsEveryMs,
    failed: (error) => cloud.log.warn('dynamodb: time to live could not be applied', { error }),
    work: async () => {
      const jumped = offset() - sweptOffset > lookForJumpsEveryMs;
      if (!jumped && performance.now() - sweptAt < sweepEveryMs) return;
      sweptAt = performance.now();
      sweptOffset = offset();
      await sweep();
    },
  });
}
