import * as v from 'valibot';
import type { ProvisionedResource, ResourceProvider } from '../../platform.ts';
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

const described = (engine: Engine, id: string, arn: string): ProvisionedResource => ({
  physicalId: id,
  attributes: {
    Arn: arn,
    ProviderName: `cognito-idp.${engine.cloud.region}.amazonaws.com/${id}`,
    ProviderURL: issuerOf(engine, id),
    UserPoolId: id,
  },
});
