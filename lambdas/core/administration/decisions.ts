import { CiamError } from '../errors.ts';
import type { FlowId, Sub } from '../ids.ts';
import { type DecisionExplanation, explainEvents, explainRecord } from './decision-explanation.ts';
import type { DecisionTraces } from './ports.ts';

/**
 * Of a sign-in of this very person; another's is as unknown as none.
 * @throws CiamError `DECISION_UNKNOWN`
 */
export async function explainDecision(
  traces: DecisionTraces,
  sub: Sub,
  flow: FlowId,
): Promise<DecisionExplanation> {
  const [record, events] = await Promise.all([traces.record(flow), traces.events(sub, flow)]);
  const isTheirs = (record?.account as string | undefined) === sub;
  const explained = record && isTheirs ? explainRecord(record, events) : explainEvents(events);
  if (explained) return explained;
  throw unknownDecision();
}

export const unknownDecision = () =>
  new CiamError(
    'DECISION_UNKNOWN',
    'Nothing is known about this sign-in any more, or it is not one of this person.',
  );
