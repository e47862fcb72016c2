import type { Outputs } from '../../scripts/journey/outputs.ts';
import type { Child } from '../child.ts';
import type { Counts } from '../cloud/main.ts';
import { settledCounts, type Use, usePerRun } from '../counts.ts';
import type { DeployedFunction } from '../functions.ts';
import { type MethodCase, methodCases } from './cases.ts';

export interface MethodUse extends Use {
  readonly name: string;
}

/**
 * Each method a few times in sequence. All people are settled before, so that only what is meant is counted; what one
 * person repeats was done once, because the first time in a session leaves marks that later ones find.
 */
export async function countMethods(
  cloud: Child,
  outputs: Outputs,
  functions: readonly DeployedFunction[],
  runs: number,
): Promise<readonly MethodUse[]> {
  const ready: { readonly method: MethodCase; readonly actions: readonly (() => Promise<void>)[] }[] = [];
  for (const method of methodCases) ready.push({ method, actions: await actionsOf(method, outputs, runs) });
  const uses: MethodUse[] = [];
  await settledCounts(cloud);
  for (const { method, actions } of ready) {
    await cloud.ask<Counts>('reset');
    for (const act of actions) await act();
    const { inPath, behind } = usePerRun(await settledCounts(cloud), runs, functions);
    uses.push({ name: method.name, inPath: { ...inPath, scrypts: method.scrypts ?? 0 }, behind });
  }
  return uses;
}

async function actionsOf({ prepare, isRepeatable }: MethodCase, outputs: Outputs, runs: number) {
  const actions = [await prepare(outputs)];
  if (isRepeatable) await actions[0]?.();
  const next = async () => (isRepeatable ? actions[0] : undefined) ?? prepare(outputs);
  while (actions.length < runs) actions.push(await next());
  return actions;
}
