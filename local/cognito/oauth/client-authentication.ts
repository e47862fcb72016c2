import { isSecretOf } from '../client-secret.ts';
import type { Client } from '../model.ts';
import { OAuthError } from './answers.ts';
import { type OAuthRules, oauthRules } from './client-rules.ts';
import { type DomainRequest, hasRepeated } from './domains.ts';

export interface AuthenticatedClient {
  readonly client: Client;
  readonly rules: OAuthRules;
}

/**
 * Who calls the token or revocation endpoint: `client_secret_basic`, `client_secret_post`, or a public client's id.
 * @throws OAuthError `invalid_request` or `invalid_client`
 */
export function authenticateClient({ engine, pool, http, form }: DomainRequest): AuthenticatedClient {
  if (hasRepeated(form)) throw new OAuthError('invalid_request', 'a parameter is repeated');
  const basic = readBasic(http.headers.authorization);
  const posted = { id: form.get('client_id'), secret: form.get('client_secret') };
  if (basic && (posted.secret !== null || (posted.id !== null && posted.id !== basic.id))) {
    throw new OAuthError('invalid_request', 'the client has to authenticate in one way');
  }
  const { id, secret } = basic ?? posted;
  if (!id) throw new OAuthError('invalid_request', 'client_id is missing');
  const client = engine.pools.findClient(id);
  const rules = client && oauthRules(client);
  if (!client || client.poolId !== pool.id || !rules) throw refused();
  if (client.secret === undefined ? secret !== null : !isSecretOf(client, secret ?? '')) throw refused();
  return { client, rules };
}

const refused = () => new OAuthError('invalid_client', 'the client could not be authenticated');

/** Both halves are form-encoded before they are joined (RFC 6749, 2.3.1). */
function readBasic(header: string | undefined): { id: string; secret: string } | undefined {
  const [, encoded] = /^basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  if (!encoded) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const at = text.indexOf(':');
  if (at < 0) throw refused();
  return { id: formDecoded(text.slice(0, at)), secret: formDecoded(text.slice(at + 1)) };
}

const formDecoded = (text: string): string =>
  new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? '';
