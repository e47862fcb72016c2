import * as v from 'valibot';
import { schemaWith } from './attributes.ts';
import type { Engine } from './engine.ts';
import { invalidParameter, notImplementedLocally } from './errors.ts';
import type { Pool, PoolFactors, PoolSettings, SchemaAttribute } from './model.ts';
import { checkFactors } from './pool-factors.ts';
import { integer, oneOf, text } from './schema.ts';

const texts = v.optional(v.array(v.string()));
const messageTemplate = v.optional(v.looseObject({}));

const schemaAttribute = v.looseObject({
  Name: text(1, 40),
  AttributeDataType: v.optional(oneOf('String', 'Number', 'DateTime', 'Boolean')),
  DeveloperOnlyAttribute: v.optional(v.boolean()),
  Mutable: v.optional(v.boolean()),
  Required: v.optional(v.boolean()),
});

/** What the engine reads is checked; everything else is kept as it came. */
export const poolSettings = {
  Policies: v.optional(
    v.looseObject({
      PasswordPolicy: v.optional(v.looseObject({ MinimumLength: v.optional(integer(6, 99)) })),
      SignInPolicy: v.optional(
        v.looseObject({
          AllowedFirstAuthFactors: v.optional(
            v.array(oneOf('PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN')),
          ),
        }),
      ),
    }),
  ),
  LambdaConfig: v.optional(v.looseObject({})),
  AutoVerifiedAttributes: texts,
  EmailVerificationMessage: v.optional(text(6, 20_000)),
  EmailVerificationSubject: v.optional(text(1, 140)),
  VerificationMessageTemplate: messageTemplate,
  MfaConfiguration: v.optional(oneOf('OFF', 'ON', 'OPTIONAL')),
  UserAttributeUpdateSettings: v.optional(
    v.looseObject({ AttributesRequireVerificationBeforeUpdate: texts }),
  ),
  EmailConfiguration: v.optional(
    v.looseObject({ EmailSendingAccount: v.optional(oneOf('COGNITO_DEFAULT', 'DEVELOPER')) }),
  ),
  AdminCreateUserConfig: v.optional(
    v.looseObject({
      AllowAdminCreateUserOnly: v.optional(v.boolean()),
      InviteMessageTemplate: messageTemplate,
    }),
  ),
  DeletionProtection: v.optional(oneOf('ACTIVE', 'INACTIVE')),
  UserPoolTier: v.optional(oneOf('LITE', 'ESSENTIALS', 'PLUS')),
  UserPoolTags: v.optional(v.record(v.string(), v.string())),
  AccountRecoverySetting: v.optional(v.looseObject({})),
  DeviceConfiguration: v.optional(v.looseObject({})),
  SmsConfiguration: v.optional(v.looseObject({})),
  SmsVerificationMessage: v.optional(v.string()),
  SmsAuthenticationMessage: v.optional(v.string()),
  UserPoolAddOns: v.optional(v.looseObject({})),
};

/** Fixed when the pool is made. */
export const creationSettings = {
  Schema: v.optional(v.array(schemaAttribute)),
  AliasAttributes: texts,
  UsernameAttributes: texts,
  UsernameConfiguration: v.optional(v.looseObject({ CaseSensitive: v.boolean() })),
};

export const poolArn = ({ cloud }: Engine, id: string): string =>
  `arn:aws:cognito-idp:${cloud.region}:${cloud.accountId}:userpool/${id}`;

export interface PoolInput {
  readonly name: string;
  readonly settings: PoolSettings;
  readonly schema: readonly SchemaAttribute[];
  readonly tags: Readonly<Record<string, string>>;
  /** Left as they are when absent. */
  readonly factors?: PoolFactors;
}

const afterPlan = {
  DeletionProtection: 'INACTIVE',
  UserPoolTier: 'ESSENTIALS',
  MfaConfiguration: 'OFF',
} as const;

/** Makes a pool with its signing keys, or applies new settings to the one that is there; users stay. */
export async function putPool(engine: Engine, id: string, input: PoolInput): Promise<Pool> {
  refuseUnsupported(input.settings);
  const now = engine.cloud.clock.now();
  const existing = engine.pools.find(id);
  if (existing) refuseFixed(existing.settings, input.settings);
  const factors = input.factors ?? existing?.factors;
  checkFactors(input.settings, factors);
  const pool: Pool = {
    id,
    name: input.name,
    arn: poolArn(engine, id),
    settings: { ...afterPlan, ...input.settings },
    schema: schemaWith(input.schema, existing?.schema),
    tags: input.tags,
    ...(factors ? { factors } : {}),
    createdAt: existing?.createdAt ?? now,
    updatedAt: now,
  };
  await engine.keys.ensure(id);
  await engine.pools.put(pool);
  return pool;
}

/** An update would be rolled back by AWS, never carried out with loss. */
function refuseFixed(before: PoolSettings, after: PoolSettings): void {
  for (const name of ['UsernameAttributes', 'AliasAttributes', 'UsernameConfiguration'] as const) {
    if (JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null)) {
      throw invalidParameter(`${name} cannot be changed after the user pool was created.`);
    }
  }
}

function refuseUnsupported(settings: PoolSettings): void {
  if (settings.VerificationMessageTemplate?.DefaultEmailOption === 'CONFIRM_WITH_LINK') {
    throw notImplementedLocally('Verification by link');
  }
  if (settings.UsernameAttributes?.length && settings.AliasAttributes?.length) {
    throw invalidParameter(
      'Only one of the aliasAttributes or usernameAttributes can be set in a user pool.',
    );
  }
  const { CustomEmailSender, CustomSMSSender } = settings.LambdaConfig ?? {};
  if (CustomEmailSender || CustomSMSSender) throw notImplementedLocally('A custom sender trigger');
}
