import type { AuditEvent, AuditEventType } from '../audit/event.ts';
import type { Sub } from '../ids.ts';

/** Why an operator acts. Closed, so that events can be counted and hold nobody's words. */
export const operatorReasons = [
  'owner-asked',
  'account-takeover',
  'stolen-session',
  'breached-password',
  'abuse',
  'legal',
  'incident',
  'review',
  'other',
] as const;
export type OperatorReason = (typeof operatorReasons)[number];

/** Who acts, on what grounds, from where. */
export interface OperatorRequest {
  readonly operator: Sub;
  readonly reason: OperatorReason;
  readonly client: string;
  readonly now: number;
}

/** @param target - whom it is about; an act that is about nobody in particular is about the operator */
export const operatorEvent = (
  { operator, reason, client, now }: OperatorRequest,
  id: string,
  type: AuditEventType,
  target: Sub = operator,
  data: AuditEvent['data'] = {},
): AuditEvent => ({
  v: 1,
  id,
  type,
  at: new Date(now).toISOString(),
  subject: { sub: target },
  actor: 'operator',
  outcome: 'success',
  reasons: [],
  door: 'api',
  client,
  data: { operator, reason, ...data },
});
