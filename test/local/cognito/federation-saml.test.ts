import {
  CreateIdentityProviderCommand,
  CreateUserPoolDomainCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSamlProvider, type SamlForgery } from '../../support/saml-provider.ts';
import { Visitor } from '../../support/visitor.ts';
import { aClient, aPool } from './builders.ts';
import { startCognito, type TestCognito } from './harness.ts';

const callback = 'https://shop.example/signed-in';
const grace = {
  nameId: 'Grace-1906',
  attributes: { mail: 'grace@harbour.example', mailVerified: 'true', displayName: 'Grace Hopper' },
};
let cognito: TestCognito;
let poolId: string;
let clientId: string;
let baseUrl: string;
let provider: Awaited<ReturnType<typeof openSamlProvider>>;

beforeAll(async () => {
  cognito = await startCognito();
  ({ poolId } = await aPool(cognito));
  await cognito.client.send(new CreateUserPoolDomainCommand({ UserPoolId: poolId, Domain: 'saml-test' }));
  baseUrl = `http://localhost:${new URL(cognito.url).port}/_domains/saml-test`;
  provider = await openSamlProvider(`urn:amazon:cognito:sp:${poolId}`, `${baseUrl}/saml2/idpresponse`);
  await cognito.client.send(
    new CreateIdentityProviderCommand({
      UserPoolId: poolId,
      ProviderName: 'Harbour-AD',
      ProviderType: 'SAML',
      ProviderDetails: { MetadataURL: provider.metadataUrl },
      AttributeMapping: { email: 'mail', email_verified: 'mailVerified', name: 'displayName' },
      IdpIdentifiers: ['harbour.example'],
    }),
  );
  ({ clientId } = await aClient(cognito, poolId, {
    GenerateSecret: true,
    SupportedIdentityProviders: ['Harbour-AD'],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid'],
    CallbackURLs: [callback],
  }));
});
afterEach(() => {
  provider.forgery = {};
});
afterAll(async () => {
  await Promise.all([provider?.close(), cognito?.close()]);
});

/** To the provider, and its form posted back by the browser. */
async function signIn(visitor = new Visitor()): Promise<Response> {
  provider.person = grace;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: callback,
    scope: 'openid',
    idp_identifier: 'harbour.example',
  });
  const page = await visitor.follow(`${baseUrl}/oauth2/authorize?${query}`, callback);
  if (page instanceof URL) throw new Error(`went back to the app: ${page.search}`);
  return post(visitor, (await page.json()) as Record<string, string>);
}

const post = (visitor: Visitor, form: Record<string, string>): Promise<Response> =>
  visitor.send(`${baseUrl}/saml2/idpresponse`, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

const answerOf = (response: Response): URLSearchParams =>
  new URL(response.headers.get('location') ?? 'none:').searchParams;

const users = async () =>
  (await cognito.client.send(new ListUsersCommand({ UserPoolId: poolId }))).Users ?? [];

describe('a SAML provider', () => {
  it.each<{ what: string; forgery: SamlForgery }>([
    { what: 'another audience', forgery: { audience: 'urn:amazon:cognito:sp:eu-west-1_other' } },
    { what: 'another recipient', forgery: { recipient: 'https://elsewhere.example/saml2/idpresponse' } },
    { what: "an answer to somebody else's request", forgery: { inResponseTo: '_another-request' } },
    { what: 'another issuer', forgery: { issuer: 'https://elsewhere.example' } },
    { what: 'a foreign key', forgery: { foreignKey: true } },
    { what: 'an expired assertion', forgery: { notOnOrAfter: new Date(Date.now() - 3_600_000) } },
    { what: 'an edited person', forgery: { edit: (xml) => xml.replaceAll('Grace-1906', 'Victim-1') } },
    { what: 'an edited address', forgery: { edit: (xml) => xml.replace('grace@', 'victim@') } },
    {
      what: 'no signature',
      forgery: { edit: (xml) => xml.replace(/<(\w+:)?Signature[\s>].*?<\/(\w+:)?Signature>/gs, '') },
    },
    {
      what: 'a second assertion in front',
      forgery: {
        edit: (xml) => {
          const [assertion = ''] = xml.match(/<saml:Assertion.*<\/saml:Assertion>/s) ?? [];
          return xml.replace(assertion, assertion.replaceAll('Grace-1906', 'Victim-1') + assertion);
        },
      },
    },
  ])('is refused with $what', async ({ forgery }) => {
    provider.forgery = forgery;
    const answer = answerOf(await signIn());
    expect(answer.get('error')).toBe('invalid_request');
    expect(await users()).toEqual([]);
  });

  it('signs a person in, with the attributes of the assertion', async () => {
    expect(answerOf(await signIn()).get('code')).toBeTruthy();
    const [user] = await users();
    expect(user).toMatchObject({ Username: 'harbour-ad_grace-1906', UserStatus: 'EXTERNAL_PROVIDER' });
    expect(
      Object.fromEntries((user?.Attributes ?? []).map(({ Name, Value }) => [Name, Value])),
    ).toMatchObject({
      email: 'grace@harbour.example',
      email_verified: 'true',
      name: 'Grace Hopper',
    });
  });

  it('is read whole, whatever comment is put into a name', async () => {
    provider.forgery = { edit: (xml) => xml.replace('Grace-1906', 'Grace<!-- -->-1906') };
    await signIn();
    expect((await users()).map(({ Username }) => Username)).toEqual(['harbour-ad_grace-1906']);
  });

  it('is heard once: a response that is posted again is refused', async () => {
    const visitor = new Visitor();
    expect(answerOf(await signIn(visitor)).get('code')).toBeTruthy();
    const again = await post(visitor, provider.posts.at(-1) ?? {});
    expect(again.status).toBe(400);
  });

  it('is heard for the request that it answers: a stolen response opens no other one', async () => {
    await signIn();
    const stolen = provider.posts.at(-1)?.SAMLResponse ?? '';
    provider.forgery = { edit: () => Buffer.from(stolen, 'base64').toString('utf8') };
    expect(answerOf(await signIn()).get('error')).toBe('invalid_request');
  });

  it('brings nobody in without a request', async () => {
    await signIn();
    const { SAMLResponse = '' } = provider.posts.at(-1) ?? {};
    expect((await post(new Visitor(), { SAMLResponse, RelayState: '' })).status).toBe(400);
    expect((await post(new Visitor(), { SAMLResponse, RelayState: 'forged' })).status).toBe(400);
  });
});
