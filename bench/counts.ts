import type { Child } from './child.ts';
import type { Counts } from './cloud/main.ts';
import type { CountedUse } from './cost-model.ts';
import type { DeployedFunction } from './functions.ts';

/** What one run used, on the way to its answer and behind it. */
export interface Use {
  readonly inPath: CountedUse;
  readonly behind: CountedUse;
}

/** Functions that work after the answer: consumers of the audit stream and of the event bus. */
const behindTheAnswer: ReadonlySet<string> = new Set([
  'audit-forwarder',
  'notifier',
  'recovery-guard',
  'session-registry',
  'statistics',
]);
const isBehind = (functionName: string): boolean =>
  /AuditForwarder|Notifier|RecoveryGuard|SessionRegistry|Statistics/.test(functionName);

/** Operations that anybody can call, and that pass the pool's web ACL. */
const publicOperations = ['InitiateAuth', 'RespondToAuthChallenge', 'GetTokensFromRefreshToken'];

type FunctionOf = Pick<DeployedFunction, 'label' | 'memoryMb'>;

/** @param counts - of the local cloud, over `runs` of the same thing */
export function usePerRun(counts: Counts, runs: number, functions: readonly FunctionOf[]): Use {
  const per = (name: string) => (counts[name] ?? 0) / runs;
  const byFunctions = (prefix: string, behind: boolean) =>
    sumOf(counts, `${prefix}:function:`, (name) => isBehind(name) === behind) / runs;
  const use = (behind: boolean): CountedUse => ({
    readUnits: byFunctions('dynamodb:rru', behind),
    writeUnits: byFunctions('dynamodb:wru', behind),
    invocations: functions
      .filter(({ label }) => behindTheAnswer.has(label) === behind)
      .map(({ label, memoryMb }) => ({ name: label, memoryMb, count: per(`lambda:${label}`) }))
      .filter(({ count }) => count > 0),
    restApiRequests: behind ? 0 : per('apigateway.requests'),
    poolRequests: behind
      ? 0
      : publicOperations.reduce((sum, operation) => sum + per(`cognito-idp:${operation}`), 0),
    mails: byFunctions('ses:SendEmail', behind),
    texts: byFunctions('sms-voice:SendTextMessage', behind),
    scrypts: 0,
    // the forwarder publishes every event once
    auditEvents: behind ? per('events:accepted') : 0,
  });
  return { inPath: use(false), behind: use(true) };
}

export const sumOf = (counts: Counts, prefix: string, wanted: (rest: string) => boolean): number =>
  Object.entries(counts)
    .filter(([name]) => name.startsWith(prefix) && wanted(name.slice(prefix.length)))
    .reduce((total, [, count]) => total + count, 0);

const quietMs = 7_000;
const longestWaitMs = 60_000;

/** Counts that have not changed for longer than any batching window. */
export async function settledCounts(cloud: Child): Promise<Counts> {
  const deadline = performance.now() + longestWaitMs;
  let seen = await cloud.ask<Counts>('counts');
  while (performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    const now = await cloud.ask<Counts>('counts');
    if (JSON.stringify(now) === JSON.stringify(seen)) return now;
    seen = now;
  }
  throw new Error('the audit forwarder does not come to rest');
}
