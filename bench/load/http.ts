import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Posted {
  readonly status: number;
  readonly text: string;
}

/** One POST over a kept connection, with as little work in this process as possible. */
export const post = (url: URL, body: string, headers: Readonly<Record<string, string>>): Promise<Posted> =>
  new Promise((resolve, reject) => {
    const call = request(
      {
        agent,
        method: 'POST',
        hostname: url.hostname,
        port: url.port,
        path: url.pathname,
        headers: { 'content-length': Buffer.byteLength(body), 'user-agent': 'bench', ...headers },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.once('error', reject);
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    call.once('error', reject);
    call.end(body);
  });
