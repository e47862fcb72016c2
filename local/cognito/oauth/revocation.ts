import type { HttpResponse } from '../../platform.ts';
import { OAuthError } from './answers.ts';
import { authenticateClient } from './client-authentication.ts';
import type { DomainRequest } from './domains.ts';

/** `POST /oauth2/revoke`: ends a refresh token with everything that came from its sign-in. @throws OAuthError */
export async function revoke(request: DomainRequest): Promise<HttpResponse> {
  const { engine, form, http } = request;
  if (http.method !== 'POST') throw new OAuthError('invalid_request', 'POST only');
  const { client } = authenticateClient(request);
  if (client.settings.EnableTokenRevocation === false) {
    throw new OAuthError('unauthorized_client', 'token revocation is not enabled for this client');
  }
  const token = form.get('token');
  if (!token) throw new OAuthError('invalid_request', 'token is missing');
  if (token.split('.').length === 3) {
    throw new OAuthError('unsupported_token_type', 'only refresh tokens can be revoked');
  }
  const family = engine.families.familyOf(token);
  if (family && family.clientId !== client.id) {
    throw new OAuthError('unauthorized_client', 'the token belongs to another client');
  }
  // A token that means nothing is as good as revoked (RFC 7009, 2.2).
  if (family) await engine.families.revoke(family);
  return { status: 200, headers: { 'access-control-allow-origin': '*', 'cache-control': 'no-store' } };
}
