import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AwsJsonClient,
  awsJsonClient,
  environmentOptions,
} from '../../../../lambdas/adapters/aws-json/client.ts';
import { cognito } from '../../../../lambdas/adapters/cognito/client.ts';
import { dynamodb, leanDynamoClient } from '../../../../lambdas/adapters/dynamodb/client.ts';
import { TransactWriteItemsCommand } from '../../../../lambdas/adapters/dynamodb/commands.ts';
import { isDependencyFault } from '../../../../lambdas/api/dependency-faults.ts';

let server: Server | undefined;
let client: AwsJsonClient | undefined;
afterEach(() => {
  client?.destroy();
  server?.close();
  server?.closeAllConnections();
});

interface Seen {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A service that answers its requests with `answers`, in turn; the last one again and again. */
async function service(...answers: ((response: ServerResponse) => void)[]) {
  const seen: Seen[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      (answers[seen.length - 1] ?? answers.at(-1))?.(response);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const options = {
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/_aws/dynamodb`,
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' },
    requestTimeoutMs: 200,
  };
  client = awsJsonClient(dynamodb, options);
  return { client, options, seen };
}

const say = (status: number, body: unknown) => (response: ServerResponse) =>
  response.writeHead(status, { 'x-amzn-requestid': 'request-1' }).end(JSON.stringify(body));
const refuse = (type: string, status = 400) =>
  say(status, { __type: `com.amazonaws.dynamodb#${type}`, message: 'no' });
const garble = (response: ServerResponse) => response.end('\u0000garbage');
const drop = (response: ServerResponse) => response.destroy();
const stay = () => {};

describe('a call', () => {
  it('names operation and protocol, is signed, and gives the answer', async () => {
    const { client, seen } = await service(say(200, { Item: { id: { S: 'ä' } } }));
    expect(await client.call('GetItem', { TableName: 't' })).toEqual({ Item: { id: { S: 'ä' } } });
    expect(seen).toMatchObject([
      {
        body: '{"TableName":"t"}',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'DynamoDB_20120810.GetItem',
          'x-amz-security-token': 'token',
          authorization: expect.stringContaining('Credential=id/'),
        },
      },
    ]);
  });

  it.each([
    { operation: 'InitiateAuth', signed: false },
    { operation: 'AdminInitiateAuth', signed: true },
  ])('of $operation at a user pool is signed: $signed', async ({ operation, signed }) => {
    const { options, seen } = await service(say(200, {}));
    client = awsJsonClient(cognito, options);
    await client.call(operation, { ClientId: 'c' });
    expect(seen[0]).toMatchObject({
      body: '{"ClientId":"c"}',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      },
    });
    const names = ['authorization', 'x-amz-date', 'x-amz-security-token'];
    expect(names.map((name) => name in (seen[0]?.headers ?? {}))).toEqual(Array(3).fill(signed));
  });

  it('names its agent, signed or not: a web ACL may block whoever does not', async () => {
    const { options, seen } = await service(say(200, {}));
    client = awsJsonClient(cognito, options);
    await client.call('InitiateAuth', {});
    await client.call('AdminInitiateAuth', {});
    expect(seen.map(({ headers }) => headers['user-agent'])).toEqual(['vestibule', 'vestibule']);
  });

  it('that has nothing to answer may answer nothing, and no other may', async () => {
    const { options } = await service((response) => response.end());
    client = awsJsonClient(cognito, options);
    expect(await client.call('RevokeToken', {})).toEqual({});
    await expect(client.call('InitiateAuth', {})).rejects.toMatchObject({ name: 'InternalServerError' });
  });

  it.each([
    { type: 'NotAuthorizedException:http://internal.amazon.com/coral/com.amazon.coral.service/' },
    { type: 'com.amazon.cognito#NotAuthorizedException' },
    { type: 'NotAuthorizedException' },
  ])('refused by the header alone is named by it: $type', async ({ type }) => {
    const { client } = await service((response) =>
      response.writeHead(400, { 'x-amzn-errortype': type }).end('<html>no</html>'),
    );
    await expect(client.call('GetItem', {})).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('refused for good is not repeated and keeps the name, the request id and the reasons', async () => {
    const reasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }];
    const { client, seen } = await service(
      say(400, { __type: 'x#TransactionCanceledException', Message: 'no', CancellationReasons: reasons }),
    );
    await expect(client.call('TransactWriteItems', {})).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message: 'no',
      CancellationReasons: reasons,
      $metadata: { httpStatusCode: 400, requestId: 'request-1' },
    });
    expect(seen).toHaveLength(1);
  });

  it.each([
    { what: 'a throttle', answer: refuse('ProvisionedThroughputExceededException') },
    { what: 'a transaction on the same item', answer: refuse('TransactionConflictException') },
    { what: 'a broken service', answer: refuse('InternalServerError', 500) },
    { what: 'a lost connection', answer: drop },
    { what: 'a garbled answer', answer: garble },
    { what: 'silence', answer: stay },
  ])(
    'is repeated after $what, and given up after three tries as a fault of a dependency',
    async ({ answer }) => {
      const { client, seen } = await service(answer, say(200, {}));
      expect(await client.call('GetItem', {})).toEqual({});
      expect(seen).toHaveLength(2);
      await server?.close();
      const hopeless = await service(answer);
      const error: unknown = await hopeless.client.call('GetItem', {}).catch((thrown: unknown) => thrown);
      expect(hopeless.seen).toHaveLength(3);
      expect(isDependencyFault(error)).toBe(true);
      expect(String(error)).not.toContain('garbage');
    },
  );

  it('says that nobody listens', async () => {
    const { client } = await service(stay);
    await new Promise((resolve) => server?.close(resolve));
    await expect(client.call('GetItem', {})).rejects.toMatchObject({
      name: 'ConnectionLost',
      code: 'ECONNREFUSED',
    });
  });

  it('uses one connection for calls in sequence', async () => {
    const { client } = await service(say(200, {}));
    let connections = 0;
    server?.on('connection', () => {
      connections += 1;
    });
    for (let i = 0; i < 5; i += 1) await client.call('GetItem', {});
    expect(connections).toBe(1);
  });
});

it('a transaction has one token over all its tries, so that it happens once', async () => {
  const { options, seen } = await service(drop, say(200, {}));
  const dynamo = leanDynamoClient(options);
  await dynamo.send(new TransactWriteItemsCommand({ TransactItems: [] }));
  await dynamo.send(new TransactWriteItemsCommand({ TransactItems: [] }));
  dynamo.destroy();
  const [first, repeated, other] = seen.map(({ body }) => JSON.parse(body).ClientRequestToken);
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect(repeated).toBe(first);
  expect(other).not.toBe(first);
});

describe('the options of an environment', () => {
  const env = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };

  it('are those that Lambda sets', () => {
    expect(environmentOptions(dynamodb, { ...env, AWS_SESSION_TOKEN: 'token' })).toEqual({
      region: 'eu-west-1',
      endpoint: 'https://dynamodb.eu-west-1.amazonaws.com',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' },
    });
    expect(
      environmentOptions(dynamodb, {
        ...env,
        AWS_ENDPOINT_URL: 'http://a',
        AWS_ENDPOINT_URL_DYNAMODB: 'http://b',
      }),
    ).toMatchObject({ endpoint: 'http://b' });
  });

  it.each(Object.keys(env))('need %s', (name) => {
    expect(() => environmentOptions(dynamodb, { ...env, [name]: undefined })).toThrow(name);
  });
});
