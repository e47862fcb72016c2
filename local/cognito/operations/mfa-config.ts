import * as v from 'valibot';
import type { Engine } from '../engine.ts';
import type { MfaMethod, Pool, PoolFactors, PoolSettings } from '../model.ts';
import { putPool } from '../pool-settings.ts';
import { operation } from '../registry.ts';
import { oneOf, poolId, text } from '../schema.ts';
import { requireTier } from '../tier.ts';

const message = v.optional(text(6, 20_000));

export const mfaConfigOperations = [
  operation('SetUserPoolMfaConfig', {
    access: 'iam',
    input: v.object({
      UserPoolId: poolId,
      SmsMfaConfiguration: v.optional(
        v.object({
          SmsAuthenticationMessage: v.optional(text(6, 140)),
          SmsConfiguration: v.optional(v.looseObject({})),
        }),
      ),
      SoftwareTokenMfaConfiguration: v.optional(v.object({ Enabled: v.optional(v.boolean(), false) })),
      EmailMfaConfiguration: v.optional(v.object({ Message: message, Subject: v.optional(text(1, 140)) })),
      MfaConfiguration: v.optional(oneOf('OFF', 'ON', 'OPTIONAL')),
      WebAuthnConfiguration: v.optional(
        v.object({
          RelyingPartyId: v.optional(text(1, 127)),
          UserVerification: v.optional(oneOf('required', 'preferred')),
          FactorConfiguration: v.optional(oneOf('SINGLE_FACTOR', 'MULTI_FACTOR_WITH_USER_VERIFICATION')),
        }),
      ),
    }),
    handle: async (engine, input) => {
      const pool = engine.pools.get(input.UserPoolId);
      const {
        SmsMfaConfiguration: sms,
        EmailMfaConfiguration: email,
        WebAuthnConfiguration: webAuthn,
      } = input;
      if (webAuthn?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION') {
        requireTier(pool, 'ESSENTIALS', 'Passkey MFA');
      }
      const factors: PoolFactors = {
        mfa: enabled({
          SMS_MFA: sms !== undefined,
          SOFTWARE_TOKEN_MFA: input.SoftwareTokenMfaConfiguration?.Enabled === true,
          EMAIL_OTP: email !== undefined,
        }),
        ...(email?.Message ? { emailMessage: email.Message } : {}),
        ...(email?.Subject ? { emailSubject: email.Subject } : {}),
        webAuthn: webAuthn ?? pool.factors?.webAuthn ?? {},
      };
      const settings = {
        ...pool.settings,
        MfaConfiguration: input.MfaConfiguration ?? 'OFF',
        ...(sms?.SmsAuthenticationMessage ? { SmsAuthenticationMessage: sms.SmsAuthenticationMessage } : {}),
        ...(sms?.SmsConfiguration ? { SmsConfiguration: sms.SmsConfiguration } : {}),
      } as PoolSettings;
      return describe(await putPool(engine, pool.id, { ...pool, settings, schema: [], factors }));
    },
  }),
  operation('GetUserPoolMfaConfig', {
    access: 'iam',
    input: v.object({ UserPoolId: poolId }),
    handle: (engine: Engine, input) => describe(engine.pools.get(input.UserPoolId)),
  }),
];

const enabled = (wanted: Readonly<Record<MfaMethod, boolean>>): MfaMethod[] =>
  (['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] as const).filter((method) => wanted[method]);

const describe = ({ settings, factors }: Pool) => ({
  MfaConfiguration: settings.MfaConfiguration ?? 'OFF',
  SoftwareTokenMfaConfiguration: { Enabled: factors?.mfa.includes('SOFTWARE_TOKEN_MFA') ?? false },
  ...(factors?.mfa.includes('SMS_MFA')
    ? {
        SmsMfaConfiguration: {
          ...(settings.SmsAuthenticationMessage
            ? { SmsAuthenticationMessage: settings.SmsAuthenticationMessage }
            : {}),
          SmsConfiguration: settings.SmsConfiguration,
        },
      }
    : {}),
  ...(factors?.mfa.includes('EMAIL_OTP')
    ? { EmailMfaConfiguration: { Message: factors.emailMessage, Subject: factors.emailSubject } }
    : {}),
  ...(factors?.webAuthn && Object.keys(factors.webAuthn).length > 0
    ? { WebAuthnConfiguration: factors.webAuthn }
    : {}),
});
