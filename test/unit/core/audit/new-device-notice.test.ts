import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../../lambdas/core/audit/event.ts';
import { noticeNewDevice } from '../../../../lambdas/core/audit/new-device-notice.ts';
import type { Mail } from '../../../../lambdas/ports.ts';
import { anEvent } from '../../../support/audit.ts';

const config = { brand: { name: 'Harbour' }, languages: ['en', 'de'] };
const newDevice = (changes: Partial<AuditEvent> = {}) =>
  anEvent({ device: 'Firefox on Windows', data: { newDevice: true }, ...changes });

function somePorts(locale?: string) {
  const claims = new Set<string>();
  const sent: Mail[] = [];
  const fault = { mails: 0 };
  const ports = {
    ledger: {
      claim: async (id: string) => !claims.has(id) && Boolean(claims.add(id)),
      settle: async () => {},
      release: async (id: string) => void claims.delete(id),
    },
    contactOf: async () => ({ email: 'ada@example.com', locale }),
    mailer: {
      send: async (mail: Mail) => {
        if (fault.mails-- > 0) throw new Error('SES is down');
        sent.push(mail);
      },
    },
  };
  return { ports, sent, fault };
}

describe('noticeNewDevice', () => {
  it('sends one mail per event, however often it is delivered', async () => {
    const { ports, sent } = somePorts();
    const event = newDevice();
    expect(await noticeNewDevice(ports, config, event)).toBe('sent');
    expect(await noticeNewDevice(ports, config, event)).toBe('already-sent');
    expect(sent).toEqual([expect.objectContaining({ to: 'ada@example.com', kind: 'new-device' })]);
    expect(sent[0]?.text).toContain('Firefox on Windows');
  });

  it('writes in the language of the profile', async () => {
    const { ports, sent } = somePorts('de');
    await noticeNewDevice(ports, config, newDevice());
    expect(sent[0]?.subject).toContain('Neues Gerät');
  });

  it('lets the next delivery try when the mail could not be sent', async () => {
    const { ports, sent, fault } = somePorts();
    const event = newDevice();
    fault.mails = 1;
    await expect(noticeNewDevice(ports, config, event)).rejects.toThrow('SES is down');
    expect(await noticeNewDevice(ports, config, event)).toBe('sent');
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['a known device', newDevice({ data: { newDevice: false } })],
    ['a refused sign-in', newDevice({ type: 'sign-in.refused', outcome: 'refused' })],
  ])('sends nothing for %s', async (_, event) => {
    const { ports, sent } = somePorts();
    expect(await noticeNewDevice(ports, config, event)).toBe('not-needed');
    expect(sent).toEqual([]);
  });

  it('sends nothing to a person whose profile is gone', async () => {
    const { ports } = somePorts();
    const gone = { ...ports, contactOf: async () => undefined };
    expect(await noticeNewDevice(gone, config, newDevice())).toBe('no-contact');
  });
});
