import { randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Outputs } from '../../scripts/journey/outputs.ts';

/** What an address may be to us, and must not be told apart from outside. */
export const kinds = ['confirmed', 'pending', 'unknown'] as const;
export type Kind = (typeof kinds)[number];
export type Addresses = Readonly<Record<Kind, readonly string[]>>;

export const password = 'quiet harbour lights';

/** All of one length and one initial, as the answers name it masked. */
export const freshAddress = (): string => `p.${randomBytes(8).toString('hex')}@example.com`;

export interface Post {
  readonly path: string;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}
export type Send = (post: Post) => Promise<{ readonly status: number }>;

/** `count` addresses of each kind: accounts made by the operator, registrations never confirmed, and nobody. */
export async function makeAddresses(
  outputs: Outputs,
  count: number,
  send: Send,
  consents: readonly object[],
): Promise<Addresses> {
  const named = () => Array.from({ length: count }, freshAddress);
  const addresses = { confirmed: named(), pending: named(), unknown: named() };
  const operator = new CognitoIdentityProviderClient({
    region: outputs.region,
    endpoint: outputs.endpoints.cognitoIdp,
    credentials: outputs.credentials,
  });
  const left = [...addresses.confirmed.entries()];
  const worker = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      const [index, email] = next;
      await createAccount(operator, outputs.userPoolId, email);
      await send({
        path: '/v1/registrations',
        body: { email: addresses.pending[index], password, consents },
      });
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return addresses;
}

async function createAccount(
  operator: CognitoIdentityProviderClient,
  UserPoolId: string,
  Username: string,
): Promise<void> {
  const UserAttributes = [
    { Name: 'email', Value: Username },
    { Name: 'email_verified', Value: 'true' },
  ];
  await operator.send(
    new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }),
  );
  await operator.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }),
  );
}
