import {
  dynamoCompletedRegistrations,
  dynamoSignUpDevices,
  dynamoSpentContexts,
} from '../../../lambdas/adapters/completed-registrations.ts';
import { derivedEventId } from '../../../lambdas/adapters/event-ids.ts';
import { dynamoPendingRegistrations } from '../../../lambdas/adapters/pending-registrations.ts';
import type { Sub } from '../../../lambdas/core/ids.ts';
import type { RequestContext } from '../../../lambdas/core/risk/context.ts';
import {
  type RegistrationEvent,
  type RegistrationTriggerPorts,
  registrationTrigger,
} from '../../../lambdas/registration/triggers.ts';
import { federationStores } from '../federation.ts';
import type { TestTables } from '../tables.ts';
import type { TestUser } from './driver.ts';
import { type TestSignIn, testPseudonyms } from './services.ts';

const audit = { name: 'audit', ttlDays: 90 };

/** Where a call comes from: a token that was brought, and the one that the answer would set. */
export interface From {
  readonly device?: string;
  readonly nextDevice?: string;
  readonly network?: string;
  readonly door?: 'api' | 'sdk';
}

/** The triggers of a registration over the same tables, keys and clock as those of the sign-in that follows. */
export function testRegistration(tables: TestTables, { services, clock }: TestSignIn) {
  const { client } = tables;
  const pending = dynamoPendingRegistrations(client, 'risk', audit, clock);
  const names = { profiles: 'profiles', consents: 'consents', risk: 'risk', audit };
  const ports: RegistrationTriggerPorts = {
    ...federationStores(tables, clock),
    outbox: services.outbox,
    pseudonyms: testPseudonyms,
    clock,
    random: services.random,
    readContext: (token) => services.contexts.read(token, 'registration'),
    spendContext: dynamoSpentContexts(client, 'risk'),
    signUpDevices: dynamoSignUpDevices(client, 'risk', clock),
    eventId: (at, ...about) => derivedEventId(at - (at % 60_000), ...about),
    pending,
    passwordResets: { record: async () => {} },
    wait: async () => {},
    registrations: dynamoCompletedRegistrations(client, names),
  };

  const contextOf = async (user: TestUser, from: From): Promise<string> => {
    const { device, nextDevice, network = 'home', door = 'api' } = from;
    const context: Omit<RequestContext, 'issuedAt' | 'expiresAt'> = {
      audience: 'registration',
      id: services.random.id(),
      identifier: await testPseudonyms.of('identifier', user.email),
      network: await testPseudonyms.of('network', network),
      address: await testPseudonyms.of('address', network),
      ...(device && { device: await testPseudonyms.of('device', device) }),
      ...(nextDevice && { nextDevice: await testPseudonyms.of('device', nextDevice) }),
      label: 'Firefox on Windows',
      door,
    };
    return services.contexts.mint(context);
  };
  const run = async (
    triggerSource: string,
    { sub, email }: TestUser,
    context: string | undefined,
    rules: { learnsFirstDevice?: boolean } = { learnsFirstDevice: true },
  ) =>
    registrationTrigger(
      ports,
      { mailDomains: { allow: [], deny: [] }, providers: [], contextMandatory: false, ...rules },
      {
        triggerSource,
        userName: sub,
        callerContext: { clientId: 'server' },
        request: {
          userAttributes: { ...(triggerSource.startsWith('Post') && { sub, email_verified: 'true' }), email },
          ...(context && { clientMetadata: { vestibule_context: context } }),
        },
        response: {},
      } as unknown as RegistrationEvent,
    );

  return {
    ports,
    contextOf,
    /** The form, over our API. */
    registers: async (user: TestUser, device: string) => {
      const registration = {
        identifier: await testPseudonyms.of('identifier', user.email),
        handle: await testPseudonyms.of('code', user.email),
        device: await testPseudonyms.of('device', device),
        locale: 'en',
        at: new Date(clock.now()).toISOString(),
        answers: { fields: {}, consents: [] },
      };
      const now = clock.now();
      await pending.reserve(registration);
      await pending.settle(registration, user.sub as Sub, {
        v: 1,
        id: services.random.ulid(now),
        type: 'registration.requested',
        at: new Date(now).toISOString(),
        subject: { pseudonym: registration.identifier },
        actor: 'self',
        outcome: 'success',
        reasons: [],
      });
    },
    /** SignUp, straight to Cognito. */
    signsUp: async (user: TestUser, from: From) =>
      run('PreSignUp_SignUp', user, await contextOf(user, { door: 'sdk', ...from })),
    /** The right code; Cognito tells the trigger. */
    confirms: async (user: TestUser, from: From | undefined, rules?: { learnsFirstDevice?: boolean }) =>
      run('PostConfirmation_ConfirmSignUp', user, from && (await contextOf(user, from)), rules),
    confirmsWith: (user: TestUser, context: string) => run('PostConfirmation_ConfirmSignUp', user, context),
  };
}
