import { describe, expect, it } from 'vitest';
import { isAccountChange, noticeAccountChange } from '../../../../lambdas/core/audit/account-notice.ts';
import type { AuditEvent } from '../../../../lambdas/core/audit/event.ts';
import type { Mail } from '../../../../lambdas/ports.ts';
import { aSub } from '../../../support/account.ts';
import { anEvent } from '../../../support/audit.ts';

const config = {
  brand: { name: 'Harbour' },
  languages: ['en', 'de'],
  portalUrl: 'https://account.harbour.example',
};

function world() {
  const mails: Mail[] = [];
  const claimed = new Set<string>();
  const settled = new Set<string>();
  const state = { isMailDown: false, hasContact: true };
  const ports = {
    ledger: {
      claim: async (id: string) => !claimed.has(id) && Boolean(claimed.add(id)),
      settle: async (id: string) => void settled.add(id),
      release: async (id: string) => void claimed.delete(id),
    },
    contactOf: async () => (state.hasContact ? { email: 'ada@example.com', locale: 'de' } : undefined),
    mailer: {
      send: async (mail: Mail) => {
        if (state.isMailDown) throw new Error('SES is down');
        mails.push(mail);
      },
    },
  };
  return { ports, mails, state, tell: (event: AuditEvent) => noticeAccountChange(ports, config, event) };
}

const change = (type: AuditEvent['type'], data: AuditEvent['data'] = {}, more: Partial<AuditEvent> = {}) =>
  anEvent({
    type,
    data,
    outcome: 'success',
    subject: { sub: aSub() },
    device: 'Firefox on Windows',
    ...more,
  });

describe('the mail about a change', () => {
  it.each([
    ['factor.enrolled', { factor: 'passkey' }, 'Passkey hinzugefügt'],
    ['factor.enrolled', { factor: 'totp' }, 'Authenticator-App hinzugefügt'],
    ['factor.enrolled', { factor: 'phone' }, 'Telefonnummer hinzugefügt'],
    ['factor.removed', { factor: 'passkey' }, 'Passkey entfernt'],
    ['factor.removed', { factor: 'totp' }, 'Authenticator-App entfernt'],
    ['factor.removed', { factor: 'phone' }, 'Telefonnummer entfernt'],
    ['factor.removed', { factor: 'recovery-codes' }, 'Wiederherstellungscodes entfernt'],
    ['recovery-codes.replaced', {}, 'Neue Wiederherstellungscodes'],
    ['password.changed', {}, 'Passwort geändert'],
    ['address.change-requested', {}, 'Änderung Ihrer Adresse angefordert'],
  ] as const)('says what %s %j was, in the language of its owner', async (type, data, subject) => {
    const { tell, mails } = world();
    expect(await tell(change(type, data))).toBe('sent');
    expect(mails).toMatchObject([{ to: 'ada@example.com', subject: `${subject} bei Harbour` }]);
    expect(mails[0]?.text).toContain('Firefox on Windows');
  });

  it('is sent once per event, and again after a failure', async () => {
    const { tell, mails, state } = world();
    const event = change('password.changed');
    state.isMailDown = true;
    await expect(tell(event)).rejects.toThrow('SES is down');
    state.isMailDown = false;
    expect([await tell(event), await tell(event)]).toEqual(['sent', 'already-sent']);
    expect(mails).toHaveLength(1);
  });

  it('is not sent about anything else, a refusal, an unknown factor or somebody without address', async () => {
    const { tell, state } = world();
    expect(await tell(change('profile.changed'))).toBe('not-needed');
    expect(await tell(change('password.changed', {}, { outcome: 'refused' }))).toBe('not-needed');
    expect(await tell(change('factor.enrolled', { factor: 'constructor' }))).toBe('not-needed');
    state.hasContact = false;
    expect(await tell(change('password.changed'))).toBe('no-contact');
    expect(isAccountChange(change('address.changed'))).toBe(false); // told to the address that was left, at once
  });
});
