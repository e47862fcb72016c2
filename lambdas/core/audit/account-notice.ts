import { inBrand } from '../brand.ts';
import type { ServiceConfiguration } from '../configuration.ts';
import { renderMail } from '../messages/render.ts';
import type { AccountChange } from '../messages/texts.ts';
import type { AuditEvent, AuditEventType } from './event.ts';
import type { NoticePorts } from './new-device-notice.ts';

const added = { passkey: 'passkey-added', totp: 'app-added', phone: 'phone-added' } as const;
const removed = {
  passkey: 'passkey-removed',
  totp: 'app-removed',
  phone: 'phone-removed',
  'recovery-codes': 'recovery-codes-removed',
} as const;

const factorOf = ({ data }: AuditEvent): string => String(data?.factor ?? '');
const lookUp = (changes: Readonly<Record<string, AccountChange>>, factor: string) =>
  Object.hasOwn(changes, factor) ? changes[factor] : undefined;

/** Events that their owner hears of, wherever the change came from. `address.changed` goes to the address that was left. */
const changeOf: Readonly<Partial<Record<AuditEventType, (event: AuditEvent) => AccountChange | undefined>>> =
  {
    'factor.enrolled': (event) => lookUp(added, factorOf(event)),
    'factor.removed': (event) => lookUp(removed, factorOf(event)),
    'recovery-codes.replaced': () => 'recovery-codes-replaced',
    'password.changed': () => 'password-changed',
    'address.change-requested': () => 'address-change-requested',
    'link.added': () => 'provider-linked',
    'link.removed': () => 'provider-unlinked',
  };

export const isAccountChange = ({ type }: AuditEvent): boolean => changeOf[type] !== undefined;

/** Tells the owner what was changed, once per event; a failure is thrown, so that the delivery comes again. */
export async function noticeAccountChange(
  { ledger, contactOf, mailer }: NoticePorts,
  config: Pick<ServiceConfiguration, 'brand' | 'languages' | 'portalUrl'>,
  event: AuditEvent,
): Promise<'sent' | 'not-needed' | 'already-sent' | 'no-contact'> {
  const what = changeOf[event.type]?.(event);
  if (!what || event.outcome !== 'success' || !('sub' in event.subject)) return 'not-needed';
  const contact = await contactOf(event.subject.sub);
  if (!contact) return 'no-contact';
  if (!(await ledger.claim(event.id))) return 'already-sent';
  const data = { what, device: event.device ?? '–', at: event.at };
  try {
    const mail = renderMail('account-changed', contact.locale, data, inBrand(config, contact.brand));
    await mailer.send({ to: contact.email, ...mail });
  } catch (error) {
    await ledger.release(event.id);
    throw error;
  }
  await ledger.settle(event.id);
  return 'sent';
}
