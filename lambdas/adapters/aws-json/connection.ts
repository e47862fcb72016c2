import { type ClientRequest, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { SignedHeaders } from './signature.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Nobody answered: connection refused or lost, or not in time. Whether the call happened is not known. */
export class NoAnswer extends Error {
  /** As Node.js names it (`ECONNREFUSED`, `ECONNRESET`, `ETIMEDOUT`), so that callers tell it from a refusal. */
  readonly code: string;

  constructor(why: string, cause?: Error) {
    super(why, { cause });
    this.name = cause ? 'ConnectionLost' : 'TimeoutError';
    this.code = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'ETIMEDOUT';
  }
}

export interface ConnectionTimeouts {
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

const maxSockets = 50;

/** Kept connections to one endpoint, TLS unless the endpoint says `http:`. */
export function connectionPool(endpoint: string, timeouts: ConnectionTimeouts) {
  const { protocol, hostname, port, pathname } = new URL(endpoint);
  const isPlain = protocol === 'http:';
  const settings = { keepAlive: true, maxSockets, scheduling: 'lifo' } as const;
  const agent = isPlain ? new PlainAgent(settings) : new SecureAgent(settings);
  const request = isPlain ? plainRequest : secureRequest;
  const path = pathname;
  const where = { hostname, path, method: 'POST', agent, ...(port && { port }) };
  return {
    send: (headers: SignedHeaders, body: string): Promise<RawAnswer> =>
      new Promise((resolve, reject) => {
        const call = request({
          ...where,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        });
        const stop = limitTime(call, timeouts);
        const fail = (cause: Error) => {
          stop();
          reject(cause instanceof NoAnswer ? cause : new NoAnswer('the connection was lost', cause));
        };
        call.once('error', fail);
        call.once('response', (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.once('error', fail);
          answer.once('end', () => {
            stop();
            const [only] = chunks;
            resolve({
              status: answer.statusCode ?? 500,
              headers: answer.headers as RawAnswer['headers'],
              body: chunks.length === 1 && only ? only : Buffer.concat(chunks),
            });
          });
        });
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** @returns ends the watch */
function limitTime(
  call: ClientRequest,
  { connectTimeoutMs, requestTimeoutMs }: ConnectionTimeouts,
): () => void {
  const whole = setTimeout(
    () => call.destroy(new NoAnswer(`no answer within ${requestTimeoutMs} ms`)),
    requestTimeoutMs,
  );
  let connecting: NodeJS.Timeout | undefined;
  call.once('socket', (socket) => {
    if (!socket.connecting) return;
    connecting = setTimeout(
      () => call.destroy(new NoAnswer(`no connection within ${connectTimeoutMs} ms`)),
      connectTimeoutMs,
    );
    socket.once('connect', () => clearTimeout(connecting));
  });
  return () => {
    clearTimeout(whole);
    clearTimeout(connecting);
  };
}
