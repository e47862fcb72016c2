import { createHash } from 'node:crypto';
import type { Caller } from './platform.ts';

/** Key of the person at the keyboard: everything is allowed. Any secret will do, as signatures are not verified. */
export const operatorKeyId = 'LOCALOPERATOR';

export interface AccessKeys {
  /** The key of a function's role, the same at every start. */
  issue(functionName: string, roleArn: string): string;
  find(keyId: string): Caller | undefined;
}

export function createAccessKeys(): AccessKeys {
  const callers = new Map<string, Caller>([[operatorKeyId, { kind: 'operator' }]]);
  return {
    issue: (functionName, roleArn) => {
      const digest = createHash('sha256').update(`${functionName}\0${roleArn}`).digest('hex');
      const keyId = `ASIA${digest.slice(0, 16).toUpperCase()}`; // ASIA: temporary credentials, as Lambda gives
      callers.set(keyId, { kind: 'role', roleArn, functionName });
      return keyId;
    },
    find: (keyId) => callers.get(keyId),
  };
}
