import { createHmac, timingSafeEqual } from 'node:crypto';
import { notAuthorized } from './errors.ts';
import type { Client } from './model.ts';

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
  const { secret, id } = client;
  if (!names.some((name) => equal(given, secretHash(secret, id, name)))) {
    throw notAuthorized(`Unable to verify secret hash for client ${client.id}`);
  }
}

/** For operations that carry the secret itself. */
export function checkSecret(client: Client, given: string | undefined): void {
  if (!client.secret) return;
  if (!given)
    throw notAuthorized(`Client ${client.id} is configured with secret but secret was not received`);
  if (!equal(given, client.secret)) throw notAuthorized(`Unable to verify secret for client ${client.id}`);
}

const secretHash = (secret: string, clientId: string, username: string): string =>
  createHmac('sha256', secret)
    .update(username + clientId)
    .digest('base64');

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
