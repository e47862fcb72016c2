import type { AuditEvent, AuditEventType } from '../audit/event.ts';
import type { FlowId, Sub } from '../ids.ts';

/** An event as the person it is about sees it. */
export type Activity = Pick<
  AuditEvent,
  'id' | 'type' | 'at' | 'actor' | 'outcome' | 'door' | 'device' | 'network'
> & {
  readonly reasons: string[];
  readonly data: Record<string, string | number | boolean | string[]>;
};

/** Routine that would bury what matters: an app refreshes every few minutes. It stays in the archive. */
const routine: ReadonlySet<AuditEventType> = new Set(['session.refreshed']);
/** How a score is made up helps whoever tries things out with a stolen session; the reasons say what counted. Which
 * operator acted is the archive's to know. */
const operatorFacts: ReadonlySet<string> = new Set([
  'score',
  'weights',
  'policyVersion',
  'enforcedOutcome',
  'operator',
]);

/** What the person may see of one event; `undefined` for routine and for an event that is not about them. */
export const activityOf = (event: AuditEvent, sub: Sub): Activity | undefined =>
  routine.has(event.type) ? undefined : toldEvent(event, sub);

/** The same with routine; `undefined` for an event that is not about the person. */
export function toldEvent(event: AuditEvent, sub: Sub): Activity | undefined {
  if (!('sub' in event.subject) || event.subject.sub !== sub) return undefined;
  return told(event);
}

function told(event: AuditEvent): Activity {
  const { id, type, at, actor, outcome, door, device, network } = event;
  return {
    id,
    type,
    at,
    actor,
    outcome,
    reasons: [...event.reasons],
    ...(door && { door }),
    ...(device && { device }),
    ...(network && { network }),
    data: visibleData(event.data ?? {}),
  };
}

/** What an operator sees: the flow as well, the score, and which operator acted. */
export type OperatorActivity = Activity & { readonly flow?: FlowId };

export function operatorActivityOf(event: AuditEvent, sub: Sub): OperatorActivity | undefined {
  const activity = activityOf(event, sub);
  return activity && ofOperator(activity, event);
}

/** What was tried with an address, before anybody was known to be behind it: wrong passwords, locks. */
export const attemptOf = (event: AuditEvent): OperatorActivity => ofOperator(told(event), event);

function ofOperator(activity: Activity, { flow, data = {} }: AuditEvent): OperatorActivity {
  return { ...activity, ...(flow && { flow }), data: mutable(Object.entries(data)) };
}

const mutable = (
  entries: readonly (readonly [string, NonNullable<AuditEvent['data']>[string]])[],
): Activity['data'] =>
  Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]));

const visibleData = (data: NonNullable<AuditEvent['data']>): Activity['data'] =>
  mutable(Object.entries(data).filter(([name]) => !operatorFacts.has(name)));
