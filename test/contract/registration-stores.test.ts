import { GetItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { addressLimits, dynamoNoticeBudget } from '../../lambdas/adapters/address-limits.ts';
import { dynamoAuditOutbox } from '../../lambdas/adapters/audit-outbox.ts';
import {
  dynamoCompletedRegistrations,
  dynamoSignUpDevices,
  dynamoSpentContexts,
} from '../../lambdas/adapters/completed-registrations.ts';
import { dynamoLiveCodes, noteCodeSent } from '../../lambdas/adapters/confirmation-codes.ts';
import { dynamoConsents } from '../../lambdas/adapters/consents.ts';
import { contextTokens } from '../../lambdas/adapters/context-tokens.ts';
import { derivedEventId } from '../../lambdas/adapters/event-ids.ts';
import { dynamoPendingRegistrations, pendingSeconds } from '../../lambdas/adapters/pending-registrations.ts';
import { dynamoProfiles } from '../../lambdas/adapters/profiles.ts';
import { dynamoRiskCounters } from '../../lambdas/adapters/risk-counters.ts';
import { dynamoPasswordResets, dynamoSessionCutoffs } from '../../lambdas/adapters/session-cutoffs.ts';
import { dynamoSessionStates } from '../../lambdas/adapters/session-states.ts';
import { dynamoSweepCursor } from '../../lambdas/adapters/sweep-cursor.ts';
import { systemRandom } from '../../lambdas/adapters/system.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import { foldLedger } from '../../lambdas/core/consent/ledger.ts';
import type { Pseudonym, Sub } from '../../lambdas/core/ids.ts';
import { emptyMemory } from '../../lambdas/core/profile/profile.ts';
import type { PendingRegistration } from '../../lambdas/core/registration/ports.ts';
import type { SigningKeys } from '../../lambdas/ports.ts';
import { publicFault } from '../../lambdas/registration/public-fault.ts';
import {
  type RegistrationEvent,
  type RegistrationTriggerPorts,
  registrationTrigger,
} from '../../lambdas/registration/triggers.ts';
import { onEachEngine } from '../support/engines.ts';
import { federationStores } from '../support/federation.ts';
import { aConsent, NOW, plainPseudonyms } from '../support/registration.ts';

const time = { now: NOW };
const clock = { now: () => time.now };
const audit = { name: 'audit', ttlDays: 90 };
const key = { id: 'k1', secret: new Uint8Array(32).fill(7) };
const keys: SigningKeys = { current: async () => key, find: async (id) => (id === key.id ? key : undefined) };
const contexts = contextTokens(keys, clock);

onEachEngine((under) => {
  const waits: number[] = [];
  const portsOf = (): RegistrationTriggerPorts => ({
    outbox: dynamoAuditOutbox(under.tables.client, audit),
    pseudonyms: plainPseudonyms,
    clock,
    random: systemRandom,
    readContext: (token) => contexts.read(token, 'registration'),
    spendContext: dynamoSpentContexts(under.tables.client, 'risk'),
    signUpDevices: dynamoSignUpDevices(under.tables.client, 'risk', clock),
    ...federationStores(under.tables, clock),
    eventId: (at, ...about) => derivedEventId(at - (at % 60_000), ...about),
    pending: dynamoPendingRegistrations(under.tables.client, 'risk', audit, clock),
    passwordResets: dynamoPasswordResets(under.tables.client, { risk: 'risk', audit }),
    wait: async (milliseconds) => void waits.push(milliseconds),
    registrations: dynamoCompletedRegistrations(under.tables.client, {
      profiles: 'profiles',
      consents: 'consents',
      risk: 'risk',
      audit,
    }),
  });
  const pendingStore = () => dynamoPendingRegistrations(under.tables.client, 'risk', audit, clock);

  let people = 0;
  const aPerson = () => {
    people += 1;
    return {
      email: `person${people}@harbour.example`,
      sub: `00000000-0000-4000-8000-${String(people).padStart(12, '0')}` as Sub,
    };
  };
  const aPending = async (
    email: string,
    changes: Partial<PendingRegistration> = {},
  ): Promise<PendingRegistration> => ({
    identifier: await plainPseudonyms.of('identifier', email),
    handle: `handle-of-${email}`.slice(0, 22) as Pseudonym,
    device: 'device' as Pseudonym,
    locale: 'de',
    at: new Date(NOW).toISOString(),
    answers: {
      fields: { givenName: { value: 'Ada', purpose: 'account' } },
      consents: [aConsent('terms'), aConsent('offers', { decision: 'withdrawn' })],
    },
    ...changes,
  });
  const anEvent = (sub: Sub): AuditEvent => ({
    v: 1,
    id: systemRandom.ulid(NOW),
    type: 'registration.requested',
    at: new Date(NOW).toISOString(),
    subject: { sub },
    actor: 'self',
    outcome: 'success',
    reasons: [],
  });

  const triggerEvent = (
    triggerSource: string,
    { email, sub }: { email: string; sub: string },
    clientMetadata?: Record<string, string>,
  ) =>
    ({
      version: '1',
      triggerSource,
      region: 'eu-west-1',
      userPoolId: 'eu-west-1_pool',
      userName: sub,
      callerContext: { awsSdkVersion: '3', clientId: 'web' },
      request: {
        userAttributes: {
          ...(triggerSource.startsWith('Post') && { sub, email_verified: 'true' }),
          email,
          locale: 'en',
        },
        ...(clientMetadata && { clientMetadata }),
      },
      response: {},
    }) as unknown as RegistrationEvent;

  const run = (event: RegistrationEvent, contextMandatory = false) =>
    registrationTrigger(
      portsOf(),
      { mailDomains: { allow: [], deny: ['mailinator.example'] }, providers: [], contextMandatory },
      event,
    );
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(() => 'admitted').catch((error: { code?: string }) => error.code ?? error);

  async function eventsOf(subject: string): Promise<AuditEvent[]> {
    const { Items = [] } = await under.tables.client.send(
      new QueryCommand({
        TableName: 'audit',
        KeyConditionExpression: 'subject = :subject',
        ExpressionAttributeValues: marshall({ ':subject': subject }),
      }),
    );
    return Items.map((item) => JSON.parse(unmarshall(item).event as string) as AuditEvent);
  }
  async function consentsOf(sub: Sub): Promise<Record<string, unknown>[]> {
    const { Items = [] } = await under.tables.client.send(
      new QueryCommand({
        TableName: 'consents',
        KeyConditionExpression: '#sub = :sub',
        ExpressionAttributeNames: { '#sub': 'sub' },
        ExpressionAttributeValues: marshall({ ':sub': sub }),
      }),
    );
    return Items.map((item) => unmarshall(item));
  }
  const profileOf = async (sub: Sub) => {
    const { Item } = await under.tables.client.send(
      new GetItemCommand({ TableName: 'profiles', Key: marshall({ sub, item: 'profile' }) }),
    );
    return Item && unmarshall(Item);
  };
  const contextFor = async (email: string, changes: Partial<Parameters<typeof contexts.mint>[0]> = {}) =>
    contexts.mint({
      audience: 'registration',
      id: systemRandom.id(),
      identifier: await plainPseudonyms.of('identifier', email),
      network: await plainPseudonyms.of('network', 'n'),
      address: await plainPseudonyms.of('address', 'a'),
      label: 'Firefox on Windows',
      door: 'sdk',
      ...changes,
    });

  describe('pending registrations', () => {
    it('come back as they were stored, and only until they lapse', async () => {
      const pending = await aPending(aPerson().email);
      expect(await pendingStore().reserve(pending)).toBe(true);
      expect(await pendingStore().find(pending.identifier)).toEqual(pending);
      time.now = NOW + pendingSeconds * 1000;
      expect(await pendingStore().find(pending.identifier)).toBeUndefined();
      expect(await pendingStore().reserve({ ...pending, handle: 'later' as Pseudonym })).toBe(true);
      time.now = NOW;
    });

    it('are held by one of many at once', async () => {
      const { email } = aPerson();
      const all = await Promise.all(
        Array.from({ length: under.racers(30) }, async (_, index) => {
          const pending = await aPending(email, { handle: `handle-${index}` as Pseudonym });
          return pendingStore().reserve(pending);
        }),
      );
      expect(all.filter(Boolean)).toHaveLength(1);
    });

    it('are replaced only where the handle is known', async () => {
      const pending = await aPending(aPerson().email);
      await pendingStore().reserve(pending);
      const next = { ...pending, handle: 'next' as Pseudonym };
      expect(await pendingStore().reserve(next)).toBe(false);
      expect(await pendingStore().reserve(next, 'guessed' as Pseudonym)).toBe(false);
      expect(await pendingStore().reserve(next, pending.handle)).toBe(true);
      // A repetition by the SDK after a lost answer: it has won before.
      expect(await pendingStore().reserve(next, pending.handle)).toBe(true);
    });

    it('name their account together with the event, or not at all', async () => {
      const { email, sub } = aPerson();
      const pending = await aPending(email);
      await pendingStore().reserve(pending);
      await pendingStore().settle(pending, sub, anEvent(sub));
      expect(await pendingStore().find(pending.identifier)).toEqual({ ...pending, sub });
      expect(await eventsOf(sub)).toHaveLength(1);
      await expect(
        pendingStore().settle({ ...pending, handle: 'x' as Pseudonym }, sub, anEvent(sub)),
      ).rejects.toThrow();
      expect(await eventsOf(sub)).toHaveLength(1);
    });

    it('forget everything when they are released, and only their own', async () => {
      const pending = await aPending(aPerson().email);
      await pendingStore().reserve(pending);
      await pendingStore().release({ ...pending, handle: 'foreign' as Pseudonym });
      expect(await pendingStore().find(pending.identifier)).toEqual(pending);
      await pendingStore().release(pending);
      expect(await pendingStore().find(pending.identifier)).toBeUndefined();
      const { Items = [] } = await under.tables.client.send(new ScanCommand({ TableName: 'risk' }));
      const left = Items.map((item) => unmarshall(item)).find(
        ({ subject }) => subject === `PENDING#${pending.identifier}`,
      );
      expect(Object.keys(left ?? {}).sort()).toEqual(['at', 'handle', 'kind', 'locale', 'subject', 'ttl']);
    });
  });

  describe('limits and notices', () => {
    it('allow exactly the limit, however many come at once, and again in the next window', async () => {
      const limits = addressLimits(dynamoRiskCounters(under.tables.client, 'risk', clock));
      const take = () => limits.take('address' as Pseudonym, 'REGISTRATIONS', 5);
      const waits = await Promise.all(Array.from({ length: under.racers(20) + 5 }, take));
      expect(waits.filter((wait) => wait === undefined)).toHaveLength(5);
      time.now = NOW + 3_601_000;
      expect(await take()).toBeUndefined();
      time.now = NOW;
    });

    it('give one notice per address and day', async () => {
      const budget = dynamoNoticeBudget(under.tables.client, 'risk', clock);
      const claim = () => budget.claim('someone' as Pseudonym, 'ADDRESS-TAKEN');
      expect(
        (await Promise.all(Array.from({ length: under.racers(10) }, claim))).filter(Boolean),
      ).toHaveLength(1);
      time.now = NOW + 86_401_000;
      expect(await claim()).toBe(true);
      time.now = NOW;
    });

    it('know a code that was sent again for 25 hours', async () => {
      const { sub } = aPerson();
      const hasLiveCode = dynamoLiveCodes(under.tables.client, 'risk', clock);
      expect(await hasLiveCode(sub)).toBe(false);
      await noteCodeSent(under.tables.client, 'risk', clock)(sub);
      time.now = NOW + 25 * 3_600_000 - 1_000;
      expect(await hasLiveCode(sub)).toBe(true);
      expect(await hasLiveCode(aPerson().sub)).toBe(false);
      time.now = NOW + 25 * 3_600_000;
      expect(await hasLiveCode(sub)).toBe(false);
      time.now = NOW;
    });

    it('keep where a listing stopped, for three hours and until it is forgotten', async () => {
      const cursor = dynamoSweepCursor(under.tables.client, 'risk', 'pool', clock);
      expect(await cursor.read()).toBeUndefined();
      await cursor.save('page-2');
      expect(await cursor.read()).toBe('page-2');
      time.now = NOW + 3 * 3_600_000;
      expect(await cursor.read()).toBeUndefined();
      time.now = NOW;
      await cursor.save(undefined);
      expect(await cursor.read()).toBeUndefined();
    });

    it('see an ended session until its refresh token is long dead', async () => {
      const { sub } = aPerson();
      const states = dynamoSessionStates(under.tables.client, 'risk', clock);
      const isEnded = async (session: string) => (await states.find(session))?.isEnded === true;
      expect(await isEnded('session')).toBe(false);
      await states.end('session', anEvent(sub));
      expect(await isEnded('session')).toBe(true);
      time.now = NOW + 399 * 86_400_000;
      expect(await isEnded('session')).toBe(true);
      time.now = NOW + 401 * 86_400_000;
      expect(await isEnded('session')).toBe(false);
      time.now = NOW;
    });
  });

  describe('PostConfirmation_ConfirmSignUp', () => {
    const confirmed = async () => {
      const person = aPerson();
      const pending = await aPending(person.email);
      await pendingStore().reserve(pending);
      await pendingStore().settle(pending, person.sub, {
        ...anEvent(person.sub),
        subject: { pseudonym: pending.identifier },
      });
      return { ...person, pending };
    };

    it('makes profile, consents and events at once and uses the pending registration up', async () => {
      const { email, sub, pending } = await confirmed();
      await run(
        triggerEvent(
          'PostConfirmation_ConfirmSignUp',
          { email, sub },
          { vestibule_context: await contextFor(email, { door: 'api' }) },
        ),
      );
      expect(await profileOf(sub)).toEqual({
        sub,
        item: 'profile',
        registeredAt: new Date(NOW).toISOString(),
        version: 1,
        email,
        locale: 'de',
        createdAt: new Date(NOW).toISOString(),
        fields: { givenName: { value: 'Ada', purpose: 'account', source: 'registration', at: pending.at } },
      });
      const rows = await consentsOf(sub);
      expect(rows.map(({ entry, decision }) => `${String(entry).slice(0, 7)} ${decision}`).sort()).toEqual([
        'LEDGER# granted',
        'LEDGER# withdrawn',
        'STATE#o withdrawn',
        'STATE#t granted',
      ]);
      const events = await eventsOf(sub);
      expect(events.map(({ type }) => type).sort()).toEqual([
        'consent.granted',
        'consent.withdrawn',
        'registration.confirmed',
      ]);
      expect(events[0]).toMatchObject({ door: 'api', device: 'Firefox on Windows', subject: { sub } });
      expect(JSON.stringify(events)).not.toMatch(/harbour|"Ada"/);
      expect(await pendingStore().find(pending.identifier)).toBeUndefined();
    });

    it.each([2, 3])(
      'changes nothing when it is delivered %d times, one after the other or at once',
      async (times) => {
        for (const atOnce of [false, true]) {
          const { email, sub } = await confirmed();
          const deliver = () => run(triggerEvent('PostConfirmation_ConfirmSignUp', { email, sub }));
          if (atOnce) await Promise.all(Array.from({ length: times }, deliver));
          else for (let index = 0; index < times; index += 1) await deliver();
          expect((await profileOf(sub))?.fields).toHaveProperty('givenName');
          expect(await consentsOf(sub)).toHaveLength(4);
          expect(await eventsOf(sub)).toHaveLength(3);
        }
      },
    );

    it('makes a profile without consents for a sign-up through an SDK', async () => {
      const { email, sub } = aPerson();
      await run(triggerEvent('PostConfirmation_ConfirmSignUp', { email, sub }));
      expect(await profileOf(sub)).toMatchObject({ email, locale: 'en', version: 1, fields: {} });
      expect(await consentsOf(sub)).toEqual([]);
      expect((await eventsOf(sub)).map(({ door, data }) => [door, data?.form])).toEqual([['sdk', false]]);
    });

    describe('after the account API has met the person', () => {
      const account = () => dynamoProfiles(under.tables.client, 'profiles', audit);
      const later = new Date(NOW + 1_000).toISOString();
      const deliver = (person: { email: string; sub: Sub }) =>
        run(triggerEvent('PostConfirmation_ConfirmSignUp', person));

      it('completes their profile and keeps what they have answered since', async () => {
        const person = await confirmed();
        const mine = { value: 'Augusta', purpose: 'account', source: 'profile', at: later } as const;
        const write = { sub: person.sub, expectedVersion: 0, fields: { givenName: mine }, at: later };
        expect(await account().write(write, [])).toBe(true);
        await deliver(person);
        const profile = await profileOf(person.sub);
        expect(profile).toMatchObject({ email: person.email, locale: 'de', version: 2, createdAt: later });
        expect(profile?.fields).toEqual({ givenName: mine });
        expect(await consentsOf(person.sub)).toHaveLength(4);
        expect(await eventsOf(person.sub)).toHaveLength(3);
        await deliver(person);
        expect(await profileOf(person.sub)).toEqual(profile);
        expect(await eventsOf(person.sub)).toHaveLength(3);
      });

      it('adds the fields of the form to other ones', async () => {
        const person = await confirmed();
        const city = { value: 'Kiel', purpose: 'account', source: 'prompt', at: later } as const;
        await account().write({ sub: person.sub, expectedVersion: 0, fields: { city }, at: later }, []);
        await deliver(person);
        expect((await profileOf(person.sub))?.fields).toMatchObject({ city, givenName: { value: 'Ada' } });
      });

      it('completes a profile that holds nothing but what was asked', async () => {
        const person = await confirmed();
        const memory = { ...emptyMemory, revision: 1 };
        await account().remember({ sub: person.sub, expectedRevision: 0, memory });
        await deliver(person);
        expect(await profileOf(person.sub)).toMatchObject({
          email: person.email,
          version: 1,
          fields: { givenName: { value: 'Ada' } },
          prompts: { revision: 1 },
        });
      });

      it('lets a consent stand that they gave or withdrew since, with both answers in the ledger', async () => {
        const person = await confirmed();
        const entry = {
          ...aConsent('offers'),
          id: systemRandom.ulid(NOW + 1_000),
          at: later,
          source: 'privacy-page' as const,
        };
        const consents = dynamoConsents(under.tables.client, {
          consents: 'consents',
          profiles: 'profiles',
          audit,
        });
        await consents.record({ sub: person.sub, entry, standing: undefined, events: [] });
        await deliver(person);
        const { entries } = await consents.history(person.sub, { limit: 10 });
        expect(entries).toHaveLength(3);
        expect(await consents.states(person.sub)).toEqual(foldLedger(entries));
        expect((await consents.state(person.sub, 'offers'))?.decision).toBe('granted');
        expect((await profileOf(person.sub))?.email).toBe(person.email);
      });

      it('is written once, however many deliveries and answers come at once', async () => {
        const person = await confirmed();
        const name = { value: 'Augusta', purpose: 'account', source: 'profile', at: later } as const;
        await Promise.all([
          ...[1, 2, 3].map(() => deliver(person)),
          account().write(
            { sub: person.sub, expectedVersion: 0, fields: { givenName: name }, at: later },
            [],
          ),
        ]);
        expect((await profileOf(person.sub))?.email).toBe(person.email);
        expect(await eventsOf(person.sub)).toHaveLength(3);
      });
    });

    it("does not use the registration of another account for the same address (somebody else's consents)", async () => {
      const { email, pending } = await confirmed();
      const other = aPerson().sub;
      await run(triggerEvent('PostConfirmation_ConfirmSignUp', { email, sub: other }));
      expect(await consentsOf(other)).toEqual([]);
      expect(await pendingStore().find(pending.identifier)).toBeDefined();
    });

    it('fails, and leaves nothing half done, when a table is missing', async () => {
      const { email, sub, pending } = await confirmed();
      const broken = {
        ...portsOf(),
        registrations: dynamoCompletedRegistrations(under.tables.client, {
          profiles: 'profiles',
          consents: 'gone',
          risk: 'risk',
          audit,
        }),
      };
      await expect(
        registrationTrigger(
          broken,
          { mailDomains: { allow: [], deny: [] }, providers: [], contextMandatory: false },
          triggerEvent('PostConfirmation_ConfirmSignUp', { email, sub }),
        ),
      ).rejects.toThrow();
      expect([await profileOf(sub), await eventsOf(sub)]).toEqual([undefined, []]);
      expect(await pendingStore().find(pending.identifier)).toBeDefined();
    });
  });

  describe('PostConfirmation_ConfirmForgotPassword', () => {
    it('writes one event, however often it is delivered, and makes no profile', async () => {
      const { email, sub } = aPerson();
      for (let index = 0; index < 3; index += 1)
        await run(triggerEvent('PostConfirmation_ConfirmForgotPassword', { email, sub }));
      expect((await eventsOf(sub)).map(({ type }) => type)).toEqual(['password.reset']);
      expect(await profileOf(sub)).toBeUndefined();
    });

    const endedUntil = async (sub: Sub) =>
      (await dynamoSessionCutoffs(under.tables.client, 'risk')(sub))?.until;
    const reset = (person: { email: string; sub: Sub }, now: number) => {
      time.now = now;
      return run(triggerEvent('PostConfirmation_ConfirmForgotPassword', person));
    };

    it.each([
      { at: 0, until: 0, waited: 1_000 },
      { at: 499, until: 0, waited: 501 },
      { at: 500, until: 1, waited: 1_500 },
      { at: 999, until: 1, waited: 1_001 },
    ])('ends the sessions of the person at $at ms, and answers when new ones count', async (expected) => {
      const person = aPerson();
      expect(await endedUntil(person.sub)).toBeUndefined();
      await reset(person, NOW + expected.at);
      expect(await endedUntil(person.sub)).toBe(NOW / 1000 + expected.until);
      expect(waits.at(-1)).toBe(expected.waited);
      expect(await endedUntil(aPerson().sub)).toBeUndefined();
      time.now = NOW;
    });

    it('moves the end on at every reset, also at two within the minute of one event', async () => {
      const person = aPerson();
      await reset(person, NOW);
      await reset(person, NOW + 30_000);
      expect(await endedUntil(person.sub)).toBe(NOW / 1000 + 30);
      expect(await eventsOf(person.sub)).toHaveLength(1);
      time.now = NOW;
    });

    it('is recorded once when all its deliveries come at once', async () => {
      const person = aPerson();
      await Promise.all([1, 2, 3].map(() => reset(person, NOW)));
      expect(await endedUntil(person.sub)).toBe(NOW / 1000);
      expect(await eventsOf(person.sub)).toHaveLength(1);
    });

    it('fails while it cannot be recorded: no sessions end without their event', async () => {
      const person = aPerson();
      const gone = { risk: 'risk', audit: { ...audit, name: 'gone' } };
      const ports = { ...portsOf(), passwordResets: dynamoPasswordResets(under.tables.client, gone) };
      const rules = { mailDomains: { allow: [], deny: [] }, providers: [], contextMandatory: false };
      const event = triggerEvent('PostConfirmation_ConfirmForgotPassword', person);
      await expect(registrationTrigger(ports, rules, event)).rejects.toThrow();
      expect(await endedUntil(person.sub)).toBeUndefined();
    });
  });

  describe('PreSignUp', () => {
    const metadata = (token: string) => ({ vestibule_context: token });
    const anonymous = async (email: string) =>
      eventsOf(`ANON#${await plainPseudonyms.of('identifier', email)}`);

    it('never confirms or verifies anything by itself', async () => {
      const event = triggerEvent('PreSignUp_SignUp', aPerson());
      expect(await run(event)).toEqual(event);
    });

    it('admits a context once, also when the trigger is repeated', async () => {
      const person = aPerson();
      const token = metadata(await contextFor(person.email));
      const event = triggerEvent('PreSignUp_SignUp', person, token);
      expect([await codeOf(run(event, true)), await codeOf(run(event, true))]).toEqual([
        'admitted',
        'admitted',
      ]);
      const replay = triggerEvent('PreSignUp_SignUp', { ...person, sub: aPerson().sub }, token);
      expect(await codeOf(run(replay, true))).toBe('CONTEXT_REJECTED');
      expect((await anonymous(person.email)).map(({ type }) => type).sort()).toEqual([
        'registration.refused',
        'registration.requested',
      ]);
    });

    it.each([
      { why: 'none', forge: async () => undefined, code: 'CONTEXT_REQUIRED' },
      { why: "another person's", forge: () => contextFor('other@harbour.example'), code: 'CONTEXT_REJECTED' },
      {
        why: 'one for signing in',
        forge: (email: string) => contextFor(email, { audience: 'sign-in' }),
        code: 'CONTEXT_REJECTED',
      },
      {
        why: 'an edited one',
        forge: async (email: string) => `${(await contextFor(email)).slice(0, -3)}AAA`,
        code: 'CONTEXT_REJECTED',
      },
      {
        why: 'an old one',
        forge: async (email: string) => {
          time.now = NOW - 301_000;
          const token = await contextFor(email);
          time.now = NOW;
          return token;
        },
        code: 'CONTEXT_REJECTED',
      },
      { why: 'nonsense', forge: async () => 'x'.repeat(5_000), code: 'CONTEXT_REJECTED' },
    ])(
      'refuses $why where a context is mandatory, with an event, and admits it elsewhere',
      async ({ forge, code }) => {
        const person = aPerson();
        const token = await forge(person.email);
        const event = triggerEvent('PreSignUp_SignUp', person, token ? metadata(token) : undefined);
        expect(await codeOf(run(event, true))).toBe(code);
        expect(await codeOf(run(event, true))).toBe(code);
        expect((await anonymous(person.email)).map(({ reasons }) => reasons)).toEqual([[code]]);
        expect(await codeOf(run(event, false))).toBe('admitted');
      },
    );

    it('holds SDK sign-ups to the mail domains and to one address', async () => {
      const refused = { email: 'x@sub.mailinator.example', sub: 's' };
      expect(await codeOf(run(triggerEvent('PreSignUp_SignUp', refused)))).toBe('MAIL_DOMAIN_REFUSED');
      const list = { email: 'a@harbour.example,b@evil.example', sub: 's' };
      expect(await codeOf(run(triggerEvent('PreSignUp_SignUp', list)))).toBe('REQUEST_INVALID');
    });

    it('leaves operators alone and is closed to sources without rules', async () => {
      expect(await codeOf(run(triggerEvent('PreSignUp_AdminCreateUser', aPerson()), true))).toBe('admitted');
      for (const source of ['PreSignUp_ExternalProvider', 'UserMigration_Authentication', 'Whatever']) {
        expect(await codeOf(run(triggerEvent(source, aPerson())))).toBe('REGISTRATION_REFUSED');
      }
    });

    it('tells Cognito, and so the person, nothing but a code', async () => {
      const refusal = run(triggerEvent('PreSignUp_SignUp', { email: 'x@mailinator.example', sub: 's' }));
      await expect(refusal.catch(publicFault)).rejects.toThrow(/^MAIL_DOMAIN_REFUSED$/);
      expect(() => publicFault(new Error('secret of ada@harbour.example'))).toThrow(/^UNAVAILABLE$/);
    });
  });
});
