import { derivedEventId } from '../adapters/event-ids.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import type { Flow, FlowStart } from '../core/challenge/flow.ts';
import type { FlowId } from '../core/ids.ts';
import type { Person } from './person.ts';

type EventPart = Pick<AuditEvent, 'type' | 'outcome' | 'reasons'> & Partial<AuditEvent>;

/**
 * An event of a flow. Its id is made from flow, type and `part`, so that a repeated trigger makes the same one.
 * @param at - epoch milliseconds of now
 */
export const flowEvent = (
  person: Person,
  flow: Pick<Flow, 'id' | 'createdAt' | 'record' | 'label'> & Partial<Pick<Flow, 'door'>>,
  at: number,
  event: EventPart,
  part: number | string = 0,
): AuditEvent => {
  const { request } = flow.record.context;
  return {
    v: 1,
    id: derivedEventId(flow.createdAt, flow.id, event.type, part),
    at: new Date(at).toISOString(),
    subject: person.subject,
    actor: 'self',
    flow: flow.id as FlowId,
    ...(flow.door && { door: flow.door }),
    client: person.client,
    ...(request.context === 'known' && { network: request.network }),
    ...(flow.label && { device: flow.label }),
    ...event,
  };
};

/** Times within which a repeated trigger makes the same event. */
export const repetitionMs = 60_000;

/** A password of an administrator's was replaced by one that only its owner knows; Cognito did it a moment ago. */
export function passwordSetEvent(person: Person, now: number): AuditEvent {
  const about = Math.floor(now / repetitionMs) * repetitionMs;
  return {
    v: 1,
    id: derivedEventId(about, person.account, 'password.changed'),
    type: 'password.changed',
    at: new Date(now).toISOString(),
    subject: person.subject,
    actor: 'self',
    outcome: 'success',
    reasons: ['SET_BY_ADMINISTRATOR'],
    client: person.client,
  };
}

/** What a decision says to the archive; `undefined` for "allow", whose event comes with the finished sign-in. */
export function decisionEvent(person: Person, start: FlowStart, at: number): AuditEvent | undefined {
  const { decision } = start.record;
  if (decision.outcome === 'allow' || start.state === 'proven') return undefined;
  const data = {
    score: decision.score,
    policyVersion: decision.policyVersion,
    ...(decision.methods.length > 0 && { methods: decision.methods }),
    ...(start.context && { context: start.context }),
    ...(start.stepUp && { stepUp: true }),
  };
  const reasons = decision.reasons.map(({ code }) => code);
  return decision.outcome === 'challenge'
    ? flowEvent(person, start, at, { type: 'sign-in.challenged', outcome: 'success', reasons, data })
    : flowEvent(person, start, at, { ...refusal, reasons: [...reasons, ...noMethod(start)], data });
}

const refusal = { type: 'sign-in.refused', outcome: 'refused' } as const;

/** The score alone may not say why: a challenge was due and there was nothing to answer it with. */
const noMethod = ({ record: { context } }: FlowStart): readonly string[] =>
  context.available.length === 0 ? ['NO_METHOD_LEFT'] : [];
