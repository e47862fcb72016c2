import { describe, expect, it } from 'vitest';
import sample from '../../vestibule.config.ts';
import { ofType, resourcesOf, synthesize } from '../support/synth.ts';

const template = synthesize({
  config: {
    ...sample,
    providers: [
      { kind: 'google', clientId: { dev: 'dev-id', prod: 'prod-id' }, secretName: 'vestibule/google' },
      {
        kind: 'saml',
        name: 'Staff',
        metadata: { url: 'https://idp.example/metadata' },
        identifiers: ['staff.example'],
      },
    ],
    clients: (sample.clients ?? []).map((client) =>
      client.door === 'managed-login' ? { ...client, providers: ['Google', 'Staff'] } : client,
    ),
  },
});
const triggers = () =>
  (ofType(template, 'AWS::Cognito::UserPool')[0]?.[1].Properties.LambdaConfig ?? {}) as Record<
    string,
    unknown
  >;

describe('identity providers', () => {
  it('are made with their secrets as references', () => {
    const [google, staff] = ofType(template, 'AWS::Cognito::UserPoolIdentityProvider').map(
      ([, one]) => one.Properties,
    );
    expect(google).toMatchObject({
      ProviderName: 'Google',
      ProviderType: 'Google',
      ProviderDetails: {
        client_id: 'dev-id',
        client_secret: '{{resolve:secretsmanager:vestibule/google:SecretString:::}}',
        authorize_scopes: 'openid email profile',
      },
      AttributeMapping: { email: 'email', email_verified: 'vestibule_email_verified', name: 'name' },
    });
    expect(staff).toMatchObject({
      ProviderName: 'Staff',
      ProviderType: 'SAML',
      ProviderDetails: { MetadataURL: 'https://idp.example/metadata' },
      IdpIdentifiers: ['staff.example'],
    });
  });

  it('are there before the clients that offer them', () => {
    const providers = ofType(template, 'AWS::Cognito::UserPoolIdentityProvider').map(([id]) => id);
    const offering = ofType(template, 'AWS::Cognito::UserPoolClient').filter(([, { Properties }]) =>
      ((Properties.SupportedIdentityProviders ?? []) as string[]).includes('Google'),
    );
    expect(offering.map(([, { Properties }]) => Properties.ClientName).sort()).toEqual([
      'hearth',
      'portal',
      'shop',
    ]);
    for (const [, { DependsOn }] of offering) expect(DependsOn).toEqual(expect.arrayContaining(providers));
  });

  it('are heard through the registration function, which only the pool may call', () => {
    const { InboundFederation, PreSignUp } = triggers();
    expect(InboundFederation).toEqual({ LambdaArn: PreSignUp, LambdaVersion: 'V1_0' });
    const permissions = ofType(template, 'AWS::Lambda::Permission').filter(([id]) =>
      id.includes('InboundFederation'),
    );
    expect(permissions).toHaveLength(1);
    expect(permissions[0]?.[1].Properties).toMatchObject({ Principal: 'cognito-idp.amazonaws.com' });
  });

  it('leave nothing behind where there are none', () => {
    const plain = synthesize();
    expect(ofType(plain, 'AWS::Cognito::UserPoolIdentityProvider')).toEqual([]);
    expect(JSON.stringify(resourcesOf(plain))).not.toContain('InboundFederation');
  });
});
