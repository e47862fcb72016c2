import { setTimeout } from 'node:timers/promises';
import { dynamoAddressClaims } from '../adapters/address-claims.ts';
import { dynamoAuditOutbox } from '../adapters/audit-outbox.ts';
import {
  dynamoCompletedRegistrations,
  dynamoSignUpDevices,
  dynamoSpentContexts,
} from '../adapters/completed-registrations.ts';
import { dynamoContacts } from '../adapters/contacts.ts';
import { contextTokens } from '../adapters/context-tokens.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { derivedEventId } from '../adapters/event-ids.ts';
import { dynamoIdentityOwners, dynamoWrittenSubjects } from '../adapters/links.ts';
import { migrationPorts } from '../adapters/migration-ports.ts';
import { dynamoPendingLinks } from '../adapters/pending-links.ts';
import { dynamoPendingRegistrations } from '../adapters/pending-registrations.ts';
import { keyedPseudonyms, rotatingKeys, secretsManagerReader } from '../adapters/secrets.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { dynamoPasswordResets } from '../adapters/session-cutoffs.ts';
import { systemClock, systemRandom } from '../adapters/system.ts';
import { learnsFirstDevice } from '../core/registration/first-device.ts';
import { readRegistrationEnv } from './env.ts';
import { publicFault } from './public-fault.ts';
import { type RegistrationEvent, type RegistrationTriggerPorts, registrationTrigger } from './triggers.ts';

const env = readRegistrationEnv();
const configuration = readServiceConfiguration();
const client = dynamoClient();
const readSecret = secretsManagerReader();
const audit = { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS };
const contexts = contextTokens(rotatingKeys(env.SIGNING_SECRET, readSecret, systemClock), systemClock);

const outbox = dynamoAuditOutbox(client, audit);
const pseudonyms = keyedPseudonyms(env.PSEUDONYM_SECRET, readSecret);

/** Repeats of one trigger come within seconds of each other. */
const repeatMs = 60_000;

const eventId = (at: number, ...about: readonly string[]) => derivedEventId(at - (at % repeatMs), ...about);
const legacyEndpoint = configuration.migration?.legacyEndpoint;
const migration =
  env.MIGRATION_TABLE === ''
    ? undefined
    : migrationPorts(
        client,
        {
          tables: { migration: env.MIGRATION_TABLE, risk: env.RISK_TABLE },
          pseudonymSecret: env.PSEUDONYM_SECRET,
          ...(legacyEndpoint && { legacy: { ...legacyEndpoint, secretId: env.LEGACY_SECRET } }),
        },
        { readSecret, pseudonyms, outbox, clock: systemClock, eventId },
      );

const subjects = dynamoWrittenSubjects(client, env.RISK_TABLE, pseudonyms, systemClock);

const ports: RegistrationTriggerPorts = {
  ...(migration && { migration }),
  outbox,
  pseudonyms,
  clock: systemClock,
  random: systemRandom,
  readContext: (token) => contexts.read(token, 'registration'),
  spendContext: dynamoSpentContexts(client, env.RISK_TABLE),
  signUpDevices: dynamoSignUpDevices(client, env.RISK_TABLE, systemClock),
  eventId,
  claims: dynamoAddressClaims(client, env.PROFILES_TABLE),
  identities: dynamoIdentityOwners(client, env.PROFILES_TABLE),
  contactOf: dynamoContacts(client, env.PROFILES_TABLE),
  pendingLinks: dynamoPendingLinks(client, env.RISK_TABLE, audit, systemClock),
  rememberSubject: subjects.remember,
  subjectAsWritten: subjects.recall,
  pending: dynamoPendingRegistrations(client, env.RISK_TABLE, audit, systemClock),
  passwordResets: dynamoPasswordResets(client, { risk: env.RISK_TABLE, audit }),
  wait: (milliseconds) => setTimeout(milliseconds),
  registrations: dynamoCompletedRegistrations(client, {
    profiles: env.PROFILES_TABLE,
    consents: env.CONSENTS_TABLE,
    risk: env.RISK_TABLE,
    audit,
  }),
};
const { mailDomains, providers, authentication } = configuration;
const rules = {
  mailDomains,
  providers,
  contextMandatory: env.CONTEXT_MANDATORY,
  learnsFirstDevice: learnsFirstDevice(authentication),
};

export const handler = (event: RegistrationEvent): Promise<RegistrationEvent> =>
  registrationTrigger(ports, rules, event).catch(publicFault);
