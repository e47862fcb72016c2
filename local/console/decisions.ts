import type { AuditEventView } from './audit-events.ts';

export type Outcome = 'allow' | 'challenge' | 'deny';

/** One decision about a sign-in, as the console explains it. */
export interface DecisionView {
  readonly id: string;
  /** RFC 3339 */
  readonly at: string;
  readonly outcome: Outcome;
  readonly score?: number;
  readonly reasons: readonly ReasonView[];
  /** Scores from which a sign-in is challenged and denied. */
  readonly thresholds?: { readonly challengeAt: number; readonly denyAt: number };
  /** In monitor mode: what would have happened otherwise. */
  readonly wouldHave?: Outcome;
  /** Where the sign-in stands now. */
  readonly state?: string;
  readonly subject: string;
  readonly door?: string;
  readonly device?: string;
  readonly flow?: string;
}

export interface ReasonView {
  readonly code: string;
  readonly value?: string | number;
  readonly weight?: number;
}

/** An item as streams and scans give it; only what the console reads. */
export type Image = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>;

/** The decision that a sign-in flow keeps with everything it was made from. */
export function decisionIn(image: Image): DecisionView | undefined {
  const record = parsed(image.record?.S) as StoredRecord | undefined;
  if (record?.decision === undefined || record.context === undefined) return undefined;
  const { decision, context, policy } = record;
  const flow = image.subject?.S?.replace(/^FLOW#/, '') ?? '';
  const [, , challengeAt, denyAt] = policy ?? [];
  return {
    id: flow,
    flow,
    at: new Date(context.now).toISOString(),
    outcome: decision.outcome,
    score: decision.score,
    reasons: decision.reasons,
    subject: image.account?.S ?? '',
    ...(typeof challengeAt === 'number' &&
      typeof denyAt === 'number' && { thresholds: { challengeAt, denyAt } }),
    ...(decision.enforcedOutcome !== decision.outcome && { wouldHave: decision.enforcedOutcome }),
    ...(image.state?.S && { state: image.state.S }),
    ...(image.door?.S && { door: image.door.S }),
    ...(image.label?.S && { device: image.label.S }),
  };
}

interface StoredRecord {
  readonly context?: { readonly now: number };
  readonly policy?: readonly unknown[];
  readonly decision?: {
    readonly outcome: Outcome;
    readonly enforcedOutcome: Outcome;
    readonly score: number;
    readonly reasons: readonly ReasonView[];
  };
}

const outcomes: Readonly<Record<string, Outcome>> = {
  'sign-in.challenged': 'challenge',
  'sign-in.succeeded': 'allow',
  'sign-in.refused': 'deny',
};

/** What an event tells of a decision whose flow is gone: codes without their weights. */
export function decisionOf(event: AuditEventView): DecisionView | undefined {
  const outcome = outcomes[event.type];
  if (outcome === undefined || (event.data.score === undefined && event.reasons.length === 0))
    return undefined;
  const { id, at, subject, door, device, flow, data } = event;
  const score = typeof data.score === 'number' ? { score: data.score } : {};
  return {
    id,
    at,
    outcome,
    subject,
    door,
    device,
    flow,
    reasons: event.reasons.map((code) => ({ code })),
    ...score,
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // not a record of ours
  }
}
