import type { AuditOutbox, Random } from '../../ports.ts';
import type { AuditEventType } from '../audit/event.ts';
import { CiamError } from '../errors.ts';
import type { Sub } from '../ids.ts';
import { type OperatorRequest, operatorEvent } from './operator-event.ts';

export interface ActPorts {
  readonly outbox: AuditOutbox;
  readonly random: Pick<Random, 'ulid'>;
}

/** What was meant, and about whom or what. */
export type MeantAct = { readonly act: AuditEventType } & (
  | { readonly sub: Sub }
  | { readonly cohort: string }
);

/**
 * An act that comes to nothing, or only half-way, is told as well, beside whatever it has written: as a look with the
 * `act` that was meant and the code of what stopped it, so that nobody takes it for the act. One about an account that is
 * not there is about the operator.
 */
export async function toldAct<T>(
  { outbox, random }: ActPorts,
  request: OperatorRequest,
  meant: MeantAct,
  perform: () => Promise<T>,
): Promise<T> {
  try {
    return await perform();
  } catch (error) {
    const code = error instanceof CiamError ? error.code : 'INTERNAL';
    const event = {
      ...eventOf(request, random.ulid(request.now), meant, code),
      outcome: code === 'INTERNAL' || code === 'UNAVAILABLE' ? ('failure' as const) : ('refused' as const),
      reasons: [code],
    };
    await outbox.put(event).catch((untold: unknown) => {
      if (untold instanceof Error) untold.cause ??= error; // the log shows both
      throw untold;
    });
    throw error;
  }
}

function eventOf(request: OperatorRequest, id: string, { act, ...target }: MeantAct, code: string) {
  if ('cohort' in target)
    return operatorEvent(request, id, 'cohort.looked-up', undefined, { act, ...target });
  const about = code === 'ACCOUNT_UNKNOWN' ? undefined : target.sub;
  return operatorEvent(request, id, 'account.looked-up', about, { act });
}
