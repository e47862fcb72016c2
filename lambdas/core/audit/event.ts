import type { FlowId, Pseudonym, Sub } from '../ids.ts';

/** Closed list: a new kind of event is a new entry here, with its version raised when the shape of `data` changes. */
export const auditEventTypes = [
  'registration.requested',
  'registration.refused',
  'registration.address-taken',
  'registration.confirmed',
  'registration.expired',
  'sign-in.challenged',
  'sign-in.succeeded',
  'sign-in.refused',
  'sign-in.code-sent',
  'sign-in.code-rejected',
  'session.refreshed',
  'sign-in.locked',
  'session.begun',
  'session.ended',
  'session.named',
  'session.stepped-up',
  'session.refresh-reused',
  'device.named',
  'device.forgotten',
  'factor.enrolled',
  'factor.removed',
  'factor.renamed',
  'factor.refused',
  'recovery-codes.replaced',
  'address.change-requested',
  'address.changed',
  'recovery.code-requested',
  'recovery.requested',
  'recovery.cancelled',
  'recovery.completed',
  'recovery.refused',
  'message.sent',
  'message.refused',
  'account.locked',
  'account.unlocked',
  'account.reset-forced',
  'account.looked-up',
  'cohort.previewed',
  'cohort.started',
  'cohort.finished',
  'cohort.looked-up',
  'link.requested',
  'link.added',
  'link.removed',
  'link.refused',
  'migration.imported',
  'migration.completed',
  'migration.refused',
  'password.reset-requested',
  'password.reset',
  'password.changed',
  'password.reset-refused',
  'profile.created',
  'profile.changed',
  'profile.read',
  'prompt.answered',
  'prompt.skipped',
  'consent.granted',
  'consent.withdrawn',
  'privacy.exported',
  'erasure.requested',
  'erasure.completed',
] as const;

export type AuditEventType = (typeof auditEventTypes)[number];

/**
 * One audit record, version 1. It holds no raw personal data: people are `sub` or a pseudonym, networks are
 * pseudonyms, devices are a coarse label such as `Firefox on Windows`, and changed fields are named, not quoted.
 */
export interface AuditEvent {
  readonly v: 1;
  /** ULID; the id by which at-least-once deliveries are deduplicated. */
  readonly id: string;
  readonly type: AuditEventType;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** Whom it is about. An attempt against an address without account is about that address's pseudonym. */
  readonly subject: { readonly sub: Sub } | { readonly pseudonym: Pseudonym };
  readonly actor: 'self' | 'operator' | 'system';
  readonly outcome: 'success' | 'refused' | 'failure';
  /** Stable reason codes, for example the signals of a decision. */
  readonly reasons: readonly string[];
  readonly flow?: FlowId;
  readonly door?: 'api' | 'sdk' | 'managed-login';
  readonly client?: string;
  readonly network?: Pseudonym;
  readonly device?: string;
  /** Facts by event type: names, counts, versions, codes. Never values a person typed. */
  readonly data?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}
