import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the local cloud writes to `outputs.json`: every endpoint and id of the running stack. */
export interface Outputs {
  readonly region: string;
  readonly userPoolId: string;
  readonly clients: { readonly web: { readonly id: string }; readonly server: { readonly id: string } };
  readonly endpoints: {
    readonly identityApi: string;
    readonly cognitoIdp: string;
    readonly issuer: string;
    readonly openapi: string;
    readonly mailbox: string;
    readonly console: string;
    /** One endpoint for all AWS services. */
    readonly aws: string;
  };
  /** Allowed everything in the local cloud, and nothing anywhere else. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly audit: { readonly directory: string };
  /** Outputs of the stack itself, by their name in the template. */
  readonly stack: Readonly<Record<string, string>>;
}

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
