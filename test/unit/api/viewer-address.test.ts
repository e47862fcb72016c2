import { describe, expect, it } from 'vitest';
import { viewerAddress } from '../../../lambdas/api/viewer-address.ts';

const secret = 's'.repeat(64);
const connection = '130.176.0.1';
const viewer = '203.0.113.7';

function anEdge(edgeSecret: (() => Promise<string>) | undefined = async () => secret) {
  const unread: unknown[] = [];
  let reads = 0;
  const counted =
    edgeSecret &&
    (() => {
      reads += 1;
      return edgeSecret();
    });
  const of = (headers: Record<string, string>) =>
    viewerAddress({ requestContext: { identity: { sourceIp: connection } } } as never, headers, {
      ...(counted && { edgeSecret: counted }),
      edgeUnread: (error) => unread.push(error),
    });
  return { of, unread, reads: () => reads };
}

const through = (edge: string, address: string) => ({
  'x-vestibule-edge': edge,
  'x-vestibule-viewer-address': address,
});

describe('the address of whoever sent a request', () => {
  it.each([viewer, '2001:db8::7'])('is %s when the distribution says so', async (address) => {
    expect(await anEdge().of(through(secret, address))).toBe(address);
  });

  it.each([
    { why: 'no secret', headers: { 'x-vestibule-viewer-address': viewer } },
    { why: 'a wrong secret', headers: through('x'.repeat(64), viewer) },
    { why: 'a part of the secret', headers: through(secret.slice(1), viewer) },
    { why: 'the secret twice', headers: through(`${secret}, ${secret}`, viewer) },
    { why: 'no address', headers: { 'x-vestibule-edge': secret } },
    { why: 'something that is no address', headers: through(secret, 'unknown') },
    { why: 'a list of addresses', headers: through(secret, `${viewer}, 198.51.100.9`) },
    { why: 'another header', headers: { 'x-vestibule-edge': secret, 'x-forwarded-for': viewer } },
  ])('is the one of the connection with $why', async ({ headers }) => {
    expect(await anEdge().of(headers as unknown as Record<string, string>)).toBe(connection);
  });

  it('is the one of the connection where there is no distribution', async () => {
    const edge = anEdge(null as never);
    expect(await edge.of(through(secret, viewer))).toBe(connection);
  });

  it('is the one of the connection while the secret cannot be read, and says so', async () => {
    const failure = new Error('throttled');
    const edge = anEdge(() => Promise.reject(failure));
    expect([await edge.of(through(secret, viewer)), edge.unread]).toEqual([connection, [failure]]);
  });

  it('reads no secret for a request that claims nothing', async () => {
    const edge = anEdge();
    await edge.of({ 'x-forwarded-for': viewer });
    expect(edge.reads()).toBe(0);
  });
});
