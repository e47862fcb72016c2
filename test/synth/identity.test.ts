import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { UserPoolPlan } from '../../lib/config/types.ts';
import { CustomerIdentity, type VestibuleConfig } from '../../lib/index.ts';
import sample from '../../vestibule.config.ts';
import {
  emptyBundles,
  emptyPages,
  environmentOf,
  functionNamed,
  ofType,
  type Resource,
  resourcesOf,
  synthesize,
  testApp,
} from '../support/synth.ts';

const dev = synthesize();
const clients = ofType(dev, 'AWS::Cognito::UserPoolClient').map(([, client]) => client.Properties);
/** The client whose id an output gives. */
const named = (output: string) => {
  const { Value } = (dev.toJSON().Outputs as Record<string, { Value: { Ref: string } }>)[output] ?? {};
  const found = Value && resourcesOf(dev)[Value.Ref]?.Properties;
  if (!found) throw new Error(`no client for ${output}`);
  return found;
};
/** The sample on a plan; Lite has no sign-in pages. */
const onPlan = (plan: UserPoolPlan): VestibuleConfig => {
  if (plan !== 'lite') return { ...sample, plan };
  const { clients: _clients, brands: _brands, apis: _apis, stages, ...rest } = sample;
  const { managedLogin: _dev, ...dev } = stages.dev;
  const { managedLogin: _prod, ...prod } = stages.prod;
  return { ...rest, plan, stages: { dev, prod } };
};
const pool = ofType(dev, 'AWS::Cognito::UserPool')[0]?.[1].Properties ?? {};

describe('user pool', () => {
  it('signs in by e-mail, whatever its case, and keeps an address until the new one is proven', () => {
    expect(pool).toMatchObject({
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      AutoVerifiedAttributes: ['email'],
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      UserPoolTier: 'ESSENTIALS',
    });
  });

  it('keeps its unchangeable schema to four attributes and requires no more than the address', () => {
    expect(pool.Schema).toEqual([
      { Name: 'email', Required: true, Mutable: true },
      { Name: 'name', Required: false, Mutable: true },
      { Name: 'locale', Required: false, Mutable: true },
      { Name: 'phone_number', Required: false, Mutable: true },
    ]);
  });

  it('asks for length and for nothing else in a password', () => {
    expect(pool.Policies).toEqual({
      PasswordPolicy: {
        MinimumLength: 15,
        RequireLowercase: false,
        RequireUppercase: false,
        RequireNumbers: false,
        RequireSymbols: false,
        TemporaryPasswordValidityDays: 3,
      },
      SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] },
    });
  });

  it('has no native MFA, which would let a sign-in pass by the rounds', () => {
    expect(pool.MfaConfiguration).toBe('OFF');
    expect(pool.WebAuthnUserVerification).toBe('required');
  });

  it('sends mail through SES as the configured sender', () => {
    expect(pool.EmailConfiguration).toMatchObject({
      EmailSendingAccount: 'DEVELOPER',
      From: 'Linden & Lark <account@mail.lindenlark.example>',
      ReplyToEmailAddress: 'help@lindenlark.example',
    });
  });

  it('quotes a sender name that a mail header cannot hold as it is', () => {
    const config = { ...sample, brand: { name: 'Acme, Inc. "Shop"' } };
    synthesize({ config }).hasResourceProperties('AWS::Cognito::UserPool', {
      EmailConfiguration: { From: '"Acme, Inc. \\"Shop\\"" <account@mail.lindenlark.example>' },
    });
  });

  it('calls three functions, by life-cycle, with both tokens in the hands of sign-in', () => {
    const arn = (name: string) => ({ 'Fn::GetAtt': [functionNamed(dev, name)[0], 'Arn'] });
    expect(pool.LambdaConfig).toEqual({
      PreSignUp: arn('registration'),
      PostConfirmation: arn('registration'),
      CustomMessage: arn('messages'),
      DefineAuthChallenge: arn('sign-in'),
      CreateAuthChallenge: arn('sign-in'),
      VerifyAuthChallengeResponse: arn('sign-in'),
      PostAuthentication: arn('sign-in'),
      PreTokenGenerationConfig: { LambdaArn: arn('sign-in'), LambdaVersion: 'V2_0' },
    });
  });

  it('lets Cognito call them for this pool only', () => {
    const permissions = ofType(dev, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
    const cognito = permissions.filter(({ Principal }) => Principal === 'cognito-idp.amazonaws.com');
    expect(cognito).toHaveLength(8);
    for (const { SourceArn } of cognito) expect(SourceArn).toEqual({ 'Fn::GetAtt': [poolId(), 'Arn'] });
  });

  it('is named by none of its triggers, neither in environment nor in role', () => {
    const forbidden = [poolId(), ...ofType(dev, 'AWS::Cognito::UserPoolClient').map(([id]) => id)];
    for (const name of ['registration', 'sign-in', 'messages']) {
      const [, fn] = functionNamed(dev, name);
      const role = (fn.Properties.Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0] ?? '';
      const policies = ofType(dev, 'AWS::IAM::Policy').filter(([, policy]) =>
        JSON.stringify(policy.Properties.Roles).includes(role),
      );
      const text = JSON.stringify([environmentOf(fn), policies]);
      for (const id of forbidden) expect(text).not.toContain(id);
    }
  });
});

const poolId = (): string => ofType(dev, 'AWS::Cognito::UserPool')[0]?.[0] ?? '';

describe('plans', () => {
  it.each([
    ['lite', 'LITE', 'V1_0'],
    ['plus', 'PLUS', 'V2_0'],
  ] as const)('%s pool has tier %s and token trigger %s', (plan, UserPoolTier, LambdaVersion) => {
    synthesize({ config: onPlan(plan) }).hasResourceProperties('AWS::Cognito::UserPool', {
      UserPoolTier,
      LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion } },
    });
  });

  it.each([
    ['lite', 1],
    ['essentials', 0],
  ] as const)(
    '%s gives %d warnings at the synth, where the Identity API would not work',
    (plan, warnings) => {
      const stack = new Stack(testApp(), 'Shop');
      new CustomerIdentity(stack, 'Identity', {
        config: onPlan(plan),
        bundles: emptyBundles(),
        pages: emptyPages(),
      });
      const found = Annotations.fromStack(stack).findWarning(
        '*',
        Match.stringLikeRegexp('refuse every caller'),
      );
      expect(found).toHaveLength(warnings);
    },
  );

  it('refreshes the old way on Lite, where rotation is not promised', () => {
    synthesize({ config: onPlan('lite') }).allResourcesProperties('AWS::Cognito::UserPoolClient', {
      ExplicitAuthFlows: Match.arrayWith(['ALLOW_REFRESH_TOKEN_AUTH']),
      RefreshTokenRotation: Match.absent(),
      EnableTokenRevocation: true,
    });
  });
});

describe('app clients', () => {
  it('of people do not tell whether an account exists, rotate refresh tokens, and keep access tokens short', () => {
    for (const name of ['Web', 'Server', 'Shop']) {
      expect(named(`${name}ClientId`)).toMatchObject({
        PreventUserExistenceErrors: 'ENABLED',
        EnableTokenRevocation: true,
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
        AccessTokenValidity: 10,
        IdTokenValidity: 10,
        RefreshTokenValidity: 30 * 24 * 60,
        TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
        AuthSessionValidity: 15,
      });
    }
  });

  it('name what they may read and write, and may write no authorization data', () => {
    for (const { ReadAttributes, WriteAttributes } of clients) {
      expect(ReadAttributes).toEqual(['email', 'email_verified', 'locale', 'name']);
      expect(WriteAttributes).toEqual(['email', 'locale', 'name']);
    }
  });

  it('web and server: challenge rounds only, no OAuth at all', () => {
    for (const client of [named('WebClientId'), named('ServerClientId')]) {
      expect(client).toMatchObject({
        ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'],
        AllowedOAuthFlowsUserPoolClient: false,
      });
      expect(client.AllowedOAuthFlows).toBeUndefined();
      expect(client.CallbackURLs).toBeUndefined();
    }
    expect(named('WebClientId').GenerateSecret).toBe(false);
    expect(named('ServerClientId').GenerateSecret).toBe(true);
  });
});

describe('clients of the configuration', () => {
  it('managed login: public, code grant only, exactly the configured URLs and scopes', () => {
    const shop = named('ShopClientId');
    const [config] = sample.clients ?? [];
    if (config?.door !== 'managed-login') throw new Error('the sample begins with another client');
    expect(shop).toMatchObject({
      GenerateSecret: false,
      ExplicitAuthFlows: ['ALLOW_USER_AUTH'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      CallbackURLs: config.callbackUrls.dev,
      LogoutURLs: config.logoutUrls?.dev,
      SupportedIdentityProviders: ['COGNITO'],
    });
    expect(JSON.stringify(shop.AllowedOAuthScopes)).not.toContain('aws.cognito.signin.user.admin');
  });

  it('machine: a secret in Secrets Manager, its own scopes, and no way to sign a person in', () => {
    const reports = named('ReportsClientId');
    expect(reports).toMatchObject({
      GenerateSecret: true,
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      AllowedOAuthFlows: ['client_credentials'],
    });
    expect(reports.CallbackURLs).toBeUndefined();
    expect(reports.SupportedIdentityProviders).toBeUndefined();
    const server = ofType(dev, 'AWS::Cognito::UserPoolResourceServer').find(
      ([, { Properties }]) => Properties.Identifier === 'orders',
    );
    expect(reports.AllowedOAuthScopes).toEqual([{ 'Fn::Join': ['', [{ Ref: server?.[0] }, '/read']] }]);
    dev.hasResourceProperties('AWS::SecretsManager::Secret', {
      Description: 'Client secret of the client reports',
    });
  });

  it('alone may use the pages: no other client has USER_AUTH or OAuth', () => {
    for (const name of ['Web', 'Server', 'Reports']) {
      expect(named(`${name}ClientId`).ExplicitAuthFlows).not.toContain('ALLOW_USER_AUTH');
      expect(named(`${name}ClientId`).AllowedOAuthFlows ?? []).not.toContain('code');
    }
  });

  it('keep their logical ids, which are their client ids', () => {
    const ids = ofType(dev, 'AWS::Cognito::UserPoolClient').map(([id]) => id);
    expect(ids).toEqual([
      'IdentityDirectoryUserPoolWeb7A09F808',
      'IdentityDirectoryUserPoolServer0DC23811',
      'IdentityDirectoryUserPoolClientshopFE8377BB',
      'IdentityDirectoryUserPoolClientreports55006B90',
      'IdentityDirectoryUserPoolClienthearth2C1396F7',
    ]);
  });

  it('may use the Identity API where a person signs in and asks for its scopes, and nowhere else', () => {
    const callbackUrls = { dev: ['http://localhost:3000/back'], prod: ['https://forum.example/back'] };
    const template = synthesize({
      config: {
        ...sample,
        clients: [
          ...(sample.clients ?? []),
          { name: 'mobile', door: 'sdk' },
          { name: 'forum', door: 'managed-login', callbackUrls },
        ],
      },
    });
    const { CLIENT_IDS } = environmentOf(functionNamed(template, 'authorizer')[1]);
    const outputs = template.toJSON().Outputs as Record<string, { Value: unknown }>;
    const ids = (names: readonly string[]) => names.map((name) => outputs[`${name}ClientId`]?.Value);
    const parts = (CLIENT_IDS as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
    expect(parts.filter((part) => part !== ',')).toEqual(ids(['Web', 'Server', 'Shop', 'Hearth', 'Mobile']));
  });

  it('are told apart by an SSM parameter that triggers read by its name', () => {
    const values = ofType(dev, 'AWS::SSM::Parameter')
      .filter(([, { Properties }]) => Properties.Name === '/vestibule/vestibule-dev/clients')
      .map(([, { Properties }]) => Properties.Value as { 'Fn::Join': [string, unknown[]] });
    const parts = values.flatMap((value) => value['Fn::Join'][1]);
    const text = parts.map((part) => (typeof part === 'string' ? part : 'id')).join('');
    expect(text).toBe(
      '{"id":{"name":"web","door":"sdk"},"id":{"name":"server","door":"api"},"id":{"name":"shop","door":"managed-login"},"id":{"name":"reports","door":"machine"},"id":{"name":"hearth","door":"managed-login"}}',
    );
  });
});

describe('sign-in pages', () => {
  it('have a prefix domain in version 2 and a style for each client that uses them', () => {
    dev.hasResourceProperties('AWS::Cognito::UserPoolDomain', {
      Domain: 'lindenlark-dev',
      ManagedLoginVersion: 2,
      CustomDomainConfig: Match.absent(),
    });
    dev.resourceCountIs('AWS::Cognito::ManagedLoginBranding', 2);
    const styles = ofType(dev, 'AWS::Cognito::ManagedLoginBranding').map(([, { Properties }]) => Properties);
    expect(styles.map((style) => style.UseCognitoProvidedValues)).toEqual([undefined, undefined]);
  });

  it('have a custom domain with its certificate in us-east-1 where one is configured', () => {
    const prod = synthesize({ stage: 'prod' });
    prod.hasResourceProperties('AWS::Cognito::UserPoolDomain', {
      Domain: 'login.lindenlark.example',
      CustomDomainConfig: {
        CertificateArn: Match.stringLikeRegexp('^arn:aws:acm:us-east-1:'),
        SecurityPolicy: 'TLS_V1_2_2021',
      },
    });
    prod.hasResourceProperties('AWS::Cognito::UserPool', { WebAuthnRelyingPartyID: 'lindenlark.example' });
    const { ManagedLoginUrl } = prod.toJSON().Outputs as Record<string, { Value: unknown }>;
    expect(JSON.stringify(ManagedLoginUrl?.Value)).toContain('https://');
  });

  it('keep the logical id of their domain, which is what passkeys are bound to', () => {
    expect(ofType(dev, 'AWS::Cognito::UserPoolDomain').map(([id]) => id)).toEqual([
      'IdentityManagedLoginDomainDBB0C4DB',
    ]);
  });

  it('are not there without being configured', () => {
    const template = synthesize({ config: onPlan('lite') });
    template.resourceCountIs('AWS::Cognito::UserPoolDomain', 0);
    template.hasResourceProperties('AWS::Cognito::UserPool', { Policies: { SignInPolicy: Match.absent() } });
  });
});

describe('access model', () => {
  it('has a scope for everything that routes ask for', () => {
    dev.hasResourceProperties('AWS::Cognito::UserPoolResourceServer', {
      Identifier: 'vestibule',
      Scopes: Match.arrayWith(
        ['profile.read', 'profile.write', 'consents.read', 'consents.write', 'activity.read'].map(
          (ScopeName) => Match.objectLike({ ScopeName }),
        ),
      ),
    });
  });

  it('has a group per tier, the best first, and the operators', () => {
    const groups = ofType(dev, 'AWS::Cognito::UserPoolGroup').map(([, { Properties }]) => Properties);
    const order = [...groups]
      .sort((a, b) => Number(a.Precedence) - Number(b.Precedence))
      .map((group) => group.GroupName);
    expect(order).toEqual(['operators', 'tier-gold', 'tier-plus', 'tier-standard']);
  });
});

describe('secrets', () => {
  const secrets = Object.entries(resourcesOf(dev)).filter(
    ([, { Type }]) => Type === 'AWS::SecretsManager::Secret',
  );
  const keyId = (resource: Resource) => JSON.stringify(resource.Properties.KmsKeyId);

  it('are six, each under the customer managed key', () => {
    expect(secrets).toHaveLength(6); // one of them of the machine client, one of the portal's distribution
    for (const [, secret] of secrets) expect(keyId(secret)).toContain('KeysData');
  });

  it('rotate the signing key, and nothing that lasts, every 30 days without doing so at deployment', () => {
    dev.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      SecretId: { Ref: Match.stringLikeRegexp('SecretsSigning') },
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
      RotateImmediatelyOnUpdate: false,
    });
    dev.resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
  });

  it('take the server secret from its client, so that it is in no environment', () => {
    const server = secrets.find(([, { Properties }]) => 'SecretString' in Properties)?.[1];
    expect(JSON.stringify(server?.Properties.SecretString)).toContain('"ClientSecret"');
    for (const [, fn] of ofType(dev, 'AWS::Lambda::Function')) {
      expect(JSON.stringify(environmentOf(fn))).not.toContain('ClientSecret"');
    }
  });
});
