import { createHash, randomBytes } from 'node:crypto';
import {
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
  CreateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { aPool, password } from '../builders.ts';
import type { TestCognito } from '../harness.ts';
import type { Visited } from './web-browser.ts';
import { WebBrowser } from './web-browser.ts';

export const callback = 'https://shop.example/signed-in';
export const goodbye = 'https://shop.example/bye';

/** A pool with a domain and one client of its pages. */
export interface Shop {
  readonly poolId: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Address of the domain. */
  readonly home: string;
}

const oauth = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code'],
  AllowedOAuthScopes: ['openid', 'email', 'profile'],
  CallbackURLs: [callback],
  LogoutURLs: [goodbye],
  SupportedIdentityProviders: ['COGNITO'],
  ExplicitAuthFlows: ['ALLOW_USER_AUTH'],
} satisfies Partial<CreateUserPoolClientCommandInput>;

export async function aShop(
  cognito: TestCognito,
  pool: Partial<CreateUserPoolCommandInput> = {},
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<Shop> {
  const made = await aPool(cognito, pool, { ...oauth, ClientName: 'shop', ...client });
  const domain = `shop-${randomBytes(6).toString('hex')}`;
  await cognito.client.send(
    new CreateUserPoolDomainCommand({ UserPoolId: made.poolId, Domain: domain, ManagedLoginVersion: 2 }),
  );
  return { ...made, home: `http://localhost:${new URL(cognito.url).port}/_domains/${domain}` };
}

export async function anotherClient(
  cognito: TestCognito,
  { poolId, home }: Shop,
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<Shop> {
  const { UserPoolClient } = await cognito.client.send(
    new CreateUserPoolClientCommand({ UserPoolId: poolId, ...oauth, ClientName: 'second', ...client }),
  );
  return {
    poolId,
    home,
    clientId: UserPoolClient?.ClientId ?? '',
    ...(UserPoolClient?.ClientSecret ? { clientSecret: UserPoolClient.ClientSecret } : {}),
  };
}

export async function aMachine(cognito: TestCognito, shop: Shop): Promise<Required<Shop>> {
  await cognito.client.send(
    new CreateResourceServerCommand({
      UserPoolId: shop.poolId,
      Identifier: 'orders',
      Name: 'orders',
      Scopes: [
        { ScopeName: 'read', ScopeDescription: 'Read' },
        { ScopeName: 'write', ScopeDescription: 'Write' },
      ],
    }),
  );
  const machine = await anotherClient(cognito, shop, {
    GenerateSecret: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: ['orders/read', 'orders/write'],
    CallbackURLs: [],
    LogoutURLs: [],
    ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
  });
  return { ...machine, clientSecret: machine.clientSecret ?? '' };
}

export const verifier = 'correct-horse-battery-staple-correct-horse-battery';
export const challengeOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

export const requestOf = ({ clientId }: Shop, changes: Record<string, string> = {}): URLSearchParams => {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: callback,
    scope: 'openid email',
    state: 'af0ifjsldkj',
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    ...changes,
  });
  for (const [name, value] of Object.entries(changes)) if (value === '') query.delete(name);
  return query;
};

export const authorizeUrl = (shop: Shop, changes: Record<string, string> = {}): string =>
  `${shop.home}/oauth2/authorize?${requestOf(shop, changes)}`;

/** Signs in by password through the pages. @returns where the browser was sent */
export async function signIn(
  browser: WebBrowser,
  shop: Shop,
  email: string,
  changes: Record<string, string> = {},
  typed = password,
): Promise<Visited> {
  const begin = await browser.get(authorizeUrl(shop, changes));
  const choice = await browser.submit(begin, 'identify', { username: email });
  return browser.submit(choice, 'password', { password: typed });
}

export async function codeFor(
  shop: Shop,
  email: string,
  changes: Record<string, string> = {},
): Promise<string> {
  const { location } = await signIn(new WebBrowser(shop.home), shop, email, changes);
  return parametersOf(location).get('code') ?? '';
}

export const parametersOf = (location: string | undefined): URLSearchParams =>
  new URL(location ?? 'https://nowhere.example').searchParams;

export interface TokenAnswer {
  readonly status: number;
  readonly body: Record<string, string>;
}

export async function token(
  { home }: Shop,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const response = await fetch(`${home}/oauth2/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(fields),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

export const redeem = (
  shop: Shop,
  code: string,
  changes: Record<string, string> = {},
): Promise<TokenAnswer> =>
  token(shop, {
    grant_type: 'authorization_code',
    client_id: shop.clientId,
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    ...changes,
  });

export const claimsOf = (jwt: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from((jwt ?? '').split('.')[1] ?? '', 'base64url').toString('utf8'));
