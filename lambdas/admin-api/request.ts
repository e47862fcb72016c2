import type { Caller } from '../api/types.ts';
import type { OperatorReason, OperatorRequest } from '../core/administration/operator-event.ts';

/** The operator is the one in the verified token, and nobody that a request names. */
export const operatorOf = (
  { caller, arrivedAt }: { readonly caller: Caller; readonly arrivedAt: number },
  { reason }: { readonly reason: OperatorReason },
): OperatorRequest => ({ operator: caller.sub, client: caller.clientId, reason, now: arrivedAt });
