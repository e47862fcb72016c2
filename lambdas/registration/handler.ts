import { setTimeout } from 'node:timers/promises';
import { dynamoAuditOutbox } from '../adapters/audit-outbox.ts';
import { dynamoCompletedRegistrations, dynamoSpentContexts } from '../adapters/completed-registrations.ts';
import { contextTokens } from '../adapters/context-tokens.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { derivedEventId } from '../adapters/event-ids.ts';
import { dynamoPendingRegistrations } from '../adapters/pending-registrations.ts';
import { keyedPseudonyms, rotatingKeys, secretsManagerReader } from '../adapters/secrets.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { dynamoPasswordResets } from '../adapters/session-cutoffs.ts';
import { systemClock, systemRandom } from '../adapters/system.ts';
import { readRegistrationEnv } from './env.ts';
import { publicFault } from './public-fault.ts';
import { type RegistrationEvent, type RegistrationTriggerPorts, registrationTrigger } from './triggers.ts';

const env = readRegistrationEnv();
const configuration = readServiceConfiguration();
const client = dynamoClient();
const readSecret = secretsManagerReader();
const audit = { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS };
const contexts = contextTokens(rotatingKeys(env.SIGNING_SECRET, readSecret, systemClock), systemClock);

/** Repeats of one trigger come within seconds of each other. */
const repeatMs = 60_000;

const ports: RegistrationTriggerPorts = {
  outbox: dynamoAuditOutbox(client, audit),
  pseudonyms: keyedPseudonyms(env.PSEUDONYM_SECRET, readSecret),
  clock: systemClock,
  random: systemRandom,
  readContext: (token) => contexts.read(token, 'registration'),
  spendContext: dynamoSpentContexts(client, env.RISK_TABLE),
  eventId: (at, ...about) => derivedEventId(at - (at % repeatMs), ...about),
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
const rules = { mailDomains: configuration.mailDomains, contextMandatory: env.CONTEXT_MANDATORY };

export const handler = (event: RegistrationEvent): Promise<RegistrationEvent> =>
  registrationTrigger(ports, rules, event).catch(publicFault);
