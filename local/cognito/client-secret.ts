import { createHmac, timingSafeEqual } from 'node:crypto';
import { notAuthorized } from './errors.ts';
import type { Client, ClientSecret } from './model.ts';

/**
 * Checks a secret hash against the names the user may have been called by.
 * @throws AwsError `NotAuthorizedException` when missing, wrong, or sent for a client without a secret
 */
export function checkSecretHash(client: Client, given: string | undefined, names: readonly string[]): void {
  if (!client.secret) {
    if (given)
      throw notAuthorized(`Client ${client.id} is not configured for secret but secret was received`);
    return;
  }
  if (!given) {
    throw notAuthorized(`Client ${client.id} is configured with secret but SECRET_HASH was not received`);
  }
  const matches = ({ value }: ClientSecret) =>
    names.some((name) => equal(given, secretHash(value, client.id, name)));
  if (!secretsOf(client).some(matches)) {
    throw notAuthorized(`Unable to verify secret hash for client ${client.id}`);
  }
}

/** Every secret that counts at the moment; none for a public client. */
export function secretsOf({ secret, secrets, createdAt }: Client): readonly ClientSecret[] {
  if (secrets) return secrets;
  return secret === undefined ? [] : [{ value: secret, createdAt }];
}

export const secretIdOf = ({ id }: Client, { createdAt }: ClientSecret): string =>
  `${id}--${Math.floor(createdAt / 1000)}`;

export const isSecretOf = (client: Client, given: string): boolean =>
  secretsOf(client).some(({ value }) => equal(given, value));

/** For operations that carry the secret itself. */
export function checkSecret(client: Client, given: string | undefined): void {
  if (!client.secret) return;
  if (!given)
    throw notAuthorized(`Client ${client.id} is configured with secret but secret was not received`);
  if (!isSecretOf(client, given)) throw notAuthorized(`Unable to verify secret for client ${client.id}`);
}

const secretHash = (secret: string, clientId: string, username: string): string =>
  createHmac('sha256', secret)
    .update(username + clientId)
    .digest('base64');

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
