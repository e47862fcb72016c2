import type { HttpResponse } from '../../platform.ts';
import { redirect } from './answers.ts';
import { oauthRules } from './client-rules.ts';
import { type DomainRequest, hasRepeated } from './domains.ts';
import { errorLocation } from './errors.ts';
import { endSession } from './sso.ts';

/**
 * `GET /logout`: ends the browser's session, and goes to `logout_uri`, or with `redirect_uri` back to the sign-in page. It
 * ends no token: those are the app's to revoke.
 */
export async function logout(request: DomainRequest): Promise<HttpResponse> {
  const { engine, pool, baseUrl, http } = request;
  const { query } = http;
  const clientId = query.get('client_id') ?? '';
  const client = engine.pools.findClient(clientId);
  const rules = client?.poolId === pool.id ? oauthRules(client) : undefined;
  if (!rules || hasRepeated(query)) return redirect(errorLocation(request, 'invalid_request', clientId));
  const target = query.get('logout_uri');
  const back = query.get('redirect_uri');
  if (target !== null) {
    if (!rules.logoutUrls.includes(target)) {
      return redirect(errorLocation(request, 'redirect_mismatch', clientId));
    }
    return redirect(target, await endSession(engine, baseUrl, http.headers.cookie));
  }
  if (back === null) return redirect(errorLocation(request, 'invalid_request', clientId));
  if (!rules.callbackUrls.includes(back)) {
    return redirect(errorLocation(request, 'redirect_mismatch', clientId));
  }
  return redirect(`${baseUrl}/login?${query}`, await endSession(engine, baseUrl, http.headers.cookie));
}
