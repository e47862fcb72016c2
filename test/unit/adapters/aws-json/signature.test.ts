import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { requestSigner } from '../../../../lambdas/adapters/aws-json/signature.ts';

afterEach(() => vi.useRealTimers());

/** What the AWS SDK sends for a call: the reference that DynamoDB is known to accept. */
async function sdkRequest(credentials: {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}) {
  let seen: { headers: Record<string, string>; body: string } | undefined;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      seen = { headers: request.headers as Record<string, string>, body };
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({ region: 'eu-west-1', endpoint, credentials });
  await client.send(new GetItemCommand({ TableName: 'größe', Key: { id: { S: '1' } } }));
  client.destroy();
  server.close();
  if (!seen) throw new Error('no request');
  return seen;
}

const part = (authorization: string, name: string) => new RegExp(`${name}=([^,]+)`).exec(authorization)?.[1];

describe('a signature', () => {
  it.each([
    { given: 'long-lived keys', credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret/+' } },
    {
      given: 'keys of a role',
      credentials: { accessKeyId: 'ASIA', secretAccessKey: 'secret', sessionToken: 'session//token==' },
    },
  ])('covers what the AWS SDK covers, for $given', async ({ credentials }) => {
    const { headers } = await sdkRequest(credentials);
    const signed = requestSigner(
      'dynamodb',
      'eu-west-1',
      credentials,
    )({ host: 'h', path: '/', target: 't', contentType: 'c', body: '' }, new Date());
    const ours = part(signed.authorization ?? '', 'SignedHeaders')?.split(';') ?? [];
    const theirs = part(headers.authorization ?? '', 'SignedHeaders')?.split(';') ?? [];
    expect(theirs).toEqual(expect.arrayContaining(ours));
  });

  /** Canonical request of the specification, written out by hand for these inputs. */
  it('is the one that the specification computes', async () => {
    const { createHash, createHmac } = await import('node:crypto');
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();
    const body = '{"ä":1}';
    const canonical = [
      'POST',
      '/_aws/dynamodb',
      '',
      'content-type:application/x-amz-json-1.0',
      'host:dynamodb.eu-west-1.amazonaws.com',
      'x-amz-date:20261122T190501Z',
      'x-amz-target:DynamoDB_20120810.GetItem',
      '',
      'content-type;host;x-amz-date;x-amz-target',
      hash(body),
    ].join('\n');
    const scope = '20261122/eu-west-1/dynamodb/aws4_request';
    const key = ['20261122', 'eu-west-1', 'dynamodb', 'aws4_request'].reduce<Buffer | string>(
      hmac,
      'AWS4secret',
    );
    const expected = hmac(key, `AWS4-HMAC-SHA256\n20261122T190501Z\n${scope}\n${hash(canonical)}`).toString(
      'hex',
    );
    const sign = requestSigner('dynamodb', 'eu-west-1', { accessKeyId: 'AKID', secretAccessKey: 'secret' });
    const request = {
      host: 'dynamodb.eu-west-1.amazonaws.com',
      path: '/_aws/dynamodb',
      target: 'DynamoDB_20120810.GetItem',
      contentType: 'application/x-amz-json-1.0',
      body,
    };
    const at = new Date('2026-11-22T19:05:01.987Z');
    expect(sign(request, at)).toEqual({
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': '20261122T190501Z',
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      authorization: `AWS4-HMAC-SHA256 Credential=AKID/${scope}, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=${expected}`,
    });
    expect(sign(request, at)).toEqual(sign(request, at));
  });

  it('changes its key with the day', () => {
    const sign = requestSigner('dynamodb', 'eu-west-1', { accessKeyId: 'AKID', secretAccessKey: 'secret' });
    const request = { host: 'h', path: '/', target: 't', contentType: 'c', body: '' };
    const [monday, tuesday, again] = ['2026-11-23', '2026-11-24', '2026-11-23'].map(
      (day) => sign(request, new Date(`${day}T00:00:00Z`)).authorization,
    );
    expect(monday).toContain('/20261123/');
    expect(tuesday).toContain('/20261124/');
    expect(again).toBe(monday);
  });
});
