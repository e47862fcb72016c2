import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { EventBridgeEvent } from 'aws-lambda';
import { dynamoContacts } from '../adapters/contacts.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { dynamoErasureAreas } from '../adapters/erasure-areas.ts';
import { cognitoErasureArea, cognitoPersonBySub } from '../adapters/erasure-directory.ts';
import { dynamoEvidence } from '../adapters/erasure-evidence.ts';
import { dynamoErasureMarkers } from '../adapters/erasure-marks.ts';
import { keyedPseudonyms, secretsManagerReader } from '../adapters/secrets.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { sesMailer } from '../adapters/ses-mailer.ts';
import { systemClock as clock, systemRandom as random } from '../adapters/system.ts';
import { readEvent } from '../core/audit/read-event.ts';
import { type ErasurePorts, erasePerson } from '../core/privacy/erasure.ts';
import { planErasure } from '../core/privacy/erasure-plan.ts';
import { sendFarewell } from '../core/privacy/farewell.ts';
import { sessionLifetimes } from '../session-lifetimes.ts';
import { readErasureEnv } from './env.ts';

const env = readErasureEnv();
const configuration = readServiceConfiguration();
const dynamo = dynamoClient();
const cognito = new CognitoIdentityProviderClient({
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 500, requestTimeout: 5_000, throwOnRequestTimeout: true },
});
const pseudonyms = keyedPseudonyms(env.PSEUDONYM_SECRET, secretsManagerReader());
const audit = { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS };
const tables = { profiles: env.PROFILES_TABLE, consents: env.CONSENTS_TABLE, risk: env.RISK_TABLE };
const contactOf = dynamoContacts(dynamo, env.PROFILES_TABLE);
const mailer = sesMailer(configuration.mail);
const daySeconds = 86_400;

const ports: ErasurePorts = {
  markers: dynamoErasureMarkers(dynamo, { profiles: env.PROFILES_TABLE, audit }),
  planFor: (sub) =>
    planErasure({ personBySub: cognitoPersonBySub(cognito, env.USER_POOL_ID), contactOf, pseudonyms }, sub),
  contactOf,
  sendFarewell: (marker, contact) => sendFarewell(mailer, configuration, marker, contact),
  // The pool first: from then on none of its triggers writes anything about the person.
  areas: [cognitoErasureArea(cognito, env.USER_POOL_ID), ...dynamoErasureAreas(dynamo, tables, pseudonyms)],
  limitEvidence: dynamoEvidence(dynamo, tables, {
    consentDays: env.CONSENT_EVIDENCE_DAYS,
    sessionSeconds: sessionLifetimes(env).session.absoluteSeconds + daySeconds,
  }),
  kept: ['consents', 'audit', 'session-cutoff'],
  clock,
  random,
};

/**
 * Target of the bus: a request to erase an account, and the end of one, after which it looks once more. What fails is
 * thrown and delivered again; every step can be repeated.
 */
export const handler = async (delivery: EventBridgeEvent<string, unknown>): Promise<void> => {
  const read = readEvent(JSON.stringify(delivery.detail) ?? '');
  if ('refused' in read || !('sub' in read.event.subject)) {
    const why = 'refused' in read ? read.refused : 'subject: expected a sub';
    console.error(JSON.stringify({ level: 'error', code: 'ERASURE_EVENT_REFUSED', why }));
    return;
  }
  const result = await erasePerson(ports, read.event.subject.sub);
  console.log(JSON.stringify({ level: 'info', code: 'ERASURE', result, eventId: read.event.id }));
};
