import type { ServiceConfiguration } from '../core/configuration.ts';
import { type AwsJsonService, awsJsonClient, environmentOptions } from './aws-json/client.ts';
import type { DeliverSms } from './sms-brake.ts';

/** AWS End User Messaging SMS, API version 2. */
const smsVoice: AwsJsonService = {
  name: 'sms-voice',
  environmentId: 'PINPOINT_SMS_VOICE_V2',
  target: 'PinpointSMSVoiceV2',
  version: '1.0',
};

/** A code is worth nothing after its ten minutes: the carrier need not try longer. */
const timeToLiveSeconds = 600;

/** Once only: a text that was lost on the way is cheaper than one that is sent twice. */
const oneTry = { attempts: 1, requestTimeoutMs: 2_500 } as const;

/** @throws AwsRefusal or NoAnswer; the kinds are of the closed list in `SmsMessage`, so they may be logged by AWS */
export const endUserMessaging = ({
  originationIdentity,
  configurationSet,
}: NonNullable<ServiceConfiguration['sms']>): DeliverSms => {
  const client = awsJsonClient(smsVoice, { ...environmentOptions(smsVoice), ...oneTry });
  return async ({ to, text, kind }) => {
    await client.call('SendTextMessage', {
      DestinationPhoneNumber: to,
      OriginationIdentity: originationIdentity,
      MessageBody: text,
      MessageType: 'TRANSACTIONAL',
      TimeToLive: timeToLiveSeconds,
      ...(configurationSet && { ConfigurationSetName: configurationSet }),
      Context: { kind },
    });
  };
};
