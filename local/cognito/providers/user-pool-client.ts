import * as v from 'valibot';
import type { ResourceProvider } from '../../platform.ts';
import { clientSettings, putClient } from '../client-settings.ts';
import type { Engine } from '../engine.ts';
import type { ClientSettings } from '../model.ts';
import { clientIdFrom } from '../random.ts';
import { poolId, readInput } from '../schema.ts';
import { asBody } from './fields.ts';

const properties = v.looseObject({
  UserPoolId: poolId,
  ...clientSettings,
  GenerateSecret: v.optional(v.boolean(), false),
});

/** The id follows from what replaces a client in AWS: its pool and whether it has a secret. */
export const userPoolClient = (engine: Engine): ResourceProvider => ({
  type: 'AWS::Cognito::UserPoolClient',
  provision: async ({ properties: given, suffix, logicalId }) => {
    const { UserPoolId, ClientName, GenerateSecret, ...settings } = readInput(properties, asBody(given));
    const id = clientIdFrom(`${suffix}/${logicalId}/${UserPoolId}/${GenerateSecret}`);
    const client = await putClient(engine, UserPoolId, id, {
      name: ClientName ?? `${logicalId}-${suffix}`,
      generateSecret: GenerateSecret,
      settings: settings as ClientSettings,
    });
    return {
      physicalId: client.id,
      attributes: { ClientId: client.id, Name: client.name, ClientSecret: client.secret ?? '' },
    };
  },
});
