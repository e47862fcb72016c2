import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { Tokens } from '../../../scripts/journey/api.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

// security.md: "Stolen refresh token"
let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterAll(() => cloud?.stop());

/** A lost answer may be asked for again for this long (Cognito's grace period); then it is reuse. */
const graceMs = 10_000;
/** How long API Gateway keeps the authorizer's word. */
const authorizerCacheMs = 5_000;

const refresh = (customer: Customer, refreshToken: string) =>
  customer.api.send<Tokens & { code?: string }>('POST', '/v1/sessions/refresh', { refreshToken });

describe('a refresh token that a newer one has replaced', () => {
  it('ends the whole family when it comes back, is an event, and the access tokens die within 5 s', async () => {
    const customer = await (await new Customer(cloud.outputs).register()).signIn();
    const stolen = customer.refreshToken;
    const { body: rotated } = await refresh(customer, stolen);
    const { body: newest } = await refresh(customer, rotated.refreshToken);
    expect(newest.refreshToken).toBeDefined();
    customer.api.accessToken = newest.accessToken;
    expect((await customer.api.send('GET', '/v1/me/profile')).status).toBe(200);

    cloud.clock.advance(graceMs + 1_000);
    const rejected = { status: 401, body: { code: 'SESSION_REJECTED' } };
    expect(await refresh(customer, stolen)).toMatchObject(rejected);
    for (const token of [stolen, rotated.refreshToken, newest.refreshToken]) {
      expect(await refresh(customer, token)).toMatchObject(rejected);
    }
    cloud.clock.advance(authorizerCacheMs);
    expect((await customer.api.send('GET', '/v1/me/profile')).status).toBeOneOf([401, 403]);

    await customer.signIn(); // somewhere else to look at what happened
    await vi.waitFor(async () => {
      const { body } = await customer.api.expect<{ events: { type: string; reasons?: string[] }[] }>(
        200,
        'GET',
        '/v1/me/activity',
      );
      expect(body.events.filter(({ type }) => type === 'session.ended')).toHaveLength(1);
    }, 10_000);
  });

  it('does not end the other sessions of the person', async () => {
    const customer = await (await new Customer(cloud.outputs).register()).signIn();
    const first = customer.refreshToken;
    await customer.signIn();
    const second = customer.refreshToken;
    await refresh(customer, first);
    cloud.clock.advance(graceMs + 1_000);
    expect((await refresh(customer, first)).status).toBe(401);
    expect((await refresh(customer, second)).status).toBe(200);
  });

  it('used by many at once within the grace period is still one family, which ends as one', async () => {
    const customer = await (await new Customer(cloud.outputs).register()).signIn();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => refresh(customer, customer.refreshToken)),
    );
    const tokens = answers.flatMap(({ body }) => (body.refreshToken ? [body.refreshToken] : []));
    expect(tokens.length).toBeGreaterThan(0);
    cloud.clock.advance(graceMs + 1_000);
    expect((await refresh(customer, customer.refreshToken)).status).toBe(401);
    for (const token of tokens) expect((await refresh(customer, token)).status).toBe(401);
  });
});
