import * as v from 'valibot';
import type { ProvisionedResource, ResourceProvider } from '../../platform.ts';
import type { SesService } from '../../services/ses/index.ts';
import { type Engine, issuerOf } from '../engine.ts';
import type { PoolSettings, SchemaAttribute } from '../model.ts';
import { creationSettings, poolSettings, putPool } from '../pool-settings.ts';
import { poolIdFrom } from '../random.ts';
import { readInput } from '../schema.ts';
import { asBody } from './fields.ts';

const properties = v.looseObject({
  UserPoolName: v.optional(v.string()),
  ...creationSettings,
  ...poolSettings,
});

/** Names of the template that differ from the API's, or that belong to another operation there. */
const notSettings = ['EnabledMfas', 'WebAuthnRelyingPartyID', 'WebAuthnUserVerification'];

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
    });
    return described(engine, pool.id, pool.arn);
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
