import { connect, type Socket } from 'node:net';

export interface SocketAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface EngineSockets {
  /** One HTTP/1.1 request whose head is `head` (without `content-length`) and whose answer has a length. */
  send(head: string, body: Buffer | string): Promise<SocketAnswer>;
  close(): void;
}

const headEnd = Buffer.from('\r\n\r\n');

/**
 * Kept connections to an engine on this machine that frames every answer by `content-length`: a request is one write
 * and an answer mostly one read, at a third of what Node's general HTTP client costs.
 */
export function engineSockets(hostname: string, port: number): EngineSockets {
  const idle: EngineConnection[] = [];
  const all = new Set<EngineConnection>();
  const open = () => {
    const connection = new EngineConnection(connect({ host: hostname, port, noDelay: true }), () => {
      all.delete(connection);
      const at = idle.indexOf(connection);
      if (at >= 0) idle.splice(at, 1);
    });
    all.add(connection);
    return connection;
  };
  return {
    send: async (head, body) => {
      const connection = idle.pop() ?? open();
      const answer = await connection.exchange(head, body);
      if (connection.isOpen) idle.push(connection);
      return answer;
    },
    close: () => {
      for (const connection of all) connection.end();
    },
  };
}

type Settle = { resolve(answer: SocketAnswer): void; reject(error: Error): void };

class EngineConnection {
  isOpen = true;
  private readonly socket: Socket;
  private received: Buffer | undefined;
  private waiting: Settle | undefined;

  constructor(socket: Socket, onClose: () => void) {
    this.socket = socket;
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => {
      this.isOpen = false;
      onClose();
      this.fail(new Error('the connection was closed'));
    });
  }

  exchange(head: string, body: Buffer | string): Promise<SocketAnswer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      const length = `content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
      this.socket.write(
        typeof body === 'string' ? head + length + body : Buffer.concat([Buffer.from(head + length), body]),
      );
    });
  }

  end(): void {
    this.socket.destroy();
  }

  private fail(error: Error): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(error);
  }

  private take(chunk: Buffer): void {
    const received = this.received ? Buffer.concat([this.received, chunk]) : chunk;
    const end = received.indexOf(headEnd);
    const answer = end < 0 ? undefined : readAnswer(received, end);
    if (!answer) {
      this.received = received;
      return;
    }
    this.received = undefined;
    const { waiting } = this;
    this.waiting = undefined;
    if (answer instanceof Error) {
      this.end();
      waiting?.reject(answer);
    } else waiting?.resolve(answer);
  }
}

/** `undefined` while the body is not complete. */
function readAnswer(received: Buffer, end: number): SocketAnswer | Error | undefined {
  const [first = '', ...lines] = received.toString('latin1', 0, end).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const length = Number(headers['content-length'] ?? Number.NaN);
  if (!Number.isInteger(length)) return new Error('an answer without content-length');
  const start = end + headEnd.length;
  if (received.length < start + length) return undefined;
  return { status: Number(first.slice(9, 12)), headers, body: received.subarray(start, start + length) };
}
