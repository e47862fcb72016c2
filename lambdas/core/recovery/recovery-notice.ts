import type { Mailer, Pseudonyms, SmsSender } from '../../ports.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Contact } from '../audit/new-device-notice.ts';
import type { NoticeLedger } from '../audit/notices.ts';
import { inBrand } from '../brand.ts';
import type { ServiceConfiguration } from '../configuration.ts';
import type { PhoneFactor } from '../factor/factor.ts';
import type { Sub } from '../ids.ts';
import { type RenderedMail, renderMail } from '../messages/render.ts';
import { cancelLink, cancelToken } from './cancel-link.ts';
import { recoveryText } from './recovery-text.ts';

export interface OwnerNoticePorts {
  readonly ledger: NoticeLedger;
  readonly contactOf: (sub: Sub) => Promise<Contact | undefined>;
  readonly mailer: Mailer;
  readonly pseudonyms: Pseudonyms;
  /** The enrolled phone, if there is one. */
  readonly phoneOf: (sub: Sub) => Promise<Pick<PhoneFactor, 'number' | 'country'> | undefined>;
  readonly sms: Pick<SmsSender, 'send'>;
  /** Told of a text that could not be sent: the mail has left, and must not leave again for it. */
  readonly textFailed: (error: unknown) => void;
}

type NoticeConfiguration = Pick<ServiceConfiguration, 'brand' | 'languages' | 'portalUrl'>;
export type NoticeResult = 'sent' | 'not-needed' | 'already-sent' | 'no-contact';

/**
 * Tells the owner what was done with the account: a recovery at each step, sessions that an operator ended. The link
 * that stops a recovery is made here from the event, which holds nothing secret. A failure is thrown, so that the
 * delivery comes again; a mail that was handed over is not sent twice.
 */
export async function noticeOwner(
  ports: OwnerNoticePorts,
  configuration: NoticeConfiguration,
  event: AuditEvent,
): Promise<NoticeResult> {
  const write = isNotice(event) ? writers[event.type] : undefined;
  if (!write || !('sub' in event.subject)) return 'not-needed';
  const contact = await ports.contactOf(event.subject.sub);
  if (!contact) return 'no-contact';
  if (!(await ports.ledger.claim(event.id))) return 'already-sent';
  const config = inBrand(configuration, contact.brand);
  try {
    const mail = await write({ ...ports, config, sub: event.subject.sub, locale: contact.locale }, event);
    await ports.mailer.send({ to: contact.email, ...mail });
    await sendText(ports, config, event, contact).catch(ports.textFailed);
  } catch (error) {
    await ports.ledger.release(event.id);
    throw error;
  }
  await ports.ledger.settle(event.id);
  return 'sent';
}

/**
 * The request alone: by the completion the phone is gone from the account. Behind the mail, which is what has to arrive;
 * the toll-fraud brake may refuse a text.
 */
async function sendText(
  { phoneOf, sms, pseudonyms }: OwnerNoticePorts,
  config: NoticeConfiguration,
  { type, subject, data }: AuditEvent,
  { locale }: Contact,
): Promise<void> {
  if (type !== 'recovery.requested' || !('sub' in subject)) return;
  const phone = await phoneOf(subject.sub);
  if (!phone) return;
  const token = await cancelToken(pseudonyms, { sub: subject.sub, id: String(data?.recovery) });
  const text = recoveryText(locale, config.languages)(config.brand.name, cancelLink(config.portalUrl, token));
  await sms.send({ to: phone.number, country: phone.country, text, kind: 'notice', sub: subject.sub });
}

/** Ended sessions are told once per person and cohort: the event that is to be told says so. */
const isNotice = ({ type, data }: AuditEvent): boolean => type !== 'session.ended' || data?.notice === true;

interface Writing extends Pick<OwnerNoticePorts, 'pseudonyms'> {
  readonly config: NoticeConfiguration;
  readonly sub: Sub;
  readonly locale?: string;
}

type Writer = (writing: Writing, event: AuditEvent) => Promise<RenderedMail>;

const writers: Partial<Record<AuditEvent['type'], Writer>> = {
  'recovery.requested': async ({ config, sub, locale, pseudonyms }, { data }) => {
    const { recovery, readyAt } = data ?? {};
    if (typeof recovery !== 'string' || typeof readyAt !== 'string')
      throw new Error('recovery event: no recovery');
    const link = cancelLink(config.portalUrl, await cancelToken(pseudonyms, { sub, id: recovery }));
    return renderMail('recovery-requested', locale, { readyAt, link }, config);
  },
  'recovery.cancelled': async ({ config, locale }) => renderMail('recovery-cancelled', locale, {}, config),
  'recovery.completed': async ({ config, locale }, { at }) =>
    renderMail('recovery-completed', locale, { at }, config),
  'session.ended': async ({ config, locale }, { at }) => renderMail('sessions-ended', locale, { at }, config),
};
