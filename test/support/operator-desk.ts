import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Page } from 'playwright-core';
import type { CloudOutputs } from '../../local/outputs.ts';
import operator from '../../portal/messages/en/operator.json' with { type: 'json' };
import security from '../../portal/messages/en/security.json' with { type: 'json' };
import { type AccountPages, withAuthenticator } from './account-pages.ts';
import type { WatchedPage } from './browser.ts';

/** A browser in which an operator has signed in with a passkey, on the overview of the console. */
export async function openDesk(pages: AccountPages): Promise<WatchedPage> {
  const person = await pages.newPerson();
  const desk = await pages.visit(person, 'security', withAuthenticator);
  const { page } = desk;
  await page.getByRole('button', { name: security['passkeys.add'], exact: true }).first().click();
  await page.getByText(security['passkeys.added']).waitFor();
  await joinOperators(pages.running.outputs, person.email);
  await page.context().clearCookies();
  // The authenticator answers what the browser offers at once, before anybody could press the button.
  const signIn = `${pages.url}/sign-in?then=${encodeURIComponent('/portal/operator')}`;
  await page.goto(signIn, { waitUntil: 'commit' });
  await page.getByRole('heading', { level: 1, name: operator.title }).waitFor();
  return desk;
}

async function joinOperators(outputs: CloudOutputs, email: string): Promise<void> {
  const cognito = new CognitoIdentityProviderClient({
    region: outputs.region,
    endpoint: outputs.endpoints.cognitoIdp,
    credentials: outputs.credentials,
  });
  await cognito.send(
    new AdminAddUserToGroupCommand({
      UserPoolId: outputs.userPoolId,
      Username: email,
      GroupName: 'operators',
    }),
  );
  cognito.destroy();
}

/** Asks for one person, by address or id, for a review. */
export async function lookUpPerson({ url }: Pick<AccountPages, 'url'>, page: Page, who: string) {
  await page.goto(`${url}/operator/person`);
  await page.getByLabel(operator['find.who']).fill(who);
  await page.getByLabel(operator.why, { exact: true }).selectOption('review');
  await page.getByRole('button', { name: operator['find.button'] }).click();
}
