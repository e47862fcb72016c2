import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type EngineSockets, engineSockets } from '../../../../local/services/dynamodb/engine-socket.ts';

let server: Server | undefined;
let sockets: EngineSockets | undefined;
afterEach(() => {
  sockets?.close();
  server?.close();
});

/** An engine that answers each request as told; `requests` counts what arrived. */
async function engine(answer: (socket: Socket, request: string) => void) {
  const connections = new Set<Socket>();
  server = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => {}); // the other side gave up
    socket.on('data', (chunk) => answer(socket, chunk.toString('utf8')));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  sockets = engineSockets('127.0.0.1', address.port);
  return { connections, sockets };
}

const head = 'POST / HTTP/1.1\r\nhost: engine\r\n';
const framed = (body: string, status = '200 OK') =>
  `HTTP/1.1 ${status}\r\nX-Request: 7\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe('connections to the engine', () => {
  it('frame a request by its length in bytes and read the answer', async () => {
    let seen = '';
    const { sockets } = await engine((socket, request) => {
      seen = request;
      socket.write(framed('{"größe":1}', '400 Bad Request'));
    });
    const answer = await sockets.send(head, '{"ä":1}');
    expect(seen).toBe(`${head}content-length: 8\r\n\r\n{"ä":1}`);
    expect(answer).toMatchObject({ status: 400, headers: { 'x-request': '7' } });
    expect(answer.body.toString()).toBe('{"größe":1}');
  });

  it('put an answer together that comes byte by byte', async () => {
    const { sockets } = await engine((socket) => {
      const bytes = [...Buffer.from(framed('abc'))];
      const next = () => {
        const byte = bytes.shift();
        if (byte !== undefined) socket.write(Buffer.of(byte), () => setImmediate(next));
      };
      next();
    });
    expect((await sockets.send(head, Buffer.from('x'))).body.toString()).toBe('abc');
  });

  it('are kept, and opened only for calls at the same time', async () => {
    const { sockets, connections } = await engine((socket) => socket.write(framed('ok')));
    for (let i = 0; i < 5; i += 1) await sockets.send(head, '');
    expect(connections.size).toBe(1);
    await Promise.all(Array.from({ length: 4 }, () => sockets.send(head, '')));
    expect(connections.size).toBe(4);
  });

  it('fail the call whose connection is lost, and the next one takes another', async () => {
    let isFirst = true;
    const { sockets } = await engine((socket) => {
      if (isFirst) socket.destroy();
      else socket.write(framed('ok'));
      isFirst = false;
    });
    await expect(sockets.send(head, '')).rejects.toThrow();
    expect((await sockets.send(head, '')).status).toBe(200);
  });

  it('refuse an answer that does not say its length', async () => {
    const { sockets } = await engine((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nabc'));
    await expect(sockets.send(head, '')).rejects.toThrow('content-length');
  });
});
