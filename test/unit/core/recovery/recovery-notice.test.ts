import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../../lambdas/core/audit/event.ts';
import type { Sub } from '../../../../lambdas/core/ids.ts';
import { cancelToken } from '../../../../lambdas/core/recovery/cancel-link.ts';
import { noticeOwner, type OwnerNoticePorts } from '../../../../lambdas/core/recovery/recovery-notice.ts';
import type { Mail, SmsMessage } from '../../../../lambdas/ports.ts';
import { anEvent } from '../../../support/audit.ts';
import { aConfiguration, plainPseudonyms } from '../../../support/registration.ts';

const sub = '6f1c2d3e-0000-4000-8000-000000000001' as Sub;
const config = aConfiguration();
const data = { recovery: 'first', readyAt: '2026-11-25T12:00:00.000Z' };
const request = () => anEvent({ type: 'recovery.requested', subject: { sub }, data });

let mails: Mail[];
let texts: SmsMessage[];
let failed: unknown[];
let ports: OwnerNoticePorts;
beforeEach(() => {
  [mails, texts, failed] = [[], [], []];
  const claimed = new Set<string>();
  ports = {
    ledger: {
      claim: async (id) => !claimed.has(id) && claimed.add(id) !== undefined,
      settle: async () => {},
      release: async (id) => void claimed.delete(id),
    },
    contactOf: async () => ({ email: 'ada@example.com', locale: 'de' }),
    mailer: { send: async (mail) => void mails.push(mail) },
    pseudonyms: plainPseudonyms,
    phoneOf: async () => ({ number: '+4915123456789', country: 'DE' }),
    sms: {
      send: async (text) => {
        texts.push(text);
        return 'sent';
      },
    },
    textFailed: (error) => void failed.push(error),
  };
});

describe('the notice of a recovery', () => {
  it('goes to mailbox and phone once, with the link that stops it behind a #', async () => {
    const event = request();
    expect([await noticeOwner(ports, config, event), await noticeOwner(ports, config, event)]).toEqual([
      'sent',
      'already-sent',
    ]);
    const link = `${config.portalUrl}/recovery/cancel#${await cancelToken(plainPseudonyms, { sub, id: 'first' })}`;
    expect(mails.map(({ text }) => text.includes(link))).toEqual([true]);
    expect(texts).toMatchObject([{ to: '+4915123456789', country: 'DE', kind: 'notice', sub }]);
    expect(texts[0]?.text).toContain(link);
    expect(texts[0]?.text).toContain('Stoppen');
  });

  it('is not sent twice because of a text that fails, and again because of a mail that fails', async () => {
    ports = { ...ports, sms: { send: () => Promise.reject(new Error('down')) } };
    expect(await noticeOwner(ports, config, request())).toBe('sent');
    expect(failed).toHaveLength(1);
    const broken = { ...ports, mailer: { send: () => Promise.reject(new Error('down')) } };
    const event = request();
    await expect(noticeOwner(broken, config, event)).rejects.toThrow('down');
    expect(await noticeOwner(ports, config, event)).toBe('sent');
  });

  it.each<Pick<AuditEvent, 'type' | 'data'> & { readonly result: string }>([
    { type: 'recovery.cancelled' as const, data: {}, result: 'sent' },
    { type: 'recovery.completed' as const, data: {}, result: 'sent' },
    { type: 'session.ended' as const, data: { notice: true }, result: 'sent' },
    { type: 'session.ended' as const, data: { notice: false }, result: 'not-needed' },
    { type: 'session.ended' as const, data: {}, result: 'not-needed' },
    { type: 'profile.changed' as const, data: {}, result: 'not-needed' },
  ])('for $type $data is $result, without a text', async ({ type, data: facts, result }) => {
    expect(await noticeOwner(ports, config, anEvent({ type, subject: { sub }, data: facts }))).toBe(result);
    expect([mails.length, texts.length]).toEqual([result === 'sent' ? 1 : 0, 0]);
  });
});
