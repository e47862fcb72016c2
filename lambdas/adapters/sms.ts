import type { ServiceConfiguration } from '../core/configuration.ts';
import { integer } from '../env.ts';
import type { SmsSender } from '../ports.ts';
import { type BrakeParts, brakedSms } from './sms-brake.ts';
import { endUserMessaging } from './sms-delivery.ts';

/** Limits that operators tune, for the environment of a function that sends texts; countries are configuration. */
export const smsShape = {
  SMS_PER_ACCOUNT_PER_DAY: integer(1, 100, 10),
  SMS_PER_ADDRESS_PER_HOUR: integer(1, 10_000, 10),
  SMS_PER_PREFIX_PER_HOUR: integer(1, 100_000, 30),
  SMS_PER_COUNTRY_PER_HOUR: integer(1, 1_000_000, 500),
  SMS_PER_DAY: integer(1, 10_000_000, 10_000),
  SMS_CONVERSION_PERCENT: integer(0, 90, 20),
  SMS_CONVERSION_AFTER: integer(5, 10_000, 20),
};
type SmsLimits = { readonly [Name in keyof typeof smsShape]: number };

/** Where no SMS is configured nothing is sent, and a challenge offers the other methods. */
export const noSms: SmsSender = { send: async () => 'refused', answered: async () => {} };

/** The one way to a text: carrier behind brake. */
export const smsSender = (
  sms: ServiceConfiguration['sms'],
  limits: SmsLimits,
  parts: Omit<BrakeParts, 'policy'>,
): SmsSender =>
  sms
    ? brakedSms(endUserMessaging(sms), {
        ...parts,
        policy: {
          countries: sms.countries,
          perAccountPerDay: limits.SMS_PER_ACCOUNT_PER_DAY,
          perAddressPerHour: limits.SMS_PER_ADDRESS_PER_HOUR,
          perPrefixPerHour: limits.SMS_PER_PREFIX_PER_HOUR,
          perCountryPerHour: limits.SMS_PER_COUNTRY_PER_HOUR,
          perDay: limits.SMS_PER_DAY,
          conversionPercent: limits.SMS_CONVERSION_PERCENT,
          conversionAfter: limits.SMS_CONVERSION_AFTER,
        },
      })
    : noSms;
