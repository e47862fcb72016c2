import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DynamoDBClient,
  GetItemCommand,
  type ProvisionedThroughputExceededException,
} from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { problemAnswer } from '../../../lambdas/api/answer.ts';
import { isDependencyFault } from '../../../lambdas/api/dependency-faults.ts';
import { asCiamError } from '../../../lambdas/api/problem.ts';
import { CiamError } from '../../../lambdas/core/errors.ts';

const sdkError = (name: string, shape: object = {}) =>
  Object.assign(new Error('table Risk of ada@harbour.example'), { name, ...shape });
const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });
const cancelled = (...codes: string[]) =>
  sdkError('TransactionCanceledException', {
    ...status(400),
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

describe('what may work in a moment', () => {
  it.each([
    ['a throttle by name', sdkError('ThrottlingException', status(400))],
    ['a throttled table', sdkError('ProvisionedThroughputExceededException', status(400))],
    ['a throttle marked by the SDK', sdkError('Whatever', { $retryable: { throttling: true } })],
    ['status 429', sdkError('Whatever', status(429))],
    ['status 500', sdkError('InternalServerError', status(500))],
    ['status 503', sdkError('Whatever', status(503))],
    ['a call that took too long', sdkError('TimeoutError')],
    ['nobody at the other end', sdkError('Error', { code: 'ECONNREFUSED' })],
    ['a cut connection', sdkError('Error', { code: 'ECONNRESET' })],
    ['a lost connection, however it was lost', sdkError('ConnectionLost', { code: 'HPE_INVALID_CONSTANT' })],
    ['a write that met a transaction', sdkError('TransactionConflictException', status(400))],
    ['a name that does not resolve', sdkError('Error', { code: 'ENOTFOUND' })],
    ['a transaction that was throttled', cancelled('None', 'ThrottlingError')],
    ['a transaction in another one’s way', cancelled('TransactionConflict', 'None')],
    ['one of these as the cause', new Error('reading the secret', { cause: sdkError('TimeoutError') })],
  ])('%s is UNAVAILABLE, with a time to try again', (_, error) => {
    const raised = asCiamError(error);
    expect(raised).toMatchObject({ code: 'UNAVAILABLE', cause: error });
    const answer = problemAnswer(raised, { requestId: 'r' });
    expect([answer.statusCode, answer.headers?.['Retry-After']]).toEqual([503, '2']);
    expect(JSON.stringify(answer)).not.toMatch(/harbour|Risk/);
  });
});

describe('what will not pass by itself', () => {
  const endless = new Error('a circle');
  endless.cause = endless;
  it.each([
    ['a missing grant', sdkError('AccessDeniedException', status(400))],
    ['a missing table', sdkError('ResourceNotFoundException', status(400))],
    ['a request that is wrong', sdkError('ValidationException', status(400))],
    ['a text that only sounds like it', new Error('ThrottlingException: ECONNREFUSED 503')],
    ['a failed condition', cancelled('ConditionalCheckFailed', 'None')],
    ['a failed condition beside a throttle', cancelled('ConditionalCheckFailed', 'ThrottlingError')],
    ['a bug', new TypeError('undefined is not a function')],
    ['causes without end', endless],
    ['no error at all', 'ThrottlingException'],
    ['nothing', undefined],
  ])('%s is INTERNAL', (_, error) => expect(asCiamError(error).code).toBe('INTERNAL'));

  it('leaves alone what was raised on purpose, whatever caused it', () => {
    const raised = new CiamError('CODE_REJECTED', 'No.', { cause: sdkError('TimeoutError') });
    expect(asCiamError(raised)).toBe(raised);
  });
});

describe('errors of the SDK itself', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function failWith(answer: { status: number; type: string } | 'silence'): Promise<unknown> {
    server = createServer((_, response) => {
      if (answer === 'silence') return;
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: answer.type, message: 'no' }));
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return readFrom((server.address() as AddressInfo).port);
  }

  const readFrom = (port: number): Promise<unknown> =>
    new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 100, requestTimeout: 100, throwOnRequestTimeout: true },
    })
      .send(new GetItemCommand({ TableName: 't', Key: { id: { S: '1' } } }))
      .then(
        () => undefined,
        (error: ProvisionedThroughputExceededException) => error,
      );

  it.each([
    ['a throttle', { status: 400, type: 'ProvisionedThroughputExceededException' }, true],
    ['a fault', { status: 500, type: 'InternalServerError' }, true],
    ['silence', 'silence', true],
    ['a missing table', { status: 400, type: 'ResourceNotFoundException' }, false],
  ] as const)('%s is told by its shape', async (_, answer, passing) =>
    expect(isDependencyFault(await failWith(answer))).toBe(passing),
  );

  it('a refused connection is told by its code', async () =>
    expect(isDependencyFault(await readFrom(1))).toBe(true));
});
