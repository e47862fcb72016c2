import type * as v from 'valibot';
import type { Call, Engine } from './engine.ts';
import { readInput } from './schema.ts';

/** `public`: anyone; `token`: whoever holds the access token in it; `iam`: a caller with the permission. */
export type Access = 'public' | 'token' | 'iam';

export interface Operation {
  readonly name: string;
  readonly access: Access;
  /** What is missing of AWS's behaviour; absent when nothing known is. */
  readonly missing?: string;
  run(engine: Engine, body: Buffer, call: Call): Promise<object>;
}

interface Definition<S extends v.GenericSchema> {
  readonly access: Access;
  readonly missing?: string;
  readonly input: S;
  handle(engine: Engine, input: v.InferOutput<S>, call: Call): Promise<object> | object;
}

/** One API operation: who may call it, what it takes, and what it does. */
export function operation<S extends v.GenericSchema>(name: string, definition: Definition<S>): Operation {
  const { access, missing, input, handle } = definition;
  return {
    name,
    access,
    ...(missing ? { missing } : {}),
    run: async (engine, body, call) => handle(engine, readInput(input, body), call),
  };
}
