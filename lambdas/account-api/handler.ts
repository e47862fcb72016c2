import { dynamoActivity } from '../adapters/activity.ts';
import { dynamoConsents } from '../adapters/consents.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { cognitoPoolSessions } from '../adapters/pool-sessions.ts';
import { dynamoProfiles } from '../adapters/profiles.ts';
import { cachedSecret, keyedPseudonyms, secretsManagerReader } from '../adapters/secrets.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { systemClock, systemRandom } from '../adapters/system.ts';
import { dispatch } from '../api/dispatch.ts';
import { reachableLevel } from '../core/session/assurance.ts';
import { sessionLifetimes } from '../session-lifetimes.ts';
import { readAccountEnv } from './env.ts';
import { linkServices } from './links/wiring.ts';
import { privacyServices } from './privacy/wiring.ts';
import { accountRoutes } from './routes.ts';
import { securityServices } from './security/wiring.ts';
import { ownSessionServices } from './sessions/wiring.ts';

const env = readAccountEnv();
const configuration = readServiceConfiguration();
const client = dynamoClient();
const audit = { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS };
const secrets = secretsManagerReader();
const pseudonyms = keyedPseudonyms(env.PSEUDONYM_SECRET, secrets);
const profiles = dynamoProfiles(client, env.PROFILES_TABLE, audit);
const security = securityServices(env, { configuration, client, audit, profiles, pseudonyms, secrets });

/** The signed-in person's own data: profile, questions, consents, factors and recent activity. */
export const handler = dispatch(
  'account-api',
  accountRoutes({
    configuration,
    profiles,
    consents: dynamoConsents(client, { consents: env.CONSENTS_TABLE, profiles: env.PROFILES_TABLE, audit }),
    activity: dynamoActivity(client, env.AUDIT_TABLE),
    pseudonyms,
    random: systemRandom,
    security,
    privacy: privacyServices(env, { configuration, client, audit, pseudonyms }),
    links: linkServices(env, { client, audit, pseudonyms }),
    ownSessions: ownSessionServices(
      { profiles: env.PROFILES_TABLE, risk: env.RISK_TABLE, audit },
      {
        client,
        pseudonyms,
        lifetimes: sessionLifetimes(env),
        ...(env.POOL_SESSIONS && { pool: cognitoPoolSessions(env.USER_POOL_ID) }),
      },
    ),
  }),
  {
    clock: systemClock,
    origins: configuration.origins,
    uniformAnswerMs: env.UNIFORM_ANSWER_MS,
    ...(env.EDGE_SECRET && { edgeSecret: cachedSecret(secrets, env.EDGE_SECRET) }),
    bestLevel: async (sub) => reachableLevel((await security.factors.read(sub)).factors),
  },
);
