import type { Sub } from '../ids.ts';
import type { Method } from '../risk/decision.ts';
import type { Flow } from './flow.ts';

/**
 * What a finished step-up proved, for the session that it was opened for. Read the flow consistently and ask this: Define
 * has failed the sign-in by then, as a step-up never ends in tokens.
 * @returns `undefined` for a flow that is unfinished, of another person, client or session, or no step-up at all
 */
export function stepUpProof(
  flow: Flow | undefined,
  { sub, client, session }: { readonly sub: Sub; readonly client: string; readonly session: string },
): readonly Method[] | undefined {
  const isOurs = flow?.account === (sub as string) && flow.client === client && flow.stepUp === session;
  return isOurs && flow.state === 'proven' && flow.proven.length > 0 ? flow.proven : undefined;
}
