import { describe, expect, it } from 'vitest';
import { portalConfiguration } from '../../../../lib/portal/portal-configuration.ts';
import sample from '../../../../vestibule.config.ts';

describe('configuration of the portal', () => {
  it('says what a page needs before anybody has signed in', () => {
    expect(portalConfiguration(sample, 'dev')).toMatchObject({
      version: 1,
      languages: sample.languages,
      methods: ['password', 'passkey', 'totp', 'sms-code', 'recovery-code', 'email-code', 'magic-link'],
      passwordless: ['passkey', 'magic-link'],
      providers: [],
      sms: true,
      passwordMinLength: 15,
    });
  });

  it('names the brand of the installation first', () => {
    expect(portalConfiguration(sample, 'dev').brands[0]).toMatchObject({
      name: sample.brand.name,
      supportUrl: sample.brand.supportUrl,
      tokens: { light: expect.any(Object), dark: expect.any(Object) },
    });
  });

  it('offers no texts in a stage that sends none', () => {
    const { sms, methods } = portalConfiguration(sample, 'prod');
    expect([sms, methods.includes('sms-code')]).toEqual([false, false]);
  });

  it('leaves out what the policy bans, also where it stands for the password', () => {
    const strict = { ...sample, authentication: { profile: 'nist-aal2' } } as const;
    const { methods, passwordless } = portalConfiguration(strict, 'dev');
    expect([methods, passwordless]).toEqual([['password', 'passkey', 'totp', 'recovery-code'], ['passkey']]);
  });

  it('names providers as people know them', () => {
    const providers = [
      { kind: 'google', clientId: 'id', secretName: 'google' },
      { kind: 'saml', name: 'Acme', metadata: { url: 'https://acme.example/saml' } },
    ] as const;
    expect(portalConfiguration({ ...sample, providers }, 'dev').providers).toEqual([
      { name: 'Google', label: 'Google', kind: 'google' },
      { name: 'Acme', label: 'Acme', kind: 'saml' },
    ]);
  });

  it('holds nothing of accounts, secrets and addresses of the operator', () => {
    const text = JSON.stringify(portalConfiguration(sample, 'prod'));
    for (const word of ['arn:', 'secret', '123456789012', sample.mail.from]) expect(text).not.toContain(word);
  });
});
