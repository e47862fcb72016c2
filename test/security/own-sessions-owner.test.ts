import { expect, it } from 'vitest';
import { dynamoSessionRows } from '../../lambdas/adapters/session-rows.ts';
import type { Pseudonym, Sub } from '../../lambdas/core/ids.ts';
import { accountApi } from '../support/account-api.ts';
import { onEachEngine } from '../support/engines.ts';

// security.md: "Missing owner check". A known id of somebody else's session or device is worth nothing.

const [ada, eve] = ['sub-of-ada' as Sub, 'sub-of-eve' as Sub];
const [session, device] = ['S'.repeat(22), 'D'.repeat(22) as Pseudonym];

onEachEngine((under) => {
  it('nobody sees, names, ends or forgets what is another person’s', async () => {
    const { send, clock } = accountApi(under.tables);
    const rows = dynamoSessionRows(under.tables.client, under.tables.names.profiles, {
      name: under.tables.names.audit,
      ttlDays: 90,
    });
    const at = new Date(clock.now()).toISOString();
    await rows.apply(ada, {
      kind: 'began',
      session: {
        id: session,
        client: 'web',
        door: 'api',
        startedAt: at,
        lastSeenAt: at,
        methods: ['password'],
        level: 1,
      },
      device: { id: device, firstSeenAt: at, lastSeenAt: at },
    });
    const listed = (await send(eve, { route: 'GET /v1/me/sessions' })).body.sessions;
    expect(listed.map(({ id }) => id)).toEqual(['session-1']); // her own, as her token tells
    expect((await send(eve, { route: 'GET /v1/me/devices' })).body.devices).toEqual([]);

    const name = { name: 'Mine now' };
    const refused = [
      await send(eve, { route: 'PATCH /v1/me/sessions/{id}', params: { id: session }, body: name }),
      await send(eve, { route: 'DELETE /v1/me/sessions/{id}', params: { id: session } }),
      await send(eve, { route: 'PATCH /v1/me/devices/{id}', params: { id: device }, body: name }),
      await send(eve, { route: 'DELETE /v1/me/devices/{id}', params: { id: device } }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    await send(eve, { route: 'DELETE /v1/me/sessions' });
    const hers = (await send(ada, { route: 'GET /v1/me/sessions' })).body.sessions;
    expect(hers.find(({ id }) => id === session)).not.toHaveProperty('name');
    expect((await send(ada, { route: 'GET /v1/me/devices' })).body.devices).toMatchObject([{ id: device }]);
  });
});
