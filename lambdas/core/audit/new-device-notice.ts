import type { Mailer } from '../../ports.ts';
import { inBrand } from '../brand.ts';
import type { ServiceConfiguration } from '../configuration.ts';
import type { Sub } from '../ids.ts';
import { renderMail } from '../messages/render.ts';
import type { AuditEvent } from './event.ts';
import type { NoticeLedger } from './notices.ts';

export interface Contact {
  readonly email: string;
  readonly locale?: string;
  /** Under which the account was made. */
  readonly brand?: string;
}

export interface NoticePorts {
  readonly ledger: NoticeLedger;
  /** Where to reach a person; `undefined` once the profile is gone. */
  readonly contactOf: (sub: Sub) => Promise<Contact | undefined>;
  readonly mailer: Mailer;
}

/**
 * Tells the owner that a device signed in which this account had not seen before. Deliveries repeat (EventBridge is
 * at-least-once), mails do not. A failure is thrown, so that the delivery comes again.
 */
export async function noticeNewDevice(
  { ledger, contactOf, mailer }: NoticePorts,
  config: Pick<ServiceConfiguration, 'brand' | 'languages'>,
  event: AuditEvent,
): Promise<'sent' | 'not-needed' | 'already-sent' | 'no-contact'> {
  if (event.type !== 'sign-in.succeeded' || event.data?.newDevice !== true || !('sub' in event.subject)) {
    return 'not-needed';
  }
  const contact = await contactOf(event.subject.sub);
  if (!contact) return 'no-contact';
  if (!(await ledger.claim(event.id))) return 'already-sent';
  const data = { device: event.device ?? '', at: event.at };
  try {
    const mail = renderMail('new-device', contact.locale, data, inBrand(config, contact.brand));
    await mailer.send({ to: contact.email, ...mail });
  } catch (error) {
    await ledger.release(event.id);
    throw error;
  }
  await ledger.settle(event.id);
  return 'sent';
}
