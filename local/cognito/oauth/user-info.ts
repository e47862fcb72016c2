import type { HttpResponse } from '../../platform.ts';
import { readableAttributes } from '../attributes.ts';
import type { Engine } from '../engine.ts';
import type { Pool, User } from '../model.ts';
import { attributesOfScopes } from '../tokens/scopes.ts';
import { json } from './answers.ts';
import type { DomainRequest } from './domains.ts';

/** `GET` or `POST /oauth2/userInfo`: what the scopes of an access token show of its person, values as strings. */
export function userInfo({ engine, pool, http, form }: DomainRequest): HttpResponse {
  const [, bearer] = /^bearer ([\w.~+/-]+=*)$/i.exec(http.headers.authorization ?? '') ?? [];
  const token = bearer ?? form.get('access_token') ?? undefined;
  if (!token) return refused('invalid_request', 'the access token is missing');
  const found = readToken(engine, pool, token);
  if (typeof found === 'string') return refused('invalid_token', found);
  const { user, scopes, clientId } = found;
  const client = engine.pools.findClient(clientId);
  if (!client) return refused('invalid_token', 'the client does not exist');
  const attributes = attributesOfScopes(readableAttributes(client, user.attributes), scopes);
  return json(200, { sub: user.sub, ...attributes, username: user.username });
}

interface Bearer {
  readonly user: User;
  readonly scopes: readonly string[];
  readonly clientId: string;
}

/** @returns what is wrong with it, as a text */
function readToken(engine: Engine, pool: Pool, token: string): Bearer | string {
  const claims = engine.keys.verify(pool.id, 'access', token);
  if (claims?.token_use !== 'access') return 'the access token is not valid';
  if (Number(claims.exp) * 1000 <= engine.cloud.clock.now()) return 'the access token has expired';
  const family = typeof claims.origin_jti === 'string' ? engine.families.get(claims.origin_jti) : undefined;
  if (family?.revoked) return 'the access token has been revoked';
  const scopes = String(claims.scope).split(' ');
  if (!scopes.includes('openid')) return 'the access token has no scope openid';
  const user = engine.directory.bySub(pool.id, String(claims.sub));
  if (!user?.enabled) return 'the user does not exist or is disabled';
  return { user, scopes, clientId: String(claims.client_id) };
}

const refused = (error: string, description: string): HttpResponse =>
  json(
    error === 'invalid_token' ? 401 : 400,
    { error, error_description: description },
    { 'www-authenticate': `Bearer error="${error}", error_description="${description}"` },
  );
