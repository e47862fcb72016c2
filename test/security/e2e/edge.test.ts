import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { IdentityApi } from '../../../scripts/journey/api.ts';
import { openCloud } from '../../support/cloud.ts';
import { SdkDoor } from '../../support/sdk-door.ts';

// WAF: the template's rules, seen from outside (design.md §3 and §4)
const limit = 10;
let cloud: RunningCloud;
beforeAll(async () => {
  const limits = ['WafSignInLimit', 'WafRegistrationLimit', 'WafRecoveryLimit'];
  cloud = await openCloud({
    testSourceIp: true,
    parameters: Object.fromEntries(limits.map((name) => [name, `${limit}`])),
  });
});
afterAll(() => cloud?.stop());

const from = (address: string) => ({ 'x-vestibule-test-source-ip': address });
const identifier = 'nobody@example.com';
const password = 'quiet harbour lights';

describe('a flood of one address over the Identity API', () => {
  let hosts = 0;
  it.each([
    { what: 'sign-in', path: '/v1/sessions', body: { identifier, password } },
    { what: 'sign-in under an encoded path', path: '/v1/%73essions', body: { identifier, password } },
    { what: 'contexts', path: '/v1/contexts', body: { identifier } },
    { what: 'registration', path: '/v1/registrations', body: { email: identifier, password: 'x' } },
    {
      what: 'confirmation',
      path: '/v1/registrations/confirm',
      body: { email: identifier, registration: 'A'.repeat(22), code: '123456' },
    },
    { what: 'recovery', path: '/v1/password-resets', body: { identifier } },
  ])('is refused on $what, and others go on', async ({ path, body }) => {
    hosts += 1;
    const flood = new IdentityApi(cloud.outputs.endpoints.identityApi, from(`203.0.113.${hosts}`));
    const statuses: number[] = [];
    for (let call = 0; call < limit + 5; call += 1)
      statuses.push((await flood.send('POST', path, body)).status);
    expect(statuses.slice(0, limit)).not.toContain(403);
    expect(statuses.slice(limit).every((status) => status === 403)).toBe(true);
    // An address in a header of the caller's changes nothing, in either direction.
    const forwarded = { 'x-forwarded-for': '192.0.2.1', forwarded: 'for=192.0.2.1' };
    expect((await flood.send('POST', path, body, forwarded)).status).toBe(403);
    const other = new IdentityApi(cloud.outputs.endpoints.identityApi, from(`198.51.100.${hosts}`));
    expect((await other.send('POST', path, body)).status).not.toBe(403);
  });
});

describe('a flood of one address on the pool', () => {
  it.each([
    {
      operation: 'InitiateAuth',
      input: {
        AuthFlow: 'CUSTOM_AUTH',
        AuthParameters: { USERNAME: identifier, CHALLENGE_NAME: 'SRP_A', SRP_A: '2' },
      },
    },
    { operation: 'ConfirmSignUp', input: { Username: identifier, ConfirmationCode: '123456' } },
    { operation: 'ForgotPassword', input: { Username: identifier } },
  ])('is refused on $operation, and others go on', async ({ operation, input }) => {
    const door = new SdkDoor(cloud.outputs, from(`203.0.113.${100 + operation.length}`));
    const body = { ...input, ClientId: door.clientId };
    const types: (string | undefined)[] = [];
    for (let call = 0; call < limit + 5; call += 1)
      types.push((await door.call(operation, body)).body.__type);
    expect(types.slice(0, limit)).not.toContain('ForbiddenException');
    expect(types.slice(limit).every((type) => type === 'ForbiddenException')).toBe(true);
    const other = new SdkDoor(cloud.outputs, from('198.51.100.200'));
    expect((await other.call(operation, body)).body.__type).not.toBe('ForbiddenException');
  });
});

describe('headers that say what WAF found', () => {
  it('reach the functions only as WAF wrote them, whatever a caller sends', async () => {
    const invoke = vi.spyOn(cloud.cloud.functions, 'invoke');
    const api = new IdentityApi(cloud.outputs.endpoints.identityApi, from('192.0.2.50'));
    const forged = {
      'x-amzn-waf-vestibule-edge': 'forged',
      'X-Amzn-Waf-Vestibule-Reputation': 'forged',
      'x-amzn-waf-vestibule-bot': 'forged',
    };
    await api.send('POST', '/v1/contexts', { identifier }, forged);
    const [, event] = invoke.mock.calls.at(-1) ?? [];
    invoke.mockRestore();
    const { headers, multiValueHeaders } = event as {
      headers: Record<string, string>;
      multiValueHeaders: Record<string, string[]>;
    };
    expect(headers).toMatchObject({
      'x-amzn-waf-vestibule-edge': 'seen',
      'x-amzn-waf-vestibule-reputation': 'none',
      'x-amzn-waf-vestibule-bot': 'none',
    });
    expect(JSON.stringify([headers, multiValueHeaders])).not.toContain('forged');
    expect(multiValueHeaders['x-amzn-waf-vestibule-edge']).toEqual(['seen']);
  });
});
