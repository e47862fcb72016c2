import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClock, type SharedClock } from '../../../local/clock.ts';
import { createFaults } from '../../../local/faults.ts';
import { EventQueue } from '../../../local/functions/asynchronous/event-queue.ts';
import { type EventSettings, eventInvokeConfig } from '../../../local/functions/asynchronous/settings.ts';
import type { LambdaService } from '../../../local/functions/index.ts';
import { createLog } from '../../../local/log.ts';
import { createMeter } from '../../../local/meter.ts';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type Caller,
  type Cloud,
  type HttpRequest,
  type Invocation,
  type Needed,
  type ProvisionedResource,
  type Service,
  type ServiceFactory,
  type Store,
} from '../../../local/platform.ts';
import { memoryStore } from '../../../local/store.ts';

export type Handler = (event: never) => unknown;

export interface Harness {
  readonly cloud: Cloud;
  readonly clock: SharedClock;
  readonly url: string;
  /** What each call was authorized for, in order. */
  readonly needed: Needed[];
  readonly services: readonly Service[];
  /** Client options for the AWS SDK. */
  client(service: string): { endpoint: string; region: string; credentials: typeof credentials };
  provision(type: string, properties: object, logicalId?: string): Promise<ProvisionedResource>;
  /** Function ARN → what it does; an invocation of any other is `missing`. */
  readonly functions: Map<string, Handler>;
  /** Actions that roles are refused. */
  readonly denied: Set<string>;
  ready(): Promise<void>;
  stop(): Promise<void>;
}

export interface HarnessOptions {
  readonly store?: Store;
  readonly directory?: string;
  readonly caller?: Caller;
  readonly ephemeral?: boolean;
  /** Dead-letter queue of every function. */
  readonly functionQueueArn?: string;
}

export const functionArn = (name: string) => `arn:aws:lambda:eu-west-1:000000000000:function:${name}`;
export const roleArn = 'arn:aws:iam::000000000000:role/tested';
const credentials = { accessKeyId: 'LOCALOPERATOR', secretAccessKey: 'any' };

/** The services behind a bare HTTP server: reading and writing as the gateway does, without its authorization. */
export async function startHarness(
  factories: readonly ServiceFactory[],
  options: HarnessOptions = {},
): Promise<Harness> {
  const clock = createClock();
  const functions = new Map<string, Handler>();
  const denied = new Set<string>();
  const services: Service[] = [iamStandIn(denied)];
  const needed: Needed[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, services, needed, options.caller ?? { kind: 'operator' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cloud: Cloud = {
    region: 'eu-west-1',
    accountId: '000000000000',
    stage: 'dev',
    url,
    directory: options.directory ?? '/nonexistent',
    ephemeral: options.ephemeral ?? true,
    clock,
    store: options.store ?? memoryStore(),
    log: createLog({ level: 'error' }),
    functions: { invoke: async (arn, event) => invoke(functions.get(arn), arn, event) },
    faults: createFaults(),
    meter: createMeter(),
    service: <T extends Service>(name: string) => {
      const found = services.find((service) => service.name === name);
      if (!found) throw new Error(`no service ${name}`);
      return found as T;
    },
  };
  services.push(lambdaStandIn(cloud, functions, options.functionQueueArn));
  for (const factory of factories) services.push(await factory(cloud));
  return {
    cloud,
    clock,
    url,
    needed,
    services,
    functions,
    denied,
    client: (service) => ({ endpoint: `${url}/_aws/${service}`, region: 'eu-west-1', credentials }),
    provision: (type, properties, logicalId = 'Resource') => {
      const provider = services.flatMap((service) => service.providers).find((each) => each.type === type);
      if (!provider) throw new Error(`no provider for ${type}`);
      const given = { ...properties } as Record<string, unknown>;
      return provider.provision({ logicalId, type, properties: given, suffix: '0A1B2C3D' });
    },
    ready: async () => {
      for (const service of services) await service.ready?.();
    },
    stop: () => stop(server, services),
  };
}

async function stop(server: Server, services: readonly Service[]): Promise<void> {
  for (const service of [...services].reverse()) await service.stop?.();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function invoke(handler: Handler | undefined, arn: string, event: unknown): Promise<Invocation> {
  const failed = { ok: false, durationMs: 1 } as const;
  if (!handler) return { ...failed, kind: 'missing', errorType: 'ResourceNotFoundException', message: arn };
  try {
    // through JSON, as between processes: undefined and Dates do not survive
    const payload = await handler(JSON.parse(JSON.stringify(event)) as never);
    return { ok: true, payload: payload ?? null, durationMs: 1, coldStart: false };
  } catch (error) {
    return { ...failed, kind: 'threw', errorType: 'Error', message: String(error) };
  }
}

const iamStandIn = (denied: Set<string>): Service & { authorize(role: string, need: Needed): unknown } => ({
  name: 'iam',
  providers: [],
  authorize: (_role, need) => ({ allowed: !denied.has(need.action), why: 'refused by the test' }),
});

/** Functions of the test behind Lambda's real queue of asynchronous invocations. */
function lambdaStandIn(
  cloud: Cloud,
  functions: ReadonlyMap<string, Handler>,
  deadLetterArn: string | undefined,
): Service & Pick<LambdaService, 'roleOf' | 'accept'> {
  const events = new EventQueue({
    cloud,
    functionOf: () => ({ roleArn, ...(deadLetterArn && { deadLetterArn }) }),
  });
  return {
    name: 'lambda',
    providers: [
      eventInvokeConfig((name: string, settings: EventSettings) => events.configure(name, settings)),
    ],
    roleOf: () => roleArn,
    accept: async (arn, event) => {
      if (functions.has(arn)) return void (await events.accept(arn, event));
      const refused = await invoke(undefined, arn, event);
      return refused.ok ? undefined : refused;
    },
    ready: async () => events.start(),
    stop: () => events.stop(),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  services: readonly Service[],
  needed: Needed[],
  caller: Caller,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://local');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = request.headers as Record<string, string>;
  const read = { headers, body: Buffer.concat(chunks), query: searchParams, sourceIp: '127.0.0.1' };
  const method = request.method ?? 'GET';
  const [, , name = '', ...rest] = pathname.split('/');
  const aws = pathname.startsWith('/_aws/')
    ? services.find((service) => service.name === name)?.api
    : undefined;
  const path = `/${rest.join('/')}${request.url?.includes('?') ? `?${request.url.split('?')[1]}` : ''}`;
  const operation =
    headers['x-amz-target']?.split('.').at(-1) ??
    aws?.operationOf?.({ method, path, query: searchParams, headers }) ??
    '';
  const plain: HttpRequest = { ...read, method, path: pathname };
  const asked: AwsRequest = { ...read, method, path, service: name, operation, caller };
  const result = await (aws ? call(aws, asked, needed) : page(services, plain));
  response.writeHead(result.status, result.headers as Record<string, string>).end(result.body);
}

async function call(
  aws: NonNullable<Service['api']>,
  request: AwsRequest,
  needed: Needed[],
): Promise<AwsResponse> {
  try {
    needed.push(...aws.needs(request));
    return await aws.handle(request);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const body = JSON.stringify({ __type: error.name, message: error.message, ...error.extra });
    return { status: error.status, headers: { 'x-amzn-errortype': error.name }, body };
  }
}

async function page(services: readonly Service[], request: HttpRequest): Promise<AwsResponse> {
  const routes = services.flatMap((service) => service.http ?? []);
  const route = routes.find(({ prefix }) => request.path.startsWith(prefix));
  return route ? ((await route.handle(request)) as AwsResponse) : { status: 404, body: 'no route' };
}
