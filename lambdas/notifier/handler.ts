import type { EventBridgeEvent } from 'aws-lambda';
import { dynamoAuditOutbox } from '../adapters/audit-outbox.ts';
import { dynamoContacts, dynamoPhones } from '../adapters/contacts.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { dynamoNoticeLedger } from '../adapters/notice-ledger.ts';
import { keyedPseudonyms, secretsManagerReader } from '../adapters/secrets.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { sesMailer } from '../adapters/ses-mailer.ts';
import { smsSender, smsShape } from '../adapters/sms.ts';
import { systemClock, systemRandom } from '../adapters/system.ts';
import { isAccountChange, noticeAccountChange } from '../core/audit/account-notice.ts';
import { noticeNewDevice } from '../core/audit/new-device-notice.ts';
import { readEvent } from '../core/audit/read-event.ts';
import { noticeOwner } from '../core/recovery/recovery-notice.ts';
import { integer, readEnv, text } from '../env.ts';

const env = readEnv({
  PROFILES_TABLE: text(),
  RISK_TABLE: text(),
  AUDIT_TABLE: text(),
  AUDIT_TTL_DAYS: integer(30, 90, 90),
  PSEUDONYM_SECRET: text(),
  ...smsShape,
});
const config = readServiceConfiguration();
const client = dynamoClient();
const pseudonyms = keyedPseudonyms(env.PSEUDONYM_SECRET, secretsManagerReader());
const ports = {
  ledger: dynamoNoticeLedger(client, env.RISK_TABLE, systemClock),
  contactOf: dynamoContacts(client, env.PROFILES_TABLE),
  mailer: sesMailer(config.mail),
  phoneOf: dynamoPhones(client, env.PROFILES_TABLE),
  sms: smsSender(config.sms, env, {
    client,
    table: env.RISK_TABLE,
    clock: systemClock,
    random: systemRandom,
    pseudonyms,
    outbox: dynamoAuditOutbox(client, { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS }),
  }),
  textFailed: (error: unknown) => {
    const name = error instanceof Error ? error.name : 'Unknown'; // a text of AWS's may hold the number
    console.error(JSON.stringify({ level: 'error', code: 'OWNER_TEXT_FAILED', name }));
  },
  pseudonyms,
};

/** Target of the bus. What is no event of ours is refused at once: a repetition would not make it one. */
export const handler = async (delivery: EventBridgeEvent<string, unknown>): Promise<void> => {
  const read = readEvent(JSON.stringify(delivery.detail) ?? '');
  if ('refused' in read) {
    console.error(JSON.stringify({ level: 'error', code: 'NOTICE_EVENT_REFUSED', why: read.refused }));
    return;
  }
  const { type, id: eventId } = read.event;
  const isNewDevice = type === 'sign-in.succeeded';
  const notice = isNewDevice
    ? noticeNewDevice
    : isAccountChange(read.event)
      ? noticeAccountChange
      : noticeOwner;
  const result = await notice(ports, config, read.event);
  const code = isNewDevice ? 'NEW_DEVICE_NOTICE' : 'OWNER_NOTICE';
  console.log(JSON.stringify({ level: 'info', code, type, result, eventId }));
};
