import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import type { CloudCall } from '../../../local/functions/environment.ts';
import { LambdaFunction } from '../../../local/functions/lambda-function.ts';
import { createMeter } from '../../../local/meter.ts';

/** A port where nobody listens: whatever arrives came by the line. */
const url = 'http://127.0.0.1:9';
const sdk = JSON.stringify(import.meta.resolve('@aws-sdk/client-dynamodb').replace('file://', ''));

const source = `
  const http = require('node:http');
  const ask = (options, body) => new Promise((resolve, reject) => {
    const request = http.request({ method: 'POST', headers: { 'X-Probe': 1 }, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => { text += part; });
      response.on('end', () => resolve({ status: response.statusCode, text, header: response.headers['x-said'] }));
    });
    request.on('error', (error) => reject(error));
    if (options.giveUp) request.destroy(new Error('gave up'));
    else { request.write(body.slice(0, 3)); request.end(body.slice(3)); }
  });
  exports.handler = async ({ kind, host, port, path, body, count = 1 }) => {
    if (kind === 'sdk') {
      const { DynamoDBClient, GetItemCommand } = require(${sdk});
      const client = new DynamoDBClient({ region: 'eu-west-1', endpoint: '${url}/_aws/dynamodb',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, requestHandler: { connectionTimeout: 300, requestTimeout: 2000 } });
      const { Item } = await client.send(new GetItemCommand({ TableName: 't', Key: { id: { S: '1' } } }));
      return Item;
    }
    if (kind === 'give-up') return ask({ host, port, path, giveUp: true }, body).catch((error) => error.message);
    return Promise.all(Array.from({ length: count }, (_, i) => ask({ host, port, path }, body + i)));
  };`;

let opened: LambdaFunction | undefined;
afterEach(() => opened?.stop());

function open(answer: (call: CloudCall) => Promise<{ status: number; body: string }>): LambdaFunction {
  opened = new LambdaFunction({
    clock: createClock(),
    meter: createMeter(),
    maxEnvironments: 1,
    line: {
      url,
      answer: async (call) => ({
        headers: { 'x-said': call.headers['x-probe'] ?? '' },
        ...(await answer(call)),
      }),
    },
    specification: {
      arn: 'arn:aws:lambda:eu-west-1:000000000000:function:probe',
      name: 'probe',
      label: 'probe',
      code: { directory: process.cwd(), source },
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      memoryMb: 256,
      timeoutMs: 10_000,
      roleArn: 'arn:aws:iam::000000000000:role/probe',
      environment: {},
    },
  });
  return opened;
}

async function run(to: LambdaFunction, event: object): Promise<unknown> {
  const result = await to.call({ requestId: `${Math.random()}`, eventJson: JSON.stringify(event) });
  if (!result.ok) throw new Error(result.message);
  return JSON.parse(result.json);
}

const own = { host: '127.0.0.1', port: 9, path: '/_aws/kms/?x=1' };

describe('calls of a function to its cloud', () => {
  it('carry method, path, headers and body, and bring back status, headers and body', async () => {
    const seen: CloudCall[] = [];
    const probe = open(async (call) => {
      seen.push(call);
      return { status: 418, body: `got ${Buffer.from(call.body)}` };
    });
    expect(await run(probe, { ...own, body: 'größer' })).toEqual([
      { status: 418, text: 'got größer0', header: '1' },
    ]);
    expect(seen).toMatchObject([{ method: 'POST', path: '/_aws/kms/?x=1' }]);
  });

  it('find their own answers, in whatever order these come', async () => {
    const held: (() => void)[] = [];
    const probe = open(
      (call) =>
        new Promise((resolve) => {
          held.push(() => resolve({ status: 200, body: `${Buffer.from(call.body)}` }));
          if (held.length === 20) for (const release of held.reverse()) release();
        }),
    );
    const answers = (await run(probe, { ...own, body: 'call-', count: 20 })) as { text: string }[];
    expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, i) => `call-${i}`));
  });

  it('work with the HTTP handler of the AWS SDK', async () => {
    const probe = open(async () => ({ status: 200, body: '{"Item":{"id":{"S":"1"}}}' }));
    expect(await run(probe, { kind: 'sdk' })).toEqual({ id: { S: '1' } });
  });

  it('can be given up', async () => {
    const probe = open(() => new Promise(() => {}));
    expect(await run(probe, { kind: 'give-up', ...own, body: 'x' })).toBe('gave up');
  });

  it('leave everything else on the network', async () => {
    const server = createServer((_, response) => response.end('by socket'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const probe = open(async () => ({ status: 500, body: 'by line' }));
    const elsewhere = { host: '127.0.0.1', port, path: '/_aws/kms/', body: 'x' };
    expect(await run(probe, elsewhere)).toMatchObject([{ status: 200, text: 'by socket' }]);
    server.close();
  });
});
