import * as v from 'valibot';
import type { ResourceProvider } from '../../platform.ts';
import type { Engine } from '../engine.ts';
import { newProvider, putProvider } from '../federation/provider-settings.ts';
import { readInput } from '../schema.ts';

/** Details are texts whatever they look like, so nothing is given another type here. */
export const userPoolIdentityProvider = (engine: Engine): ResourceProvider => ({
  type: 'AWS::Cognito::UserPoolIdentityProvider',
  provision: async ({ properties }) => {
    const input = readInput(v.looseObject(newProvider), Buffer.from(JSON.stringify(properties)));
    const provider = await putProvider(engine, input.UserPoolId, input.ProviderName, {
      type: input.ProviderType,
      details: input.ProviderDetails,
      attributeMapping: input.AttributeMapping,
      identifiers: input.IdpIdentifiers,
    });
    return { physicalId: provider.name, attributes: {} };
  },
});
