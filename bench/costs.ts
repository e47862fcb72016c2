import type { Child } from './child.ts';
import type { Counts } from './cloud/main.ts';
import { settledCounts, sumOf, type Use, usePerRun } from './counts.ts';
import type { DeployedFunction } from './functions.ts';
import type { LoadCommand } from './load/main.ts';

export type Path = 'known device' | 'new device, code';

export interface SignInUse extends Use {
  readonly door: 'sdk' | 'api';
  readonly path: Path;
  /** By logical table name: `Risk`, `Audit`, … */
  readonly tables: readonly { readonly name: string; readonly read: number; readonly write: number }[];
}

const signIns = 20;

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
      await settledCounts(cloud);
      await cloud.ask<Counts>('reset');
      // the context is part of what a sign-in over the SDK door costs
      if (door === 'sdk') await load.ask({ kind: 'mint', contexts: signIns, known } satisfies LoadCommand);
      await load.ask({ kind: 'count', door, count: signIns, known } satisfies LoadCommand);
      const counts = await settledCounts(cloud);
      uses.push({ door, path, ...usePerRun(counts, signIns, functions), tables: tablesOf(counts) });
    }
  }
  return uses;
}

function tablesOf(counts: Counts) {
  const names = ['Risk', 'Consents', 'Profiles', 'Audit'];
  const units = (unit: string, table: string) =>
    sumOf(counts, `dynamodb:${unit}:`, (rest) => rest.startsWith(`IdentityTables${table}`)) / signIns;
  return names.map((name) => ({ name, read: units('rru', name), write: units('wru', name) }));
}
