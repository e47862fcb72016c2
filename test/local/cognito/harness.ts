import { createServer, type Server } from 'node:http';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { createClock } from '../../../local/clock.ts';
import { type CognitoService, cognitoService } from '../../../local/cognito/index.ts';
import type { TriggerEvent } from '../../../local/cognito/triggers/invoke.ts';
import type {
  AwsRequest,
  AwsResponse,
  Caller,
  Clock,
  Cloud,
  Invocation,
  InvokeOptions,
  Service,
} from '../../../local/platform.ts';
import { AwsError } from '../../../local/platform.ts';
import { memoryStore, type OpenStore } from '../../../local/store.ts';

export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly kind: string;
}

export interface Sms {
  readonly to: string;
  readonly text: string;
  readonly kind: string;
}

export type Trigger = (event: TriggerEvent, options: InvokeOptions) => unknown;

/** The engine behind the real protocol over HTTP, with triggers that live in the test and mails that stay there. */
export interface TestCognito {
  readonly url: string;
  readonly endpoint: string;
  readonly client: CognitoIdentityProviderClient;
  readonly anonymous: CognitoIdentityProviderClient;
  readonly service: CognitoService;
  readonly clock: Clock;
  readonly store: OpenStore;
  readonly mails: Mail[];
  readonly texts: Sms[];
  /** Events by trigger, in the order of their calls. */
  readonly events: { readonly arn: string; readonly event: TriggerEvent; readonly options: InvokeOptions }[];
  readonly services: Map<string, unknown>;
  /** Makes a function and gives its ARN. */
  trigger(name: string, handler: Trigger): string;
  /** Answers the next invocations with these outcomes instead of the handler's. */
  failNext(...failures: Extract<Invocation, { ok: false }>[]): void;
  close(): Promise<void>;
}

export const region = 'eu-west-1';

export async function startCognito(store: OpenStore = memoryStore()): Promise<TestCognito> {
  const mails: Mail[] = [];
  const texts: Sms[] = [];
  const events: TestCognito['events'] = [];
  const handlers = new Map<string, Trigger>();
  const failures: Extract<Invocation, { ok: false }>[] = [];
  const services = new Map<string, unknown>([
    [
      'ses',
      {
        deliver: async (mail: Mail) => void mails.push(mail),
        deliverSms: async (sms: Sms) => void texts.push(sms),
      },
    ],
  ]);
  const clock = createClock();
  const { server, url, route } = await listen();
  const invoke = async (arn: string, event: unknown, options: InvokeOptions): Promise<Invocation> => {
    const handler = handlers.get(arn);
    // A real function gets its own copy: what it changes must come back in its answer.
    const copy = structuredClone(event) as TriggerEvent;
    events.push({ arn, event: structuredClone(copy), options });
    const failure = failures.shift();
    if (failure) return failure;
    if (!handler) return failed('missing', 'ResourceNotFoundException', `Function not found: ${arn}`);
    try {
      return { ok: true, payload: await handler(copy, options), durationMs: 1, coldStart: false };
    } catch (error) {
      return failed('threw', 'Error', error instanceof Error ? error.message : String(error));
    }
  };
  const cloud = {
    region,
    accountId: '111122223333',
    stage: 'test',
    url,
    directory: '',
    ephemeral: true,
    clock,
    store,
    log: { info() {}, warn() {}, error() {} },
    functions: { invoke },
    faults: { add() {}, clear() {}, take: () => undefined },
    meter: { count() {}, read: () => ({}), reset() {} },
    service: <T extends Service>(name: string): T => {
      const service = services.get(name);
      if (!service) throw new Error(`no service ${name}`);
      return service as T;
    },
  } satisfies Cloud;
  const service = (await cognitoService(cloud)) as CognitoService;
  route(service);
  const options = { region, endpoint: `${url}/_aws/cognito-idp`, maxAttempts: 1 };
  const credentials = { accessKeyId: 'LOCALOPERATOR', secretAccessKey: 'any' };
  const client = new CognitoIdentityProviderClient({ ...options, credentials });
  const anonymous = new CognitoIdentityProviderClient({
    ...options,
    credentials: { ...credentials, accessKeyId: '' },
  });
  return {
    url,
    endpoint: options.endpoint,
    client,
    anonymous,
    service,
    clock,
    store,
    mails,
    texts,
    events,
    services,
    trigger: (name, handler) => {
      const arn = `arn:aws:lambda:${region}:111122223333:function:${name}`;
      handlers.set(arn, handler);
      return arn;
    },
    failNext: (...next) => void failures.push(...next),
    close: async () => {
      client.destroy();
      anonymous.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const failed = (
  kind: Extract<Invocation, { ok: false }>['kind'],
  errorType: string,
  message: string,
  durationMs = 1,
): Extract<Invocation, { ok: false }> => ({ ok: false, kind, errorType, message, durationMs });

async function listen(): Promise<{ server: Server; url: string; route(service: Service): void }> {
  let target: Service | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks);
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const common = {
        method: request.method ?? 'GET',
        query: url.searchParams,
        headers,
        body,
        sourceIp: '127.0.0.1',
      };
      const answer = url.pathname.startsWith('/_aws/')
        ? await callApi(target, { ...common, ...awsRequest(headers) })
        : await target?.http
            ?.find(({ prefix }) => url.pathname.startsWith(prefix))
            ?.handle({ ...common, path: url.pathname });
      response.writeHead(answer?.status ?? 404, answer?.headers as Record<string, string>);
      response.end(answer?.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  const route = (service: Service) => {
    target = service;
  };
  return { server, url: `http://127.0.0.1:${address.port}`, route };
}

const awsRequest = (headers: Record<string, string>) => ({
  service: 'cognito-idp',
  operation: headers['x-amz-target']?.split('.')[1] ?? '',
  path: '/',
  caller: callerOf(headers.authorization),
});

const callerOf = (authorization: string | undefined): Caller =>
  authorization?.includes('LOCALOPERATOR') ? { kind: 'operator' } : { kind: 'anonymous' };

async function callApi(service: Service | undefined, request: AwsRequest): Promise<AwsResponse> {
  try {
    if (!service?.api) throw new Error('the service has no API');
    service.api.needs(request);
    return await service.api.handle(request);
  } catch (error) {
    const known = error instanceof AwsError;
    const content = {
      __type: known ? error.name : 'InternalErrorException',
      message: String((error as Error).message),
    };
    return {
      status: known ? error.status : 500,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify(content),
    };
  }
}
