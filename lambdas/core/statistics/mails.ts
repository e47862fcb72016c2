import type { AuditEvent, AuditEventType } from '../audit/event.ts';

export const mailKinds = [
  'registration-code',
  'address-taken',
  'sign-in-code',
  'sign-in-link',
  'password-reset',
  'address-code',
  'link-code',
  'recovery-code',
  'recovery-notice',
  'new-device',
  'account-notice',
  'sessions-ended',
] as const;
type MailKindCounted = (typeof mailKinds)[number];

/** Events that are told to somebody by mail whenever they happen. */
const always: Readonly<Partial<Record<AuditEventType, MailKindCounted>>> = {
  'registration.address-taken': 'address-taken',
  'recovery.requested': 'recovery-notice',
  'recovery.cancelled': 'recovery-notice',
  'recovery.completed': 'recovery-notice',
  'factor.enrolled': 'account-notice',
  'factor.removed': 'account-notice',
  'recovery-codes.replaced': 'account-notice',
  'password.changed': 'account-notice',
  'link.added': 'account-notice',
  'link.removed': 'account-notice',
  'password.reset-requested': 'password-reset',
  'account.reset-forced': 'password-reset',
  'link.requested': 'link-code',
};

/**
 * The mails that follow an event, as far as the event says it: an estimate for their price. A mail that an address without
 * an account does not get, a notice that was just sent and one that failed are counted all the same.
 */
export function mailsOf(event: AuditEvent): readonly MailKindCounted[] {
  const { type, outcome, reasons, data } = event;
  switch (type) {
    case 'registration.requested':
      return data?.provider === undefined ? ['registration-code'] : [];
    case 'sign-in.code-sent':
      return outcome === 'success' && !reasons.includes('ACCOUNT_UNKNOWN') ? codeMail(data?.method) : [];
    case 'sign-in.succeeded':
      return data?.newDevice === true ? ['new-device'] : [];
    case 'session.ended':
      return data?.notice === true ? ['sessions-ended'] : [];
    case 'recovery.code-requested':
      return outcome === 'success' ? ['recovery-code'] : [];
    case 'address.change-requested':
      return ['address-code', 'account-notice'];
    default:
      return always[type] ? [always[type]] : [];
  }
}

const codeMail = (method: unknown): readonly MailKindCounted[] =>
  method === 'email-code' ? ['sign-in-code'] : method === 'magic-link' ? ['sign-in-link'] : [];
