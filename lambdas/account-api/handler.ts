import { dynamoActivity } from '../adapters/activity.ts';
import { dynamoConsents } from '../adapters/consents.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { dynamoProfiles } from '../adapters/profiles.ts';
import { keyedPseudonyms, secretsManagerReader } from '../adapters/secrets.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { systemClock, systemRandom } from '../adapters/system.ts';
import { dispatch } from '../api/dispatch.ts';
import { readAccountEnv } from './env.ts';
import { accountRoutes } from './routes.ts';

const env = readAccountEnv();
const configuration = readServiceConfiguration();
const client = dynamoClient();
const audit = { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS };

/** The signed-in person's own data: profile, questions, consents and recent activity. */
export const handler = dispatch(
  'account-api',
  accountRoutes({
    configuration,
    profiles: dynamoProfiles(client, env.PROFILES_TABLE, audit),
    consents: dynamoConsents(client, { consents: env.CONSENTS_TABLE, profiles: env.PROFILES_TABLE, audit }),
    activity: dynamoActivity(client, env.AUDIT_TABLE),
    pseudonyms: keyedPseudonyms(env.PSEUDONYM_SECRET, secretsManagerReader()),
    random: systemRandom,
  }),
  { clock: systemClock, origins: configuration.origins },
);
