import {
  CreateManagedLoginBrandingCommand,
  CreateTermsCommand,
  CreateUserPoolDomainCommand,
  DeleteManagedLoginBrandingCommand,
  DeleteUserPoolDomainCommand,
  DescribeManagedLoginBrandingByClientCommand,
  DescribeManagedLoginBrandingCommand,
  DescribeUserPoolDomainCommand,
  ListTermsCommand,
  UpdateManagedLoginBrandingCommand,
  UpdateUserPoolCommand,
  UpdateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEmail, aPool, aUser } from '../builders.ts';
import { startCognito, type TestCognito } from '../harness.ts';
import { aMachine, aShop, claimsOf, codeFor, redeem, requestOf, token } from './shop.ts';
import { WebBrowser } from './web-browser.ts';

let cognito: TestCognito;

beforeAll(async () => {
  cognito = await startCognito();
});
afterAll(() => cognito.close());

describe('domains', () => {
  it('are made, described, changed and deleted', async () => {
    const { poolId: UserPoolId } = await aPool(cognito);
    const Domain = 'garden-shop';
    await cognito.client.send(
      new CreateUserPoolDomainCommand({ UserPoolId, Domain, ManagedLoginVersion: 2 }),
    );
    const described = async () =>
      (await cognito.client.send(new DescribeUserPoolDomainCommand({ Domain }))).DomainDescription;
    expect(await described()).toMatchObject({ UserPoolId, Domain, Status: 'ACTIVE', ManagedLoginVersion: 2 });
    await cognito.client.send(
      new UpdateUserPoolDomainCommand({ UserPoolId, Domain, ManagedLoginVersion: 1 }),
    );
    expect(await described()).toMatchObject({ ManagedLoginVersion: 1 });
    await cognito.client.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain }));
    expect(await described()).toEqual({});
  });

  it.each([
    ['a taken name', 'taken-name'],
    ['a reserved word', 'my-cognito-shop'],
    ['dots without a certificate', 'login.shop.example'],
  ])('refuse %s', async (_what, Domain) => {
    const first = await aPool(cognito);
    await cognito.client
      .send(new CreateUserPoolDomainCommand({ UserPoolId: first.poolId, Domain: 'taken-name' }))
      .catch(() => undefined); // by an earlier case
    const { poolId: UserPoolId } = await aPool(cognito);
    await expect(
      cognito.client.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('are one prefix and one custom name per pool at the most', async () => {
    const { poolId: UserPoolId } = await aPool(cognito);
    const create = (Domain: string, custom = false) =>
      cognito.client.send(
        new CreateUserPoolDomainCommand({
          UserPoolId,
          Domain,
          ...(custom && {
            CustomDomainConfig: { CertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1' },
          }),
        }),
      );
    await create('one-prefix');
    await create('login.one.example', true);
    await expect(create('two-prefix')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('what belongs to the pages', () => {
  it('a style per client is made once, described, changed and deleted', async () => {
    const { poolId: UserPoolId, clientId: ClientId } = await aShop(cognito);
    const made = await cognito.client.send(
      new CreateManagedLoginBrandingCommand({ UserPoolId, ClientId, UseCognitoProvidedValues: true }),
    );
    const ManagedLoginBrandingId = made.ManagedLoginBranding?.ManagedLoginBrandingId ?? '';
    await expect(
      cognito.client.send(
        new CreateManagedLoginBrandingCommand({ UserPoolId, ClientId, UseCognitoProvidedValues: true }),
      ),
    ).rejects.toMatchObject({ name: 'ManagedLoginBrandingExistsException' });
    await cognito.client.send(
      new UpdateManagedLoginBrandingCommand({
        UserPoolId,
        ManagedLoginBrandingId,
        Settings: { categories: { form: {} } },
      }),
    );
    const { ManagedLoginBranding } = await cognito.client.send(
      new DescribeManagedLoginBrandingByClientCommand({ UserPoolId, ClientId }),
    );
    expect(ManagedLoginBranding).toMatchObject({
      ManagedLoginBrandingId,
      UseCognitoProvidedValues: false,
      Settings: { categories: { form: {} } },
    });
    await cognito.client.send(new DeleteManagedLoginBrandingCommand({ UserPoolId, ManagedLoginBrandingId }));
    await expect(
      cognito.client.send(new DescribeManagedLoginBrandingCommand({ UserPoolId, ManagedLoginBrandingId })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('terms are linked from the sign-up page', async () => {
    const shop = await aShop(cognito);
    const { poolId: UserPoolId, clientId: ClientId } = shop;
    await cognito.client.send(
      new CreateTermsCommand({
        UserPoolId,
        ClientId,
        TermsName: 'terms-of-use',
        TermsSource: 'LINK',
        Enforcement: 'NONE',
        Links: { 'cognito:default': 'https://shop.example/terms' },
      }),
    );
    const { Terms } = await cognito.client.send(new ListTermsCommand({ UserPoolId }));
    expect(Terms).toHaveLength(1);
    const page = await new WebBrowser(shop.home).get(`${shop.home}/signup?${requestOf(shop)}`);
    expect(page.text).toContain('href="https://shop.example/terms"');
  });
});

describe('token generation', () => {
  it('is asked with the source of the pages before a code, and its changes are in the tokens', async () => {
    const arn = cognito.trigger('hosted', (event) => ({
      ...event,
      response: {
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: { claimsToAddOrOverride: { tier: 'gold' }, scopesToAdd: ['orders/read'] },
        },
      },
    }));
    const config = { LambdaArn: arn, LambdaVersion: 'V2_0' as const };
    const shop = await aShop(cognito, { LambdaConfig: { PreTokenGenerationConfig: config } });
    const email = anEmail();
    await aUser(cognito, shop, email);
    const before = cognito.events.length;
    const { body } = await redeem(shop, await codeFor(shop, email));
    const sources = cognito.events.slice(before).map(({ event }) => event.triggerSource);
    expect(sources).toEqual(['TokenGeneration_HostedAuth']);
    expect(cognito.events[before]?.event.request.scopes).toEqual(['openid', 'email']);
    expect(claimsOf(body.access_token)).toMatchObject({ tier: 'gold', scope: 'openid email orders/read' });
  });

  it('is asked about a machine in its third version only', async () => {
    const arn = cognito.trigger('machines', (event) => ({
      ...event,
      response: {
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: {
            claimsToAddOrOverride: { team: 'finance' },
            scopesToSuppress: ['orders/write'],
          },
        },
      },
    }));
    const shop = await aShop(cognito, {
      LambdaConfig: { PreTokenGenerationConfig: { LambdaArn: arn, LambdaVersion: 'V2_0' } },
    });
    const machine = await aMachine(cognito, shop);
    const ask = () =>
      token(machine, {
        grant_type: 'client_credentials',
        client_id: machine.clientId,
        client_secret: machine.clientSecret,
        aws_client_metadata: JSON.stringify({ job: 'nightly' }),
      });
    expect(claimsOf((await ask()).body.access_token)).not.toHaveProperty('team');
    await cognito.client.send(
      new UpdateUserPoolCommand({
        UserPoolId: shop.poolId,
        LambdaConfig: { PreTokenGenerationConfig: { LambdaArn: arn, LambdaVersion: 'V3_0' } },
      }),
    );
    expect(claimsOf((await ask()).body.access_token)).toMatchObject({
      team: 'finance',
      scope: 'orders/read',
    });
    expect(cognito.events.at(-1)?.event).toMatchObject({
      triggerSource: 'TokenGeneration_ClientCredentials',
      version: '3',
      userName: 'ClientCredentials',
      request: { userAttributes: {}, groupConfiguration: null, clientMetadata: { job: 'nightly' } },
    });
  });
});
