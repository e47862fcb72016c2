import type { EventBridgeEvent } from 'aws-lambda';
import { dynamoClient } from '../adapters/dynamo.ts';
import { dynamoRecoveries } from '../adapters/recoveries.ts';
import { systemClock as clock, systemRandom as random } from '../adapters/system.ts';
import { readEvent } from '../core/audit/read-event.ts';
import { guardRecovery } from '../core/recovery/guard.ts';
import { readRecoveryGuardEnv } from './env.ts';

const env = readRecoveryGuardEnv();
const recoveries = dynamoRecoveries(dynamoClient(), {
  profiles: env.PROFILES_TABLE,
  risk: env.RISK_TABLE,
  audit: { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS },
});

/** Target of the bus: a proof of a further factor ends a recovery. What fails is thrown and delivered again. */
export const handler = async (delivery: EventBridgeEvent<string, unknown>): Promise<void> => {
  const read = readEvent(JSON.stringify(delivery.detail) ?? '');
  if ('refused' in read) {
    console.error(JSON.stringify({ level: 'error', code: 'GUARD_EVENT_REFUSED', why: read.refused }));
    return;
  }
  const isCancelled = await guardRecovery({ recoveries, clock, random }, read.event);
  if (isCancelled) {
    console.log(JSON.stringify({ level: 'info', code: 'RECOVERY_CANCELLED', eventId: read.event.id }));
  }
};
