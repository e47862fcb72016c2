import type { AuditEvent } from '../audit/event.ts';
import type { Flow, FlowState } from '../challenge/flow.ts';
import { defaultWeights } from '../risk/decide.ts';
import type { Decision, Reason, RiskPolicy } from '../risk/decision.ts';

/** Why a sign-in was let through, challenged or refused. */
export interface DecisionExplanation {
  /** ISO 8601: when it was decided, or told. */
  readonly at: string;
  /**
   * `record`: everything the decision was made from. `events`: the record is gone (it is kept for half an hour and some);
   * values and weights are lost, and only the codes are left.
   */
  readonly source: 'record' | 'events';
  readonly outcome: Decision['outcome'];
  /** What `enforce` would have done; of a record. */
  readonly enforcedOutcome?: Decision['outcome'];
  readonly score?: number;
  readonly policyVersion?: number;
  /** Thresholds in force; of a record. */
  readonly policy?: {
    readonly mode: RiskPolicy['mode'];
    readonly challengeAt: number;
    readonly denyAt: number;
  };
  readonly signals: readonly (Pick<Reason, 'code'> & Partial<Reason>)[];
  /** Challenge methods that were acceptable, best first. */
  readonly methods: readonly string[];
  /** What became of it besides the decision: `NO_METHOD_LEFT`, `CHALLENGE_FAILED`, … */
  readonly reasons: readonly string[];
  /** How far the sign-in came; of a record. */
  readonly state?: Exclude<FlowState, 'bound'>;
  /** What was proven by then; of a record or a success. */
  readonly proven?: readonly string[];
  readonly door?: AuditEvent['door'];
  readonly client?: string;
  readonly device?: string;
  readonly network?: string;
}

/** From the stored record, word for word: nothing is decided again. */
export function explainRecord(flow: Flow, events: readonly AuditEvent[]): DecisionExplanation {
  const { record, createdAt, state, proven, door, client, label } = flow;
  const { decision, context, policy } = record;
  const [, mode, challengeAt, denyAt] = policy;
  return {
    at: new Date(createdAt).toISOString(),
    source: 'record',
    outcome: decision.outcome,
    enforcedOutcome: decision.enforcedOutcome,
    score: decision.score,
    policyVersion: decision.policyVersion,
    policy: { mode, challengeAt, denyAt },
    signals: decision.reasons,
    methods: decision.methods,
    reasons: otherReasons(events),
    ...(state !== 'bound' && { state }),
    proven,
    door,
    client,
    ...(label && { device: label }),
    ...(context.request.context === 'known' && { network: context.request.network }),
  };
}

const telling = ['sign-in.challenged', 'sign-in.refused', 'sign-in.locked', 'sign-in.succeeded'] as const;

/** @returns `undefined` when no event tells of a decision */
export function explainEvents(events: readonly AuditEvent[]): DecisionExplanation | undefined {
  // The decision itself first, then what only follows from it.
  const found = telling.map((type) => events.find((event) => event.type === type));
  const event = found.find((each) => each !== undefined);
  if (!event) return undefined;
  const { at, type, data = {}, door, client, device, network } = event;
  const outcome =
    type === 'sign-in.challenged' ? 'challenge' : type === 'sign-in.succeeded' ? 'allow' : 'deny';
  return {
    at,
    source: 'events',
    outcome,
    ...(typeof data.score === 'number' && { score: data.score }),
    ...(typeof data.policyVersion === 'number' && { policyVersion: data.policyVersion }),
    signals: event.reasons.filter(isSignal).map((code) => ({ code })),
    methods: type === 'sign-in.challenged' && Array.isArray(data.methods) ? data.methods : [],
    reasons: otherReasons(events),
    ...(found[3] && Array.isArray(found[3].data?.methods) && { proven: found[3].data.methods }),
    ...(door && { door }),
    ...(client && { client }),
    ...(device && { device }),
    ...(network && { network }),
  };
}

const isSignal = (code: string): code is Reason['code'] => Object.hasOwn(defaultWeights, code);

const otherReasons = (events: readonly AuditEvent[]): readonly string[] => [
  ...new Set(events.flatMap(({ reasons }) => reasons.filter((code) => !isSignal(code)))),
];
