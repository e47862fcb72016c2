import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CloudOutputs } from '../../local/outputs.ts';

/** What the local cloud writes to `outputs.json`. */
export type Outputs = CloudOutputs;

/** Outputs of a local cloud that answers now; `undefined` when none runs on this directory. */
export async function runningCloud(directory = '.vestibule'): Promise<Outputs | undefined> {
  try {
    const outputs = JSON.parse(await readFile(join(directory, 'outputs.json'), 'utf8')) as Outputs;
    const answer = await fetch(outputs.endpoints.openapi, { signal: AbortSignal.timeout(3_000) });
    return answer.ok ? outputs : undefined;
  } catch {
    return undefined; // no file, or nobody listens any more
  }
}
