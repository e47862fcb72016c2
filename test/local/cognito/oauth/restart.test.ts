import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateIdentityProviderCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../../../local/store.ts';
import { openOidcProvider, type TestProvider } from '../../../support/oidc-provider.ts';
import { Visitor } from '../../../support/visitor.ts';
import { anEmail, aUser } from '../builders.ts';
import { startCognito, type TestCognito } from '../harness.ts';
import { anotherClient, aShop, authorizeUrl, callback, codeFor, redeem, type Shop, token } from './shop.ts';

let directory: string;
let cognito: TestCognito;
let provider: TestProvider | undefined;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vestibule-restart-'));
  cognito = await startCognito(await openStore(directory));
});
afterAll(async () => {
  await cognito.close();
  await cognito.store.close();
  await provider?.close();
  await rm(directory, { recursive: true, force: true });
});

/** Another process on the same state; it listens elsewhere. */
async function restart(shop: Shop): Promise<Shop> {
  await cognito.close();
  await cognito.store.close();
  cognito = await startCognito(await openStore(directory));
  return { ...shop, home: shop.home.replace(/:\d+/, `:${new URL(cognito.url).port}`) };
}

const refreshed = (shop: Shop, refreshToken: string) =>
  token(shop, { grant_type: 'refresh_token', client_id: shop.clientId, refresh_token: refreshToken });

it('a code is used once over a restart, and ends what it gave when it comes again', async () => {
  const before = await aShop(cognito);
  const email = anEmail();
  await aUser(cognito, before, email);
  const [used, unused] = [await codeFor(before, email), await codeFor(before, email)];
  const { body } = await redeem(before, used);
  const shop = await restart(before);

  expect((await redeem(shop, used)).body.error).toBe('invalid_grant');
  expect((await refreshed(shop, body.refresh_token ?? '')).body.error).toBe('invalid_grant');
  expect((await redeem(shop, unused)).status).toBe(200);
});

it('an answer of a provider is heard once over a restart', async () => {
  const made = await aShop(cognito);
  const idpResponse = `${made.home}/oauth2/idpresponse`;
  provider = await openOidcProvider(idpResponse);
  await cognito.client.send(
    new CreateIdentityProviderCommand({
      UserPoolId: made.poolId,
      ProviderName: 'Acme',
      ProviderType: 'OIDC',
      ProviderDetails: {
        client_id: provider.clientId,
        client_secret: provider.clientSecret,
        oidc_issuer: provider.issuer,
        authorize_scopes: 'openid email profile',
        attributes_request_method: 'GET',
      },
      AttributeMapping: { email: 'email' },
    }),
  );
  const before = await anotherClient(cognito, made, { SupportedIdentityProviders: ['COGNITO', 'Acme'] });
  const visitor = new Visitor();
  const answer = await visitor.follow(authorizeUrl(before, { identity_provider: 'Acme' }), idpResponse);
  if (!(answer instanceof URL)) throw new Error(`ended with ${answer.status}`);
  // What the browser would send again, were the answer to be caught by somebody who has its cookie.
  const caught = visitor.cookieFor(answer.hostname);
  const end = await visitor.follow(answer.href, callback);
  expect(end instanceof URL && end.searchParams.has('code')).toBe(true);

  const shop = await restart(before);
  const again = await fetch(`${shop.home}/oauth2/idpresponse${answer.search}`, {
    headers: { cookie: caught },
    redirect: 'manual',
  });
  expect(again.status).toBe(400);
});
