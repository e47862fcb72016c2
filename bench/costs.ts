import type { Child } from './child.ts';
import type { Counts } from './cloud/main.ts';
import type { CountedUse } from './cost-model.ts';
import type { DeployedFunction } from './functions.ts';
import type { LoadCommand } from './load/main.ts';

export type Path = 'known device' | 'new device, code';

/** What one sign-in used, on the way to its answer and behind it. */
export interface SignInUse {
  readonly door: 'sdk' | 'api';
  readonly path: Path;
  readonly inPath: CountedUse;
  readonly behind: CountedUse;
  /** By logical table name: `Risk`, `Audit`, … */
  readonly tables: readonly { readonly name: string; readonly read: number; readonly write: number }[];
}

/** Functions that work after the answer: consumers of the audit stream and of the event bus. */
const behindTheAnswer: ReadonlySet<string> = new Set(['audit-forwarder', 'notifier', 'session-registry']);
const signIns = 20;
const quietMs = 3_000;
const longestWaitMs = 60_000;

/** Counted one sign-in after the other: parallel ones share audit batches, which would hide their cost. */
export async function countUses(
  cloud: Child,
  load: Child,
  functions: readonly DeployedFunction[],
): Promise<readonly SignInUse[]> {
  const uses: SignInUse[] = [];
  for (const path of ['known device', 'new device, code'] as const) {
    for (const door of ['sdk', 'api'] as const) {
      const known = path === 'known device';
      await settled(cloud);
      await cloud.ask<Counts>('reset');
      // the context is part of what a sign-in over the SDK door costs
      if (door === 'sdk') await load.ask({ kind: 'mint', contexts: signIns, known } satisfies LoadCommand);
      await load.ask({ kind: 'count', door, count: signIns, known } satisfies LoadCommand);
      uses.push(useOf(door, path, await settled(cloud), functions));
    }
  }
  return uses;
}

/** Counts that have not changed for longer than any batching window. */
async function settled(cloud: Child): Promise<Counts> {
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

function useOf(
  door: 'sdk' | 'api',
  path: Path,
  counts: Counts,
  functions: readonly DeployedFunction[],
): SignInUse {
  const per = (name: string) => (counts[name] ?? 0) / signIns;
  const unitsOf = (unit: 'rru' | 'wru', behind: boolean) =>
    sum(counts, `dynamodb:${unit}:function:`, (name) => isBehind(name) === behind) / signIns;
  const mailsBehind = sum(counts, 'ses:SendEmail:function:', isBehind) / signIns;
  const use = (behind: boolean): CountedUse => ({
    readUnits: unitsOf('rru', behind),
    writeUnits: unitsOf('wru', behind),
    invocations: functions
      .filter(({ label }) => behindTheAnswer.has(label) === behind)
      .map(({ label, memoryMb }) => ({ name: label, memoryMb, count: per(`lambda:${label}`) }))
      .filter(({ count }) => count > 0),
    restApiRequests: behind ? 0 : per('apigateway.requests'),
    poolRequests: behind ? 0 : per('cognito-idp:InitiateAuth') + per('cognito-idp:RespondToAuthChallenge'),
    mails: behind ? mailsBehind : per('ses:SendEmail') - mailsBehind,
    // the forwarder copies each event of a sign-in once, for "recent activity"
    auditEvents: behind ? sum(counts, 'dynamodb:PutItem:function:', isForwarder) / signIns : 0,
  });
  return { door, path, inPath: use(false), behind: use(true), tables: tablesOf(counts) };
}

const isForwarder = (functionName: string): boolean => /AuditForwarder/.test(functionName);
const isBehind = (functionName: string): boolean => /AuditForwarder|Notifier/.test(functionName);

const sum = (counts: Counts, prefix: string, wanted: (rest: string) => boolean): number =>
  Object.entries(counts)
    .filter(([name]) => name.startsWith(prefix) && wanted(name.slice(prefix.length)))
    .reduce((total, [, count]) => total + count, 0);

function tablesOf(counts: Counts) {
  const names = ['Risk', 'Consents', 'Profiles', 'Audit'];
  const units = (unit: string, table: string) =>
    sum(counts, `dynamodb:${unit}:`, (rest) => rest.startsWith(`IdentityTables${table}`)) / signIns;
  return names.map((name) => ({ name, read: units('rru', name), write: units('wru', name) }));
}
