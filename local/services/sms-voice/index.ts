import { randomUUID } from 'node:crypto';
import { parsePhoneNumber } from 'libphonenumber-js/min';
import { AwsError, type Cloud, type Service } from '../../platform.ts';
import { arnOf } from '../arns.ts';
import type { Fields } from '../fields.ts';
import { jsonApi } from '../json-api.ts';
import type { SesService } from '../ses/index.ts';

const e164 = /^\+[1-9]\d{6,14}$/;
const maxCharacters = 1_600;

/** AWS End User Messaging SMS (API version 2): texts end in the mailbox. */
export const smsVoiceService = (cloud: Cloud): Service => ({
  name: 'sms-voice',
  providers: [],
  api: jsonApi(
    'sms-voice',
    {
      SendTextMessage: {
        needs: (input) => [{ action: 'sms-voice:SendTextMessage', resource: originArn(cloud, input) }],
        handle: async (input) => {
          await cloud.service<SesService>('ses').deliverSms({
            to: destination(input),
            text: messageOf(input),
            kind: input.optionalObject('Context')?.optionalText('kind') ?? 'sms',
          });
          return { MessageId: randomUUID() };
        },
      },
    },
    { contentType: 'application/x-amz-json-1.0' },
  ),
});

/** Pools and numbers have their own resource types; everything else is a sender id, which belongs to a country. */
function originArn(cloud: Cloud, input: Fields): string {
  const origin = input.text('OriginationIdentity');
  if (origin.startsWith('arn:')) return origin;
  if (origin.startsWith('pool-')) return arnOf(cloud, 'sms-voice', `pool/${origin}`);
  if (origin.startsWith('phone-')) return arnOf(cloud, 'sms-voice', `phone-number/${origin}`);
  return arnOf(cloud, 'sms-voice', `sender-id/${origin}/${parsePhoneNumber(destination(input)).country}`);
}

function destination(input: Fields): string {
  const number = input.text('DestinationPhoneNumber');
  if (!e164.test(number)) refuse('DestinationPhoneNumber', 'expected one number in E.164 form');
  return number;
}

function messageOf(input: Fields): string {
  const text = input.text('MessageBody');
  if (text === '' || text.length > maxCharacters) {
    refuse('MessageBody', `expected 1 to ${maxCharacters} characters`);
  }
  return text;
}

function refuse(field: string, why: string): never {
  throw new AwsError('ValidationException', `${field}: ${why}`, {
    extra: { Reason: 'FIELD_VALIDATION_FAILED', Fields: [{ Name: field, Message: why }] },
  });
}
