import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { dynamoClient, GetItemCommand } from '../../../lambdas/adapters/dynamo.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
  vi.unstubAllEnvs();
});

it('gives up on a silent table in time for the five seconds of a trigger, with an error that says so', async () => {
  let calls = 0;
  server = createServer(() => {
    calls += 1;
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const begun = performance.now();
  const read = dynamoClient().send(new GetItemCommand({ TableName: 't', Key: { id: { S: '1' } } }));
  await expect(read).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(calls).toBeGreaterThan(1);
}, 10_000);
