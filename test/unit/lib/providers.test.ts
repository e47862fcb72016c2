import { describe, expect, it } from 'vitest';
import { defineConfig } from '../../../lib/config/define-config.ts';
import { ConfigError } from '../../../lib/config/problems.ts';
import { attributeMapping, type ProviderConfig, providerRule } from '../../../lib/config/providers.ts';
import sample from '../../../vestibule.config.ts';

const google = { kind: 'google', clientId: 'id', secretName: 'vestibule/google' } as const;
const oidc = {
  kind: 'oidc',
  name: 'Acme',
  clientId: 'id',
  secretName: 's',
  issuer: 'https://acme.example',
} as const;
const saml = { kind: 'saml', name: 'Staff', metadata: { url: 'https://idp.example/metadata' } } as const;

const problemsOf = (providers: readonly object[]): readonly string[] => {
  try {
    defineConfig({ ...sample, providers: providers as readonly ProviderConfig[] });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
};

describe('providers of the configuration', () => {
  it('takes one of each kind', () => {
    const apple = {
      kind: 'apple',
      clientId: 'id',
      secretName: 's',
      teamId: 'ABCDE12345',
      keyId: 'ABCDE12345',
    };
    const others = [{ ...google, kind: 'facebook' }, { ...google, kind: 'amazon' }, oidc, saml];
    expect(problemsOf([google, apple, ...others])).toEqual([]);
  });

  it.each([
    {
      what: 'a secret in place of its name',
      provider: { ...google, secretName: 'no spaces here' },
      at: 'providers[0].secretName',
    },
    {
      what: 'a secret itself',
      provider: { ...google, clientSecret: 'hunter2' },
      at: 'providers[0].clientSecret: unknown setting',
    },
    { what: 'a name with an underscore', provider: { ...oidc, name: 'Acme_2' }, at: 'providers[0].name' },
    {
      what: "Cognito's own name",
      provider: { ...oidc, name: 'Google' },
      at: 'providers[0].name: "Google" is a name that Cognito keeps',
    },
    {
      what: 'an issuer without TLS',
      provider: { ...oidc, issuer: 'http://acme.example' },
      at: 'providers[0].issuer',
    },
    {
      what: 'trust in Facebook',
      provider: { ...google, kind: 'facebook', trustsEmail: true },
      at: 'providers[0].trustsEmail: unknown setting',
    },
    {
      what: 'trust in SAML without a name for it',
      provider: { ...saml, trustsEmail: true },
      at: 'providers[0].attributes.email_verified: a trusted provider needs a name for this',
    },
  ])('refuses $what, by path', ({ provider, at }) => {
    expect(problemsOf([provider])).toEqual([expect.stringContaining(at)]);
  });

  it('refuses two names that user names could not tell apart', () => {
    expect(problemsOf([oidc, { ...oidc, name: 'ACME' }])).toEqual(['providers[1]: "ACME" is listed twice']);
  });
});

describe('what is believed of a provider', () => {
  it.each([
    { provider: google, trusted: true },
    { provider: oidc, trusted: false },
    { provider: { ...oidc, trustsEmail: true }, trusted: true },
    { provider: { ...google, kind: 'facebook' as const }, trusted: false },
    { provider: saml, trusted: false },
  ])('$provider.kind, trusted with addresses: $trusted', ({ provider, trusted }) => {
    const rule = providerRule(provider);
    expect(rule.trustsEmail).toBe(trusted);
    expect(rule.verifiedClaim !== undefined).toBe(trusted);
  });

  it('never maps the word of a provider to a verified address', () => {
    for (const provider of [google, oidc, saml, { ...oidc, attributes: { email_verified: 'verified' } }]) {
      expect(attributeMapping(provider).email_verified).toBe('vestibule_email_verified');
    }
  });
});
