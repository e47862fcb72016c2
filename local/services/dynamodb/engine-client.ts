import { Agent, request as httpRequest } from 'node:http';
import { AwsError } from '../../platform.ts';
import { engineSockets } from './engine-socket.ts';

export interface EngineAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface EngineClient {
  /** Passes a body through untouched. `target` is the full `X-Amz-Target`. */
  send(target: string, body: Buffer | string): Promise<EngineAnswer>;
  /** One parsed call of our own. @throws AwsError with the engine's error name */
  call<T>(target: string, input: unknown): Promise<T>;
  close(): void;
}

export const table = (operation: string) => `DynamoDB_20120810.${operation}`;
export const streams = (operation: string) => `DynamoDBStreams_20120810.${operation}`;

/** The engine looks for a signature but checks none; it listens on loopback only. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=local/20200101/local/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0';
const maxSockets = 64;

/** Keep-alive connections, bodies as Buffers, no parsing: a pass-through costs one loopback round trip. */
export function engineClient(endpoint: string, { framesByLength = false } = {}): EngineClient {
  const carrier = framesByLength ? socketCarrier(endpoint) : httpCarrier(endpoint);
  return {
    send: carrier.send,
    call: async <T>(target: string, input: unknown) => {
      const answer = await carrier.send(target, JSON.stringify(input));
      const value = JSON.parse(answer.body.toString('utf8')) as T & { __type?: string; message?: string };
      if (answer.status === 200) return value;
      const name = value.__type?.split('#').at(-1) ?? 'InternalServerError';
      throw new AwsError(name, value.message ?? '', { status: answer.status });
    },
    close: carrier.close,
  };
}

type Carrier = Pick<EngineClient, 'send' | 'close'>;

function socketCarrier(endpoint: string): Carrier {
  const { hostname, port } = new URL(endpoint);
  const sockets = engineSockets(hostname, Number(port));
  const heads = new Map<string, string>();
  const headOf = (target: string): string => {
    const known = heads.get(target) ?? requestHead(hostname, port, target);
    heads.set(target, known);
    return known;
  };
  return {
    send: (target, body) =>
      sockets.send(headOf(target), body).catch((error: Error) => {
        throw unreachable(error);
      }),
    close: sockets.close,
  };
}

const requestHead = (hostname: string, port: string, target: string): string =>
  [
    'POST / HTTP/1.1',
    `host: ${hostname}:${port}`,
    'content-type: application/x-amz-json-1.0',
    `x-amz-target: ${target}`,
    'x-amz-date: 20200101T000000Z',
    `authorization: ${authorization}`,
    '',
  ].join('\r\n');

function httpCarrier(endpoint: string): Carrier {
  const { hostname, port } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets, scheduling: 'lifo' });
  const send = (target: string, body: Buffer | string) =>
    new Promise<EngineAnswer>((resolve, reject) => {
      const call = httpRequest({
        hostname,
        port,
        agent,
        method: 'POST',
        path: '/',
        headers: headers(target, body),
      });
      call.once('error', (error) => reject(unreachable(error)));
      call.once('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', (error) => reject(unreachable(error)));
        answer.once('end', () =>
          resolve({
            status: answer.statusCode ?? 500,
            body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
            headers: answer.headers as Record<string, string>,
          }),
        );
      });
      call.end(body);
    });
  return {
    send,
    close: () => agent.destroy(),
  };
}

const headers = (target: string, body: Buffer | string) => ({
  'content-type': 'application/x-amz-json-1.0',
  'content-length': Buffer.byteLength(body),
  'x-amz-target': target,
  'x-amz-date': '20200101T000000Z',
  authorization,
});

/** A lost engine is a 500, which clients retry as they would on AWS. */
const unreachable = (cause: Error): AwsError =>
  new AwsError('InternalServerError', `the DynamoDB engine did not answer: ${cause.message}`, {
    status: 500,
  });
