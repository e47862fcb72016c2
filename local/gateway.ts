import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { AwsEndpoint, type AwsEndpointOptions, isAwsRequest } from './aws-endpoint.ts';
import type { CloudAnswer, CloudCall } from './functions/environment.ts';
import { AwsError, type AwsResponse, type HttpRequest, type HttpResponse, type Service } from './platform.ts';

export interface Gateway {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Adds a service; its AWS API answers at once, its plain HTTP after `open`. */
  add(service: Service): void;
  /** Answers a call of a function as if it had come over the port. */
  answer(call: CloudCall): Promise<CloudAnswer>;
  /** Lets plain HTTP in. */
  open(): void;
  close(): Promise<void>;
}

export type GatewayOptions = Omit<AwsEndpointOptions, 'find'> & {
  readonly port: number;
  /** Honours the test header that names a caller's address. @default false */
  readonly testSourceIp?: boolean;
};

type Route = NonNullable<Service['http']>[number];

/** Larger than any limit of the services behind it (API Gateway: 10 MB). */
const bodyLimitBytes = 12 * 1024 * 1024;
/** Longer than clients keep idle connections, so that none is closed under a request. */
const keepAliveMs = 75_000;
/** Lets a test play people elsewhere: every real connection comes from the loopback network. Never passed on. */
const sourceIpHeader = 'x-vestibule-test-source-ip';

/**
 * The HTTP server of the local cloud, on the loopback interface only.
 * @throws AwsError `PortInUse`
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const services = new Map<string, Service>();
  const endpoint = new AwsEndpoint({ ...options, find: (name) => services.get(name) });
  let routes: readonly Route[] = [];
  let isOpen = false;
  const answer = (request: HttpRequest): Promise<HttpResponse> | HttpResponse => {
    if (isControl(request) && !isFromThisMachine(request))
      return plain(403, 'this endpoint is for this machine only');
    if (isAwsRequest(request)) return endpoint.answer(request);
    if (!isOpen) return plain(503, 'the local cloud is starting');
    return route(routes, request)?.handle(request) ?? plain(404, 'nothing is served here');
  };
  const server = createServer((incoming, outgoing) => {
    void serve(incoming, answer, options).then((response) => send(outgoing, response));
  });
  server.keepAliveTimeout = keepAliveMs;
  server.headersTimeout = keepAliveMs + 5_000;
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    answer: (call) => answerDirectly(endpoint, call),
    add: (service) => {
      services.set(service.name, service);
      routes = [...routes, ...(service.http ?? [])].sort((a, b) => b.prefix.length - a.prefix.length);
    },
    open: () => {
      isOpen = true;
    },
    close: () => close(server),
  };
}

async function answerDirectly(endpoint: AwsEndpoint, call: CloudCall): Promise<CloudAnswer> {
  const { method, path: target, headers, body } = call;
  const [path = '/', search = ''] = target.split('?', 2);
  const {
    status,
    headers: answered = {},
    body: answerBody = '',
  } = await endpoint.answer({
    method,
    path,
    query: new URLSearchParams(search),
    headers,
    body:
      typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.length),
    sourceIp: '127.0.0.1',
  });
  return { status, headers: answered, body: answerBody };
}

/** The longest prefix wins. */
const route = (routes: readonly Route[], { path }: HttpRequest): Route | undefined =>
  routes.find(({ prefix }) => path.startsWith(prefix) || `${path}/` === prefix);

async function serve(
  incoming: IncomingMessage,
  answer: (request: HttpRequest) => Promise<HttpResponse> | HttpResponse,
  { log, testSourceIp = false }: GatewayOptions,
): Promise<HttpResponse> {
  try {
    const body = await readBody(incoming);
    return await answer(readRequest(incoming, body, testSourceIp));
  } catch (error) {
    if (error instanceof AwsError) return plain(error.status, error.message);
    log.error(`${incoming.method} ${pathOf(incoming)} failed`, { error });
    return plain(500, 'the local cloud failed; its log says why');
  }
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/';

const readBody = (incoming: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      // The rest is read and dropped, so that the client gets to see the answer.
      if (bytes <= bodyLimitBytes) chunks.push(chunk);
      else
        reject(
          new AwsError('RequestTooLong', `the body is larger than ${bodyLimitBytes} bytes`, { status: 413 }),
        );
    });
    incoming.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    incoming.once('error', (error) => reject(new AwsError('ConnectionLost', error.message)));
  });

function readRequest(incoming: IncomingMessage, body: Buffer, testSourceIp: boolean): HttpRequest {
  const { url = '/', method = 'GET', socket } = incoming;
  const question = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  const played = testSourceIp ? headers[sourceIpHeader] : undefined;
  delete headers[sourceIpHeader];
  return {
    method,
    path: question < 0 ? url : url.slice(0, question),
    query: new URLSearchParams(question < 0 ? '' : url.slice(question + 1)),
    headers,
    get headerValues() {
      const { [sourceIpHeader]: _, ...values } = incoming.headersDistinct as Record<string, string[]>;
      return values;
    },
    body,
    sourceIp: played && isIP(played) ? played : (socket.remoteAddress ?? '127.0.0.1').replace('::ffff:', ''),
  };
}

/** What gives power over the cloud: only for programs and pages of this machine. */
const isControl = (request: HttpRequest): boolean =>
  isAwsRequest(request) || request.path.startsWith('/_console') || request.path.startsWith('/_mailbox');

const localHost = /^(127\.0\.0\.1|localhost|\[::1\]|[\w-]+\.localhost)(:\d+)?$/i;

/** A page elsewhere could reach us under a name of its own (DNS rebinding) or send a form. */
function isFromThisMachine(request: HttpRequest): boolean {
  const { host = '', origin } = request.headers;
  if (!localHost.test(host)) return false;
  if (origin === undefined || isAwsRequest(request)) return true; // AWS calls carry headers that need a preflight
  return localHost.test(origin.replace(/^https?:\/\//, ''));
}

const plain = (status: number, message: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

function send(outgoing: ServerResponse, { status, headers, body }: HttpResponse | AwsResponse): void {
  if (outgoing.destroyed) return; // the client is gone
  outgoing.setHeader('content-length', Buffer.byteLength(body ?? ''));
  for (const [name, value] of Object.entries(headers ?? {})) outgoing.setHeader(name, value);
  outgoing.writeHead(status);
  outgoing.end(body);
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      return reject(
        new AwsError(
          'PortInUse',
          `port ${port} is in use: if that is another local cloud, end it; or choose another port with --port`,
          { status: 500 },
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/**
 * Asks early for what `startGateway` needs later.
 * @throws AwsError `PortInUse`
 */
export async function requireFreePort(port: number): Promise<void> {
  const probe = createServer();
  await listen(probe, port);
  await close(probe);
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
