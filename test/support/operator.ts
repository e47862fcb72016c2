import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { RunningCloud } from '../../local/cloud.ts';
import { Keys } from '../../local/cognito/tokens/keys.ts';
import { SoftwareAuthenticator } from './authenticator.ts';
import type { BrowserPage } from './browser-page.ts';
import { Customer } from './customer.ts';

/** One of the configured origins, whose host is the relying party. */
const pageOrigin = 'http://localhost:3000';

/** Somebody with a passkey, in the group of operators unless told otherwise; signed in with a password at first. */
export async function openOperator(
  { outputs }: Pick<RunningCloud, 'outputs'>,
  { isOperator = true } = {},
): Promise<{
  readonly person: Customer;
  readonly sub: string;
  readonly signInWithPasskey: () => Promise<void>;
  /** Into a page's cookie session. */
  readonly signInAs: (page: BrowserPage) => Promise<{ readonly status: number }>;
}> {
  const person = await (await new Customer(outputs).register()).signIn();
  const sub = subIn(person.api.accessToken);
  const authenticator = new SoftwareAuthenticator({ origin: pageOrigin });
  await enrolPasskey(person, authenticator);
  if (isOperator) {
    const cognito = new CognitoIdentityProviderClient({
      region: outputs.region,
      endpoint: outputs.endpoints.cognitoIdp,
      credentials: outputs.credentials,
    });
    await cognito.send(
      new AdminAddUserToGroupCommand({
        UserPoolId: outputs.userPoolId,
        Username: sub,
        GroupName: 'operators',
      }),
    );
    cognito.destroy();
  }
  return {
    person,
    sub,
    signInWithPasskey: () => passkeySignIn(person, authenticator),
    signInAs: async (page) => {
      const { body } = await page.expect<PasskeyOptions>(200, 'POST', '/v1/sessions/passkey-options');
      const passkey = { credential: authenticator.get(body.options), challenge: body.challenge };
      return page.send('POST', '/v1/sessions', { passkey, mode: 'cookie' });
    },
  };
}

/**
 * The claims that the token trigger gives to an operator who proved a passkey, signed with the pool's own key: tests of
 * what operators do need not depend on how they sign in.
 */
export async function becomeOperator({ cloud, outputs }: RunningCloud, { api }: Customer): Promise<void> {
  const claims = claimsIn(api.accessToken);
  const scopes = ['operators.read', 'operators.write'].map((scope) => `vestibule/${scope}`);
  api.accessToken = await new Keys(cloud.store).sign(outputs.userPoolId, 'access', {
    ...claims,
    scope: `${claims.scope} ${scopes.join(' ')}`,
    'vestibule:aal': 2,
    'vestibule:methods': ['passkey'],
  });
}

const claimsIn = (jwt = ''): Record<string, unknown> & { sub: string } =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());

export const subIn = (jwt?: string): string => claimsIn(jwt).sub;

interface PasskeyOptions {
  readonly options: PublicKeyCredentialRequestOptionsJSON;
  readonly challenge: string;
}

async function enrolPasskey({ api }: Customer, authenticator: SoftwareAuthenticator): Promise<void> {
  const { body } = await api.expect<{ options: PublicKeyCredentialCreationOptionsJSON; challenge: string }>(
    200,
    'POST',
    '/v1/me/passkeys/options',
  );
  const credential = authenticator.create(body.options);
  await api.expect(201, 'POST', '/v1/me/passkeys', { credential, challenge: body.challenge, name: 'Key' });
}

async function passkeySignIn({ api }: Customer, authenticator: SoftwareAuthenticator): Promise<void> {
  const { body } = await api.expect<{ options: PublicKeyCredentialRequestOptionsJSON; challenge: string }>(
    200,
    'POST',
    '/v1/sessions/passkey-options',
  );
  const passkey = { credential: authenticator.get(body.options), challenge: body.challenge };
  const signedIn = await api.expect<Parameters<typeof api.keep>[0]>(200, 'POST', '/v1/sessions', { passkey });
  api.keep(signedIn.body);
}
