import { describe, expect, it } from 'vitest';
import { type AuthenticationConfig, compileAuthentication } from '../../../../lib/config/authentication.ts';
import { authenticationProblems } from '../../../../lib/config/authentication-rules.ts';
import { defineConfig } from '../../../../lib/config/define-config.ts';
import sample from '../../../../vestibule.config.ts';

const problems = (authentication: AuthenticationConfig) =>
  authenticationProblems({ authentication, clients: [] }).map(({ path, message }) => `${path}: ${message}`);

describe('the authentication section', () => {
  it('is optional, and every default is filled in', () => {
    expect(compileAuthentication()).toEqual({
      base: {
        profile: 'default',
        methods: {},
        passwordless: ['passkey', 'magic-link'],
        bands: {},
        level2: ['passkey', 'totp', 'sms-code', 'recovery-code'],
      },
      clients: {},
      groups: { operators: { require: 'phishing-resistant' } },
    });
    expect(authenticationProblems({})).toEqual([]);
  });

  it('gives a client what it says itself, and the rest from above', () => {
    const { clients } = compileAuthentication({
      profile: 'nist-aal2',
      passwordless: ['passkey'],
      clients: { web: { profile: 'default' } },
    });
    expect(clients.web).toMatchObject({ profile: 'default', passwordless: ['passkey'] });
  });

  it.each([
    [{ clients: { kiosk: {} } }, 'authentication.clients.kiosk: not a client; known: web, server'],
    [
      { profile: 'nist-aal2', methods: { 'email-code': 'required' } },
      'authentication.methods.email-code: the profile nist-aal2 does not take it',
    ],
    [
      { profile: 'nist-aal2', passwordless: ['magic-link'] },
      'authentication.passwordless[0]: "magic-link" is banned',
    ],
    [
      { bands: { low: ['email-code'] } },
      'authentication.bands.low: needs a method that people with a second factor have',
    ],
    [
      { methods: { password: 'banned' }, passwordless: [] },
      'authentication.methods: leaves no way to sign in',
    ],
  ] as [AuthenticationConfig, string][])('%o is refused by its path', (authentication, problem) =>
    expect(problems(authentication).map((line) => line.replaceAll('["', '.').replaceAll('"]', ''))).toContain(
      problem,
    ),
  );

  it('refuses what is no method', () =>
    expect(() =>
      defineConfig({
        ...sample,
        authentication: { methods: { telepathy: 'required' } } as AuthenticationConfig,
      }),
    ).toThrow(/authentication/));
});
