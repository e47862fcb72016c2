import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { logged, signed, startProbe } from './probe-cloud.ts';

let running: RunningCloud;
let url: string;
beforeAll(async () => {
  running = await startProbe();
  url = running.outputs.url;
});
afterAll(() => running.stop());
beforeEach(() => running.faults.clear());

const operator = signed('LOCALOPERATOR');
const json = { 'content-type': 'application/x-amz-json-1.1' };
const call = (path: string, operation: string | undefined, headers: Record<string, string>, body = '{}') =>
  fetch(`${url}${path}`, {
    method: 'POST',
    body,
    headers: { ...json, ...(operation && { 'x-amz-target': operation }), ...headers },
  });

/** A request with any Host header, which fetch does not allow. */
const rawRequest = (path: string, headers: Record<string, string>, method = 'GET') =>
  new Promise<number | undefined>((resolve, reject) => {
    httpRequest(`${url}${path}`, { headers, method }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .once('error', reject)
      .end();
  });

describe('an AWS call', () => {
  it.each([
    { by: 'its path', path: '/_aws/kms', headers: operator },
    { by: 'its target', path: '/', headers: operator },
    { by: 'its target below /_aws', path: '/_aws', headers: operator },
    {
      by: 'its path, whatever the signature is for',
      path: '/_aws/kms/',
      headers: signed('LOCALOPERATOR', 's3'),
    },
  ])('finds its service by $by', async ({ path, headers }) => {
    const answer = await call(path, 'TrentService.Echo', headers);
    expect(await answer.json()).toMatchObject({
      operation: 'Echo',
      caller: { kind: 'operator' },
      body: '{}',
    });
    expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('finds a REST service by its signature, with the path as the service has it', async () => {
    const answer = await fetch(`${url}/2015-03-31/keys?max=1`, { headers: operator });
    expect(await answer.json()).toMatchObject({ operation: '', path: '/2015-03-31/keys?max=1' });
  });

  it('is told when there is no such service', async () => {
    const answer = await call('/_aws/polly', 'Parrot.Speak', operator);
    expect([answer.status, await answer.json()]).toEqual([
      501,
      { __type: 'UnknownService', message: 'the local cloud has no service "polly"' },
    ]);
  });

  it('with an unknown key learns which one to use', async () => {
    const answer = await call('/_aws/kms', 'TrentService.Echo', signed('AKIAUNKNOWN'));
    expect(answer.status).toBe(400);
    expect(answer.headers.get('x-amzn-errortype')).toBe('UnrecognizedClientException');
    expect((await answer.json()) as object).toMatchObject({
      message: expect.stringContaining('LOCALOPERATOR'),
    });
  });

  it.each(['TrentService.Echo', 'TrentService.Free'])(
    'without signature is refused (%s)',
    async (operation) => {
      const answer = await call('/_aws/kms', operation, {});
      expect([answer.status, ((await answer.json()) as { __type: string }).__type]).toEqual([
        403,
        'MissingAuthenticationTokenException',
      ]);
    },
  );

  it.each([
    { operation: 'InitiateAuth', status: 200 },
    { operation: 'AdminGetUser', status: 403 },
  ])('without signature to Cognito: $operation is answered with $status', async ({ operation, status }) => {
    const answer = await call('/_aws/cognito-idp', `AWSCognitoIdentityProviderService.${operation}`, {});
    expect(answer.status).toBe(status);
  });

  it("keeps an error of the cloud itself in the service's shape, and logs it", async () => {
    const answer = await call('/_aws/kms', 'TrentService.Break', operator);
    expect([answer.status, ((await answer.json()) as { __type: string }).__type]).toEqual([
      500,
      'InternalFailure',
    ]);
    expect(logged.join('\n')).toContain('kms Break failed');
  });

  it('fails in XML where the protocol is XML', async () => {
    const query = await fetch(`${url}/_aws/sts`, {
      method: 'POST',
      body: 'Action=GetCallerIdentity',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...operator },
    });
    expect(await query.text()).toContain(
      '<ErrorResponse><Error><Type>Receiver</Type><Code>UnknownService</Code>',
    );
    const s3 = await fetch(`${url}/_aws/s3/bucket/key`, { headers: signed('<&>') });
    expect(await s3.text()).toContain('<Error><Code>UnrecognizedClientException</Code>');
  });

  it('is counted by service and operation', async () => {
    running.meter.reset();
    await call('/_aws/kms', 'TrentService.Echo', operator);
    expect(running.meter.read()).toEqual({ 'kms:Echo': 1 });
  });
});

describe('a function', () => {
  const invoke = (operation: string) =>
    running.cloud.functions.invoke(
      running.outputs.stack.Function ?? '',
      { operation },
      { principal: 'internal' },
    );

  it('calls as its role, with the grants that it has', async () => {
    expect(await invoke('Echo')).toMatchObject({
      ok: true,
      payload: {
        status: 200,
        body: { caller: { kind: 'role', functionName: expect.stringMatching(/^Caller-/) } },
      },
    });
  });

  it("is denied what no policy of its role allows, in AWS's words", async () => {
    expect(await invoke('Sign')).toMatchObject({
      ok: true,
      payload: {
        status: 400,
        body: {
          __type: 'AccessDeniedException',
          message: expect.stringMatching(
            /^User: arn:aws:sts::000000000000:assumed-role\/\S+\/Caller-\S+ is not authorized to perform: kms:Sign on resource: arn:key\/1 because no identity-based policy allows the kms:Sign action$/,
          ),
        },
      },
    });
  });

  it('is invoked through the Lambda API by its name', async () => {
    const name = running.outputs.stack.Function?.split(':').at(-1);
    const path = `/_aws/lambda/2015-03-31/functions/${name}/invocations`;
    const answer = await call(path, undefined, signed('LOCALOPERATOR', 'lambda'), '{"operation":"Echo"}');
    expect([answer.status, ((await answer.json()) as { status: number }).status]).toEqual([200, 200]);
  });

  it.each([
    { name: 'gone', body: '{}', type: 'ResourceNotFoundException', status: 404 },
    { name: 'caller', body: '{', type: 'InvalidRequestContentException', status: 400 },
  ])('that cannot be invoked ($type) says so', async ({ name, body, type, status }) => {
    const path = `/_aws/lambda/2015-03-31/functions/${name}/invocations`;
    const answer = await call(path, undefined, signed('LOCALOPERATOR', 'lambda'), body);
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([status, type]);
  });

  it('that throws is answered with 200 and the error in the body', async () => {
    running.faults.add({ service: 'lambda', operation: 'caller', effect: { kind: 'error', name: 'Oops' } });
    const path = '/_aws/lambda/2015-03-31/functions/caller/invocations';
    const answer = await call(path, undefined, signed('LOCALOPERATOR', 'lambda'));
    expect([answer.status, answer.headers.get('x-amz-function-error')]).toEqual([200, 'Unhandled']);
    expect(await answer.json()).toMatchObject({ errorType: 'Oops' });
  });
});

describe('a fault', () => {
  it('takes the place of the answer, once, for the operation it names', async () => {
    running.faults.add({
      service: 'kms',
      operation: 'Echo',
      effect: { kind: 'error', name: 'ThrottlingException', message: 'slow down', status: 400 },
    });
    expect((await call('/_aws/kms', 'TrentService.Count', operator)).status).toBe(200);
    const faulty = await call('/_aws/kms', 'TrentService.Echo', operator);
    expect(await faulty.json()).toEqual({ __type: 'ThrottlingException', message: 'slow down' });
    expect((await call('/_aws/kms', 'TrentService.Echo', operator)).status).toBe(200);
  });

  it('garbles an answer', async () => {
    running.faults.add({ service: 'kms', effect: { kind: 'garbage' } });
    expect(await (await call('/_aws/kms', 'TrentService.Echo', operator)).text()).toBe('\u0000garbage');
  });
});

describe('plain HTTP', () => {
  it('goes to the longest prefix, with repeated headers and the real address', async () => {
    const answer = await fetch(`${url}/api/v1/x?a=1&a=2`, {
      headers: [
        ['x-twice', '1'],
        ['x-twice', '2'],
      ],
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await answer.json()).toMatchObject({ path: '/api/v1/x', query: 'a=1&a=2', sourceIp: '127.0.0.1' });
    expect(await (await fetch(`${url}/other`)).text()).toBe('root /other');
  });

  it.each([
    { testSourceIp: true, claimed: '203.0.113.7', sourceIp: '203.0.113.7' },
    { testSourceIp: true, claimed: '2001:db8::1', sourceIp: '2001:db8::1' },
    { testSourceIp: true, claimed: 'nonsense', sourceIp: '127.0.0.1' },
    { testSourceIp: false, claimed: '203.0.113.7', sourceIp: '127.0.0.1' },
  ])(
    'takes the address $claimed of the test header as $sourceIp (started for it: $testSourceIp)',
    async ({ testSourceIp, claimed, sourceIp }) => {
      const running = await startProbe({ testSourceIp });
      const answer = await fetch(`${running.cloud.url}/api/x`, {
        headers: { 'x-vestibule-test-source-ip': claimed, 'x-forwarded-for': '1.1.1.1' },
      });
      const seen = (await answer.json()) as { sourceIp: string; headers: Record<string, string> };
      await running.stop();
      expect(seen.sourceIp).toBe(sourceIp);
      expect(seen.headers).not.toHaveProperty('x-vestibule-test-source-ip');
    },
  );
});

describe('the server', () => {
  it.each<{ path: string; headers: Record<string, string>; status: number }>([
    { path: '/_aws/kms', headers: { host: 'evil.example' }, status: 403 },
    { path: '/_console/api', headers: { host: 'evil.example' }, status: 403 },
    { path: '/_mailbox', headers: { host: '127.0.0.1.evil.example' }, status: 403 },
    { path: '/_console/api', headers: { origin: 'https://evil.example' }, status: 403 },
    { path: '/_mailbox', headers: { host: 'localhost:4400' }, status: 200 },
    { path: '/_console/api', headers: { origin: 'http://127.0.0.1:4400' }, status: 200 },
    { path: '/api/x', headers: { host: 'evil.example' }, status: 201 },
  ])('answers $path for $headers with $status', async ({ path, headers, status }) => {
    expect(await rawRequest(path, headers)).toBe(status);
  });

  it.each([
    { service: 'cognito-idp', status: 200, allowed: '*' },
    { service: 'kms', status: 403, allowed: null },
  ])('lets browsers of any origin call $service: $allowed', async ({ service, status, allowed }) => {
    const answer = await fetch(`${url}/_aws/${service}`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example' },
    });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([status, allowed]);
  });

  it('listens on the loopback interface only', () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('refuses a body that is too large, and goes on', async () => {
    const answer = await call('/_aws/kms', 'TrentService.Echo', operator, 'x'.repeat(13 * 1024 * 1024));
    expect(answer.status).toBe(413);
    expect((await call('/_aws/kms', 'TrentService.Echo', operator)).status).toBe(200);
  });

  it.each([
    'GET /%%% HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'POST / HTTP/1.1\r\nhost: localhost\r\nauthorization: AWS4-HMAC-SHA256 nonsense\r\ncontent-length: 0\r\n\r\n',
    'POST /_aws/%E0%A4%A HTTP/1.1\r\nhost: localhost\r\nx-amz-target: ....\r\ncontent-length: 0\r\n\r\n',
    'POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: __proto__.constructor\r\ncontent-length: 0\r\n\r\n',
    'POST /_aws/kms HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\ncut off',
    'nonsense\r\n\r\n',
    '\u0000\u0001\u0002',
  ])('survives %j', async (garbage) => {
    const { hostname, port } = new URL(url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.end(garbage));
      socket.resume().once('close', () => resolve());
      socket.once('error', () => resolve());
    });
    expect((await call('/_aws/kms', 'TrentService.Echo', operator)).status).toBe(200);
  });
});
