import { createHash } from 'node:crypto';
import {
  AdminGetUserCommand,
  CreateIdentityProviderCommand,
  CreateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ada,
  openHostileProvider,
  openOidcProvider,
  type TestProvider,
} from '../../support/oidc-provider.ts';
import { Visitor } from '../../support/visitor.ts';
import { aClient, aPool } from './builders.ts';
import { startCognito, type TestCognito } from './harness.ts';

const callback = 'https://shop.example/signed-in';
const domain = 'federation-test';
const verifier = 'a-code-verifier-of-at-least-forty-three-characters';
let cognito: TestCognito;
let poolId: string;
let clientId: string;
let baseUrl: string;
let genuine: TestProvider;
let hostile: Awaited<ReturnType<typeof openHostileProvider>>;

beforeAll(async () => {
  cognito = await startCognito();
  const lambda = (name: string) =>
    cognito.trigger(name, (event) => ({
      ...event,
      response: event.triggerSource.startsWith('TokenGeneration')
        ? { claimsAndScopeOverrideDetails: null }
        : event.response,
    }));
  ({ poolId } = await aPool(cognito, {
    LambdaConfig: {
      PreSignUp: lambda('pre-sign-up'),
      PostConfirmation: lambda('post-confirmation'),
      PreAuthentication: lambda('pre-authentication'),
      PostAuthentication: lambda('post-authentication'),
      PreTokenGenerationConfig: { LambdaArn: lambda('tokens'), LambdaVersion: 'V2_0' },
      CustomMessage: lambda('custom-message'),
      InboundFederation: { LambdaArn: lambda('inbound'), LambdaVersion: 'V1_0' },
    } as never,
  }));
  await cognito.client.send(new CreateUserPoolDomainCommand({ UserPoolId: poolId, Domain: domain }));
  baseUrl = `http://localhost:${new URL(cognito.url).port}/_domains/${domain}`;
  genuine = await openOidcProvider(`${baseUrl}/oauth2/idpresponse`);
  hostile = await openHostileProvider();
  for (const [name, provider] of [
    ['Acme', genuine],
    ['Hostile', hostile],
  ] as const) {
    await cognito.client.send(
      new CreateIdentityProviderCommand({
        UserPoolId: poolId,
        ProviderName: name,
        ProviderType: 'OIDC',
        ProviderDetails: {
          client_id: provider.clientId,
          client_secret: provider.clientSecret,
          oidc_issuer: provider.issuer,
          authorize_scopes: 'openid email profile',
          attributes_request_method: 'GET',
        },
        AttributeMapping: { email: 'email', email_verified: 'email_verified', name: 'name' },
      }),
    );
  }
  ({ clientId } = await aClient(cognito, poolId, {
    SupportedIdentityProviders: ['COGNITO', 'Acme', 'Hostile'],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'profile'],
    CallbackURLs: [callback],
  }));
});
afterAll(async () => {
  await Promise.all([genuine?.close(), hostile?.close(), cognito?.close()]);
});

const authorizeUrl = (provider: string): string =>
  `${baseUrl}/oauth2/authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: callback,
    scope: 'openid email profile',
    state: 'the-app-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    identity_provider: provider,
  })}`;

/** From the app through the provider and back to the app. */
async function signIn(provider: string, visitor = new Visitor()): Promise<URLSearchParams> {
  const end = await visitor.follow(authorizeUrl(provider), callback);
  if (!(end instanceof URL)) throw new Error(`ended with ${end.status}: ${await end.text()}`);
  return end.searchParams;
}

async function tokensFor(code: string): Promise<{ id_token: string; access_token: string }> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: callback,
    code_verifier: verifier,
    code,
  });
  const response = await fetch(`${baseUrl}/oauth2/token`, { method: 'POST', body });
  return response.json() as never;
}

const sourcesSince = (from: number): string[] =>
  cognito.events.slice(from).map(({ event }) => event.triggerSource);

describe('an OIDC provider', () => {
  it('signs a person in for the first time, with its triggers in order', async () => {
    const answer = await signIn('Acme');
    expect(answer.get('error_description')).toBeNull();
    expect(answer.get('state')).toBe('the-app-state');
    const claims = decodeJwt((await tokensFor(answer.get('code') ?? '')).id_token);
    expect(claims).toMatchObject({
      'cognito:username': 'acme_ada-1815',
      'cognito:groups': [`${poolId}_Acme`],
      email: 'ada@harbour.example',
      email_verified: true,
      name: 'Ada Lovelace',
      identities: [{ providerName: 'Acme', providerType: 'OIDC', userId: 'Ada-1815', primary: 'true' }],
    });
    expect(sourcesSince(0)).toEqual([
      'InboundFederation_ExternalProvider',
      'PreSignUp_ExternalProvider',
      'PostConfirmation_ConfirmSignUp',
      'TokenGeneration_HostedAuth',
    ]);
    const confirmed = cognito.events.find(({ event }) => event.triggerSource.startsWith('PostConfirmation'));
    expect(confirmed?.event.request.userAttributes).toMatchObject({
      'cognito:user_status': 'EXTERNAL_PROVIDER',
      identities: expect.stringContaining('"userId":"Ada-1815"'),
    });
  });

  it('signs the same person in later, with the attributes as they are now', async () => {
    const from = cognito.events.length;
    genuine.person = { ...ada, claims: { ...ada.claims, name: 'Countess of Lovelace' } };
    const { id_token } = await tokensFor((await signIn('Acme')).get('code') ?? '');
    expect(decodeJwt(id_token).name).toBe('Countess of Lovelace');
    expect(sourcesSince(from)).toEqual([
      'InboundFederation_ExternalProvider',
      'PreAuthentication_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_HostedAuth',
    ]);
    const user = await cognito.client.send(
      new AdminGetUserCommand({ UserPoolId: poolId, Username: 'Acme_Ada-1815' }),
    );
    expect(user.UserStatus).toBe('EXTERNAL_PROVIDER');
    // Unlike a local user's, the sub is no name for an administrator's call.
    const sub = user.UserAttributes?.find(({ Name }) => Name === 'sub')?.Value;
    await expect(
      cognito.client.send(new AdminGetUserCommand({ UserPoolId: poolId, Username: sub })),
    ).rejects.toThrow('User does not exist');
  });

  it('tells the app what a trigger said, and makes no user', async () => {
    genuine.person = { ...ada, subject: 'refused-1' };
    const [{ arn } = { arn: '' }] = cognito.events.filter(({ event }) =>
      event.triggerSource.startsWith('PreSignUp'),
    );
    cognito.trigger(arn.split(':').at(-1) ?? '', () => {
      throw new Error('LINK_REQUIRED 0000-1111');
    });
    const answer = await signIn('Acme');
    expect(answer.get('error')).toBe('invalid_request');
    expect(answer.get('error_description')).toBe('PreSignUp failed with error LINK_REQUIRED 0000-1111.');
    cognito.trigger(arn.split(':').at(-1) ?? '', (event) => event);
    await expect(
      cognito.client.send(new AdminGetUserCommand({ UserPoolId: poolId, Username: 'Acme_refused-1' })),
    ).rejects.toThrow('User does not exist');
  });

  it('is refused, with the reason, when it is not on this machine', async () => {
    const details = {
      client_id: 'c',
      client_secret: 's',
      oidc_issuer: 'https://accounts.google.com',
      authorize_scopes: 'openid',
      attributes_request_method: 'GET',
    };
    await cognito.client.send(
      new CreateIdentityProviderCommand({
        UserPoolId: poolId,
        ProviderName: 'Faraway',
        ProviderType: 'OIDC',
        ProviderDetails: details,
      }),
    );
    const { clientId: away } = await aClient(cognito, poolId, {
      SupportedIdentityProviders: ['Faraway'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      CallbackURLs: [callback],
    });
    const url = authorizeUrl('Faraway').replace(clientId, away).replace('openid+email+profile', 'openid');
    const answer = await new Visitor().send(url);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain(
      'accounts.google.com: the local cloud only talks to providers on this machine',
    );
  });
});

describe('a hostile provider', () => {
  it.each([
    { what: 'another nonce', forgery: { claims: { nonce: 'another' } } },
    { what: 'no nonce', forgery: { claims: { nonce: undefined } } },
    { what: 'another issuer', forgery: { claims: { iss: 'https://elsewhere.example' } } },
    { what: 'another audience', forgery: { claims: { aud: 'another client' } } },
    { what: 'several audiences without azp', forgery: { claims: { aud: ['vestibule', 'another'] } } },
    { what: 'an expired token', forgery: { claims: { exp: 1_000_000_000 } } },
    { what: 'no subject', forgery: { claims: { sub: undefined } } },
    { what: 'a foreign key', forgery: { foreignKey: true } },
    { what: 'no signature', forgery: { algorithm: 'none' as const } },
    { what: 'HS256 with the public key', forgery: { algorithm: 'HS256' as const } },
    {
      what: 'user info about somebody else',
      forgery: { userInfo: { sub: 'victim', email: 'v@harbour.example' } },
    },
    { what: "another issuer's answer", forgery: { issuerBesideCode: 'https://elsewhere.example' } },
  ])('is refused with $what', async ({ forgery }) => {
    const from = cognito.events.length;
    hostile.forgery = forgery;
    const answer = await signIn('Hostile');
    hostile.forgery = {};
    expect(answer.get('code')).toBeNull();
    expect(answer.get('error')).toBe('invalid_request');
    expect(sourcesSince(from)).toEqual([]);
  });

  it('gets through with the truth', async () => {
    expect((await signIn('Hostile')).get('code')).toBeTruthy();
  });
});

describe('the state of an exchange', () => {
  const answerUrl = async (visitor: Visitor): Promise<URL> => {
    const back = await visitor.follow(authorizeUrl('Hostile'), `${baseUrl}/oauth2/idpresponse`);
    if (!(back instanceof URL)) throw new Error('did not come back');
    return back;
  };

  it('is good once', async () => {
    const visitor = new Visitor();
    const url = await answerUrl(visitor);
    expect((await visitor.send(url.href)).status).toBe(302);
    expect((await visitor.send(url.href)).status).toBe(400);
  });

  it.each([
    { what: 'another browser', change: () => {}, other: true },
    {
      what: 'nobody: it is edited',
      change: (url: URL) => url.searchParams.set('state', `${url.searchParams.get('state')}A`),
    },
    { what: 'nobody: it is missing', change: (url: URL) => url.searchParams.delete('state') },
    {
      what: 'another kind of provider',
      change: (url: URL) => {
        url.pathname = url.pathname.replace('oauth2', 'saml2');
      },
    },
  ])('is of no use to $what', async ({ change, other }: { change: (url: URL) => void; other?: boolean }) => {
    const visitor = new Visitor();
    const url = await answerUrl(visitor);
    change(url);
    const answer = await (other ? new Visitor() : visitor).send(url.href);
    expect(answer.headers.get('location') ?? '').not.toContain('code=');
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  it('ends after ten minutes', async () => {
    const visitor = new Visitor();
    const url = await answerUrl(visitor);
    cognito.clock.advance(10 * 60_000);
    expect((await visitor.send(url.href)).status).toBe(400);
  });
});
