import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import type { RunningCloud } from '../../local/cloud.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

export interface OpenPortal {
  /** `host:port` under which the pages must be opened (passkeys and cookies are for localhost). */
  readonly hosts: Readonly<Record<string, string>>;
  /** `http://localhost:3000/portal` */
  readonly url: string;
  stop(): void;
}

/** The built pages and the Identity API at one origin that the sample configuration lets in. */
export async function openPortal({ outputs }: Pick<RunningCloud, 'outputs'>): Promise<OpenPortal> {
  await build({ configFile: 'portal/vite.config.ts', logLevel: 'error' });
  const server = createServer((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
    if (pathname.startsWith('/v1/')) return pass(outputs.endpoints.identityApi, incoming, outgoing);
    void serve(pathname, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    hosts: { 'localhost:3000': `127.0.0.1:${port}` },
    url: 'http://localhost:3000/portal',
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function pass(api: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers, url } = incoming;
  const forward = request(`${api}${url}`, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  forward.on('error', () => outgoing.destroy());
  incoming.pipe(forward);
}

/** A file of the build; every other address below /portal/ is a page that the script makes. */
async function serve(pathname: string, outgoing: ServerResponse): Promise<void> {
  const path = normalize(pathname.replace(/^\/portal\/?/, ''));
  const file = join('dist/portal', extname(path) ? path : 'index.html');
  const found = await stat(file).catch(() => undefined);
  if (!found) return void outgoing.writeHead(404).end();
  outgoing.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(outgoing);
}
