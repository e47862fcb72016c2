import { type AuditEvent, type AuditEventType, auditEventTypes } from './event.ts';

const knownTypes: ReadonlySet<string> = new Set(auditEventTypes);
const ulidShape = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const outcomes: ReadonlySet<unknown> = new Set(['success', 'refused', 'failure']);
const actors: ReadonlySet<unknown> = new Set(['self', 'operator', 'system']);

/**
 * Reads one outbox row's event. The writers are ours, so this checks what the archive promises (version, id, type,
 * time, subject) and lets no other shape in; what it refuses goes to the dead-letter queue and never blocks a shard.
 * @returns the event, or why it is none; the reason quotes no value
 */
export function readEvent(text: string): { readonly event: AuditEvent } | { readonly refused: string } {
  let value: Partial<AuditEvent> | null;
  try {
    value = JSON.parse(text) as Partial<AuditEvent> | null;
  } catch {
    return { refused: 'event: not JSON' };
  }
  if (typeof value !== 'object' || value === null) return { refused: 'event: not an object' };
  const refused = firstProblem(value);
  return refused ? { refused } : { event: value as AuditEvent };
}

function firstProblem(value: Partial<AuditEvent>): string | undefined {
  if (value.v !== 1) return 'v: expected 1';
  if (typeof value.id !== 'string' || !ulidShape.test(value.id)) return 'id: expected a ULID';
  if (!knownTypes.has(value.type as AuditEventType)) return 'type: not in the list of event types';
  if (typeof value.at !== 'string' || Number.isNaN(Date.parse(value.at)))
    return 'at: expected an RFC 3339 time';
  if (!outcomes.has(value.outcome)) return 'outcome: expected success, refused or failure';
  if (!actors.has(value.actor)) return 'actor: expected self, operator or system';
  if (!Array.isArray(value.reasons)) return 'reasons: expected a list';
  return hasSubject(value) ? undefined : 'subject: expected a sub or a pseudonym';
}

function hasSubject({ subject }: Partial<AuditEvent>): boolean {
  if (typeof subject !== 'object' || subject === null) return false;
  const id = 'sub' in subject ? subject.sub : subject.pseudonym;
  return typeof id === 'string' && id.length > 0;
}
