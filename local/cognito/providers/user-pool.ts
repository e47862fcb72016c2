import * as v from 'valibot';
import type { ProvisionedResource, ResourceProvider } from '../../platform.ts';
import type { SesService } from '../../services/ses/index.ts';
import { type Engine, issuerOf } from '../engine.ts';
import type { PoolFactors, PoolSettings, SchemaAttribute } from '../model.ts';
import { creationSettings, poolSettings, putPool } from '../pool-settings.ts';
import { poolIdFrom } from '../random.ts';
import { oneOf, readInput } from '../schema.ts';
import { asBody } from './fields.ts';

const properties = v.looseObject({
  UserPoolName: v.optional(v.string()),
  ...creationSettings,
  ...poolSettings,
});

/** What the template says of the pool itself and the API in SetUserPoolMfaConfig. */
const factorProperties = v.object({
  EnabledMfas: v.optional(v.array(oneOf('SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP')), []),
  EmailAuthenticationMessage: v.optional(v.string()),
  EmailAuthenticationSubject: v.optional(v.string()),
  WebAuthnRelyingPartyID: v.optional(v.string()),
  WebAuthnUserVerification: v.optional(oneOf('required', 'preferred')),
  WebAuthnFactorConfiguration: v.optional(oneOf('SINGLE_FACTOR', 'MULTI_FACTOR_WITH_USER_VERIFICATION')),
});
const notSettings = Object.keys(factorProperties.entries);

export const userPool = (engine: Engine): ResourceProvider => ({
  type: 'AWS::Cognito::UserPool',
  provision: async ({ properties: given, suffix, logicalId, previous }) => {
    const { UserPoolName, Schema, UserPoolTags, ...rest } = readInput(properties, asBody(given));
    const settings = Object.fromEntries(Object.entries(rest).filter(([name]) => !notSettings.includes(name)));
    await acceptSender(engine, settings as PoolSettings);
    const id = previous?.physicalId ?? poolIdFrom(engine.cloud.region, suffix);
    const pool = await putPool(engine, id, {
      name: UserPoolName ?? `${logicalId}-${suffix}`,
      settings: settings as PoolSettings,
      schema: (Schema ?? []) as SchemaAttribute[],
      tags: UserPoolTags ?? {},
      factors: factorsOf(readInput(factorProperties, asBody(given))),
    });
    return described(engine, pool.id, pool.arn);
  },
});

const factorsOf = (given: v.InferOutput<typeof factorProperties>): PoolFactors => ({
  mfa: given.EnabledMfas,
  ...(given.EmailAuthenticationMessage ? { emailMessage: given.EmailAuthenticationMessage } : {}),
  ...(given.EmailAuthenticationSubject ? { emailSubject: given.EmailAuthenticationSubject } : {}),
  webAuthn: {
    ...(given.WebAuthnRelyingPartyID ? { RelyingPartyId: given.WebAuthnRelyingPartyID } : {}),
    ...(given.WebAuthnUserVerification ? { UserVerification: given.WebAuthnUserVerification } : {}),
    ...(given.WebAuthnFactorConfiguration ? { FactorConfiguration: given.WebAuthnFactorConfiguration } : {}),
  },
});

/** AWS refuses a pool whose sender is not verified; locally nobody can verify one. */
async function acceptSender({ cloud }: Engine, { EmailConfiguration: mail }: PoolSettings): Promise<void> {
  const identity = mail?.EmailSendingAccount === 'DEVELOPER' ? mail.SourceArn?.split('/').at(-1) : undefined;
  if (identity) await cloud.service<SesService>('ses').acceptIdentity(identity);
}

const described = (engine: Engine, id: string, arn: string): ProvisionedResource => ({
  physicalId: id,
  attributes: {
    Arn: arn,
    ProviderName: `cognito-idp.${engine.cloud.region}.amazonaws.com/${id}`,
    ProviderURL: issuerOf(engine, id),
    UserPoolId: id,
  },
});
