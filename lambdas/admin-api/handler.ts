import { dynamoAttempts, dynamoOperatorActivity } from '../adapters/activity.ts';
import { dynamoAddressClaims } from '../adapters/address-claims.ts';
import { dynamoAuditOutbox } from '../adapters/audit-outbox.ts';
import { dynamoCohortSessions } from '../adapters/cohort-sessions.ts';
import { dynamoCohortEnder, dynamoCohorts } from '../adapters/cohorts.ts';
import { dynamoConsents } from '../adapters/consents.ts';
import { dynamoDecisionTraces } from '../adapters/decisions.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { dynamoIdentityOwners, dynamoLinks } from '../adapters/links.ts';
import { dynamoOperatorAccounts } from '../adapters/operator-accounts.ts';
import { cognitoOperatorDirectory, operatorCognito } from '../adapters/operator-directory.ts';
import { dynamoRecoveries } from '../adapters/recoveries.ts';
import { keyedPseudonyms, secretsManagerReader } from '../adapters/secrets.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { dynamoStatisticsReader } from '../adapters/statistics.ts';
import { systemClock as clock, systemRandom as random } from '../adapters/system.ts';
import { dispatch } from '../api/dispatch.ts';
import { readAdminEnv } from './env.ts';
import { adminRoutes } from './routes.ts';

const env = readAdminEnv();
const { origins } = readServiceConfiguration();
const client = dynamoClient();
const audit = { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS };
const tables = { profiles: env.PROFILES_TABLE, risk: env.RISK_TABLE, audit };
const recoveries = dynamoRecoveries(client, tables);
const outbox = dynamoAuditOutbox(client, audit);
const ownerOf = dynamoAddressClaims(client, env.PROFILES_TABLE).find;

/** What operators do with accounts and sessions; each act is an event that names them and their reason. */
export const handler = dispatch(
  'admin-api',
  adminRoutes({
    people: {
      directory: cognitoOperatorDirectory(operatorCognito(), env.USER_POOL_ID),
      accounts: dynamoOperatorAccounts(client, tables, recoveries),
      recoveries,
      outbox,
      clock,
      random,
    },
    finding: { ownerOf, identityOwnerOf: dynamoIdentityOwners(client, env.PROFILES_TABLE).find },
    cohorts: {
      sessions: dynamoCohortSessions(client, env.PROFILES_TABLE),
      store: dynamoCohorts(client, tables, clock),
      ender: dynamoCohortEnder(client, env.RISK_TABLE, clock),
      ownerOf,
      outbox,
      clock,
      random,
    },
    links: dynamoLinks(client, tables),
    activity: dynamoOperatorActivity(client, env.AUDIT_TABLE),
    attempts: dynamoAttempts(client, env.AUDIT_TABLE),
    consents: dynamoConsents(client, { consents: env.CONSENTS_TABLE, profiles: env.PROFILES_TABLE, audit }),
    decisions: dynamoDecisionTraces(client, { risk: env.RISK_TABLE, audit: env.AUDIT_TABLE }),
    statistics: dynamoStatisticsReader(client, env.STATISTICS_TABLE),
    outbox,
    pseudonyms: keyedPseudonyms(env.PSEUDONYM_SECRET, secretsManagerReader()),
    recovery: { delayHours: env.RECOVERY_DELAY_HOURS },
    clientIds: env.CLIENT_IDS,
  }),
  { clock, origins },
);
