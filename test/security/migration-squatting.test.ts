import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordSeal } from '../../lambdas/adapters/sealed-records.ts';
import { derivedKey } from '../../lambdas/adapters/secrets.ts';
import { systemRandom } from '../../lambdas/adapters/system.ts';
import { dynamoWaitingPeople } from '../../lambdas/adapters/waiting-people.ts';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import type { Pseudonym } from '../../lambdas/core/ids.ts';
import { arrivals } from '../../lambdas/sign-in/arrivals.ts';
import { readTriggerEvent } from '../../lambdas/sign-in/trigger-event.ts';
import { plainPseudonyms } from '../support/registration.ts';
import { openTables, type TestTables } from '../support/tables.ts';

/**
 * Row "Pre-hijacking", against people who wait for their first sign-in: an account at a provider says that it has the
 * address of somebody who is on the way. Anybody can start that way (a forgotten password does), and nobody but the
 * migrated account may end it.
 */
const readSecret = async () => ({ versionId: 'v1', key: 'a key of at least thirty-two characters' });
const clock = { now: () => Date.parse('2026-11-22T12:00:00Z') };

let tables: TestTables;
let email: string;
let address: Pseudonym;
let people = 0;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

const arrived = (event: object) => {
  const { migration, ...names } = tables.names;
  const audit = { name: names.audit, ttlDays: 90 };
  const run = arrivals(
    tables.client,
    { migration, ...names, audit },
    { pseudonymSecret: 'pseudonym', readSecret, pseudonyms: plainPseudonyms, clock, random: systemRandom },
  );
  return run(readTriggerEvent(event));
};

const waiting = () => {
  const seal = recordSeal(derivedKey('pseudonym', readSecret, 'migration'));
  return dynamoWaitingPeople(tables.client, 'migration', seal, clock);
};

const tokensFor = (sub: string, attributes: Record<string, string>) => ({
  triggerSource: 'TokenGeneration_HostedAuth',
  userName: sub,
  callerContext: { clientId: 'shop' },
  request: { userAttributes: { sub, email, ...attributes } },
});

const profileOf = async (sub: string) => {
  const key = marshall({ sub, item: 'profile' });
  const { Item } = await tables.client.send(
    new GetItemCommand({ TableName: 'profiles', Key: key, ConsistentRead: true }),
  );
  return Item && unmarshall(Item);
};

beforeEach(async () => {
  email = `waiting${++people}@harbour.example`;
  address = await plainPseudonyms.of('identifier', email as Identifier);
  await waiting().keepMoving(address, {
    email,
    fields: { city: { value: 'Bergen', purpose: 'account' } },
    consents: [],
    exportedAt: '2026-11-01T00:00:00.000Z',
  });
});

describe('a person on the way from another system', () => {
  it.each<{ who: string; attributes: Record<string, string> }>([
    { who: 'a provider’s account with the address, unproven', attributes: { email_verified: 'false' } },
    {
      who: 'a provider’s account with the address, as the provider says proven',
      attributes: { email_verified: 'true', 'cognito:user_status': 'EXTERNAL_PROVIDER' },
    },
    { who: 'an account that says nothing about its address', attributes: {} },
  ])('is not ended, and not become, by $who', async ({ attributes }) => {
    const attacker = `attacker-${people}`;
    await arrived(tokensFor(attacker, attributes));
    expect(await profileOf(attacker)).toBeUndefined();
    expect((await waiting().find(address))?.state).toBe('moving');

    const owner = `owner-${people}`;
    await arrived(tokensFor(owner, { email_verified: 'true', 'cognito:user_status': 'CONFIRMED' }));
    expect(await profileOf(owner)).toMatchObject({ email, fields: { city: { value: 'Bergen' } } });
    expect(await waiting().find(address)).toBeUndefined();
  });
});
