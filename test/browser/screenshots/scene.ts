import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Page } from 'playwright-core';
import { type AccountPages, settled } from '../../support/account-pages.ts';
import { openPage } from '../../support/browser.ts';
import { Customer } from '../../support/customer.ts';
import type { Album } from './album.ts';

/** What every part of the album is taken from: one cloud, one browser, people with names. */
export interface Scene {
  readonly pages: AccountPages;
  readonly album: Album;
}

/** A device that people know by its name, in a place without daylight saving. */
export const device = {
  locale: 'en-GB',
  timezoneId: 'UTC',
  userAgent:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36',
} as const;

export const person = ({ pages }: Scene, name: string): Promise<Customer> =>
  new Customer(pages.running.outputs, `${name}@example.com`).register();

/** A page for somebody who is not signed in. */
export async function publicPage({ pages }: Scene, path: string): Promise<Page> {
  const { page } = await openPage(pages.browser, `${pages.url}/${path}`, device);
  await page.locator('h1').waitFor();
  return page;
}

/** Somebody whom an administrator made, with a password for the first time only. */
export async function personWithFirstPassword({ pages }: Scene, name: string): Promise<Customer> {
  const customer = new Customer(pages.running.outputs, `${name}@example.com`);
  await asAdministrator({ pages }, (cognito, userPoolId) =>
    cognito.send(
      new AdminCreateUserCommand({
        UserPoolId: userPoolId,
        Username: customer.email,
        TemporaryPassword: customer.password,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: customer.email },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    ),
  );
  return customer;
}

export const joinOperators = ({ pages }: Pick<Scene, 'pages'>, { email }: Customer): Promise<void> =>
  asAdministrator({ pages }, (cognito, userPoolId) =>
    cognito.send(
      new AdminAddUserToGroupCommand({ UserPoolId: userPoolId, Username: email, GroupName: 'operators' }),
    ),
  );

async function asAdministrator(
  { pages }: Pick<Scene, 'pages'>,
  act: (cognito: CognitoIdentityProviderClient, userPoolId: string) => Promise<unknown>,
): Promise<void> {
  const { region, endpoints, credentials, userPoolId } = pages.running.outputs;
  const cognito = new CognitoIdentityProviderClient({ region, endpoint: endpoints.cognitoIdp, credentials });
  await act(cognito, userPoolId);
  cognito.destroy();
}

/** Another page of the account in the same browser, with everything that it shows. */
export async function open({ pages }: Scene, page: Page, path: string): Promise<void> {
  await page.goto(`${pages.url}/${path}`);
  await settled(page);
}

export const card = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });
