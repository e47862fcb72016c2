import type { AuditEvent, AuditEventType } from '../audit/event.ts';
import type { Identifier } from '../identifier.ts';
import type { Pseudonym } from '../ids.ts';

/** Who asks, as far as our API could see it; nothing here was typed by the caller. */
export interface Requester {
  readonly network: Pseudonym;
  readonly address: Pseudonym;
  readonly device: Pseudonym;
  /** Coarse label, for example `Firefox on Windows`. */
  readonly label: string;
  /** Id of the brand that the page says it shows; not yet looked up. */
  readonly brand?: string;
  /** Language that the page says it is shown in (BCP 47); not yet looked up. */
  readonly language?: string;
}

/** One person at one address, asking for one thing. */
export interface Request {
  readonly identifier: Identifier;
  /** Pseudonym of the identifier. */
  readonly pseudonym: Pseudonym;
  readonly requester: Requester;
}

/** An event about an address: there is no account yet, or nobody may learn whether there is. */
export function addressEvent(
  { pseudonym, requester }: Pick<Request, 'pseudonym' | 'requester'>,
  facts: {
    id: string;
    now: number;
    type: AuditEventType;
    outcome: AuditEvent['outcome'];
    reasons?: readonly string[];
    data?: AuditEvent['data'];
  },
): AuditEvent {
  return {
    v: 1,
    id: facts.id,
    type: facts.type,
    at: new Date(facts.now).toISOString(),
    subject: { pseudonym },
    actor: 'self',
    outcome: facts.outcome,
    reasons: facts.reasons ?? [],
    door: 'api',
    network: requester.network,
    device: requester.label,
    ...(facts.data && { data: facts.data }),
  };
}
