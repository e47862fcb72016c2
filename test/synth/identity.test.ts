import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { CustomerIdentity } from '../../lib/index.ts';
import sample from '../../vestibule.config.ts';
import {
  emptyBundles,
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
const clientWith = (secret: boolean) => {
  const found = clients.find((client) => client.GenerateSecret === secret);
  if (!found) throw new Error('client missing');
  return found;
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
        MinimumLength: 12,
        RequireLowercase: false,
        RequireUppercase: false,
        RequireNumbers: false,
        RequireSymbols: false,
        TemporaryPasswordValidityDays: 3,
      },
    });
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
    synthesize({ config: { ...sample, plan } }).hasResourceProperties('AWS::Cognito::UserPool', {
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
      new CustomerIdentity(stack, 'Identity', { config: { ...sample, plan }, bundles: emptyBundles() });
      const found = Annotations.fromStack(stack).findWarning(
        '*',
        Match.stringLikeRegexp('refuse every caller'),
      );
      expect(found).toHaveLength(warnings);
    },
  );

  it('refreshes the old way on Lite, where rotation is not promised', () => {
    synthesize({ config: { ...sample, plan: 'lite' } }).allResourcesProperties(
      'AWS::Cognito::UserPoolClient',
      {
        ExplicitAuthFlows: Match.arrayWith(['ALLOW_REFRESH_TOKEN_AUTH']),
        RefreshTokenRotation: Match.absent(),
        EnableTokenRevocation: true,
      },
    );
  });
});

describe('app clients', () => {
  it('do not tell whether an account exists, rotate refresh tokens, and keep access tokens short', () => {
    dev.allResourcesProperties('AWS::Cognito::UserPoolClient', {
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
      AccessTokenValidity: 10,
      IdTokenValidity: 10,
      RefreshTokenValidity: 30 * 24 * 60,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
      AuthSessionValidity: 15,
    });
  });

  it('allow SRP and custom authentication and nothing that sends a password or a refresh token the old way', () => {
    for (const { ExplicitAuthFlows } of clients) expect(ExplicitAuthFlows).toEqual(['ALLOW_CUSTOM_AUTH']);
  });

  it('name what they may read and write, and may write no authorization data', () => {
    for (const { ReadAttributes, WriteAttributes } of clients) {
      expect(ReadAttributes).toEqual(['email', 'email_verified', 'locale', 'name']);
      expect(WriteAttributes).toEqual(['email', 'locale', 'name']);
    }
  });

  it('web: public, code grant only, exactly the configured URLs', () => {
    expect(clientWith(false)).toMatchObject({
      AllowedOAuthFlows: ['code'],
      CallbackURLs: sample.stages.dev.callbackUrls,
      LogoutURLs: sample.stages.dev.logoutUrls,
      SupportedIdentityProviders: ['COGNITO'],
    });
    expect(JSON.stringify(clientWith(false).AllowedOAuthScopes)).not.toContain(
      'aws.cognito.signin.user.admin',
    );
  });

  it('server: confidential, no OAuth at all', () => {
    expect(clientWith(true)).toMatchObject({ AllowedOAuthFlowsUserPoolClient: false });
    expect(clientWith(true).AllowedOAuthFlows).toBeUndefined();
  });
});

describe('access model', () => {
  it('has a scope for everything that routes ask for', () => {
    dev.hasResourceProperties('AWS::Cognito::UserPoolResourceServer', {
      Identifier: 'vestibule',
      Scopes: ['profile.read', 'profile.write', 'consents.read', 'consents.write', 'activity.read'].map(
        (ScopeName) => Match.objectLike({ ScopeName }),
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

  it('are four, each under the customer managed key', () => {
    expect(secrets).toHaveLength(4);
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
