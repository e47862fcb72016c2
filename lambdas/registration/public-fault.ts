import { CiamError } from '../core/errors.ts';
import { LinkRequired } from '../core/linking/admit-federated.ts';

/**
 * Cognito shows the text of a trigger's error to the person who signs up, so it is a stable code and nothing else.
 * What really happened goes to the log, without texts that could quote an address.
 */
export function publicFault(error: unknown): never {
  // The one thing beside a code that may be shown: it is for the person at the provider's sign-in.
  if (error instanceof LinkRequired) throw new Error(`${error.code} ${error.linkCode}`);
  if (error instanceof CiamError) throw new Error(error.code);
  const name = error instanceof Error ? error.name : 'Unknown';
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  console.error(
    JSON.stringify({
      level: 'error',
      event: 'trigger-failed',
      name,
      frames: frames.slice(0, 5).map((frame) => frame.trim()),
    }),
  );
  throw new Error('UNAVAILABLE');
}
