import { setTimeout } from 'node:timers/promises';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { dynamoAuditOutbox } from '../adapters/audit-outbox.ts';
import { dynamoLiveCodes } from '../adapters/confirmation-codes.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { derivedEventId } from '../adapters/event-ids.ts';
import { paced } from '../adapters/pace.ts';
import { dynamoSweepCursor } from '../adapters/sweep-cursor.ts';
import { systemClock as clock } from '../adapters/system.ts';
import { cognitoUnconfirmedAccounts } from '../adapters/unconfirmed-accounts.ts';
import { readHousekeepingEnv } from './env.ts';
import { housekeeping } from './run.ts';

/** A fifth of Cognito's quotas (30 ListUsers, 25 AdminDeleteUser and others per second), which all pools share. */
const listsPerSecond = 6;
const removalsPerSecond = 5;
/** Below the function's timeout of 300 s, with time for the calls under way. */
const maxSeconds = 240;
const maxRemovals = 1_000;

const env = readHousekeepingEnv();
const dynamo = dynamoClient();
const cognito = new CognitoIdentityProviderClient({
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 500, requestTimeout: 5_000, throwOnRequestTimeout: true },
});
const wait = (milliseconds: number) => setTimeout(milliseconds);

/** On a schedule: what nobody asks for, and somebody must do. */
export const handler = async (): Promise<void> => {
  await housekeeping(
    {
      accounts: cognitoUnconfirmedAccounts(cognito, {
        poolId: env.USER_POOL_ID,
        pace: { list: paced(listsPerSecond, clock, wait), remove: paced(removalsPerSecond, clock, wait) },
      }),
      hasLiveCode: dynamoLiveCodes(dynamo, env.RISK_TABLE, clock),
      cursor: dynamoSweepCursor(dynamo, env.RISK_TABLE, env.USER_POOL_ID, clock),
      outbox: dynamoAuditOutbox(dynamo, { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS }),
      clock,
      eventId: derivedEventId,
      // the class only: a text of AWS's may quote a user name
      expiryFailed: (error) =>
        console.error(
          JSON.stringify({
            level: 'error',
            event: 'expiry-failed',
            name: error instanceof Error ? error.name : 'Unknown',
          }),
        ),
    },
    { retentionHours: env.UNCONFIRMED_RETENTION_HOURS, maxRemovals, maxSeconds },
    (report) => console.info(JSON.stringify(report)),
  );
};
