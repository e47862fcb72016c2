import { AwsError, type HttpResponse } from '../../platform.ts';
import { finishFederation, startFederation } from '../federation/index.ts';
import type { User } from '../model.ts';
import { redirect, withParameters } from './answers.ts';
import { type AuthorizationRequest, type Reading, readAuthorization } from './authorization-request.ts';
import { issueCode } from './codes.ts';
import type { DomainRequest } from './domains.ts';
import { errorLocation } from './errors.ts';
import { beginSession, findSession } from './sso.ts';

/** `GET /oauth2/authorize`: a code for whoever is signed in, else the provider or the sign-in page. */
export async function authorize(domain: DomainRequest): Promise<HttpResponse> {
  const reading = readAuthorization(domain, domain.http.query);
  if (reading.kind !== 'request') return refusal(domain, reading);
  const { request } = reading;
  const signedIn = usableSession(domain, request);
  const silent = request.prompts.includes('none');
  if (signedIn && !request.prompts.includes('select_account') && request.providerName === undefined) {
    return answerWithCode(domain, request, signedIn.user, signedIn.session.authTime);
  }
  if (silent) return back(request, 'login_required', 'nobody is signed in');
  if (request.providerName !== undefined) return toProvider(domain, request, request.providerName);
  return redirect(`${domain.baseUrl}/login?${request.query}`);
}

/** The browser's session, unless the request wants a new sign-in or a younger one. */
export function usableSession({ engine, pool, http }: DomainRequest, request: AuthorizationRequest) {
  if (request.prompts.includes('login')) return undefined;
  const found = findSession(engine, pool, http.headers.cookie);
  const ageSeconds = found ? engine.cloud.clock.now() / 1000 - found.session.authTime : 0;
  return found && ageSeconds <= (request.maxAgeSeconds ?? Number.POSITIVE_INFINITY) ? found : undefined;
}

export const refusal = (
  domain: DomainRequest,
  reading: Exclude<Reading, { kind: 'request' }>,
): HttpResponse =>
  redirect(
    reading.kind === 'redirect' ? reading.location : errorLocation(domain, reading.error, reading.clientId),
  );

/** Signs the browser in and sends it to the app. @throws AwsError of the token generation trigger */
export async function finishSignIn(
  domain: DomainRequest,
  request: AuthorizationRequest,
  user: User,
  extraCookies: readonly string[] = [],
): Promise<HttpResponse> {
  const { engine, baseUrl, http } = domain;
  const now = Math.floor(engine.cloud.clock.now() / 1000);
  const code = await issueCode(domain, request, user, now);
  const { cookies } = await beginSession(engine, baseUrl, user, http.headers.cookie);
  return redirect(callback(request, code), [...cookies, ...extraCookies]);
}

/** Without a page in between, a refusal of the trigger goes to the app. */
export async function answerWithCode(
  domain: DomainRequest,
  request: AuthorizationRequest,
  user: User,
  authTime: number,
): Promise<HttpResponse> {
  try {
    return redirect(callback(request, await issueCode(domain, request, user, authTime)));
  } catch (error) {
    if (error instanceof AwsError) return back(request, 'invalid_request', error.message);
    throw error;
  }
}

const callback = ({ redirectUri, state }: AuthorizationRequest, code: string): string =>
  withParameters(redirectUri, { code, state });

export const back = (
  { redirectUri, state }: AuthorizationRequest,
  error: string,
  description: string,
  cookies: readonly string[] = [],
): HttpResponse =>
  redirect(withParameters(redirectUri, { error_description: description, state, error }), cookies);

async function toProvider(
  { engine, pool, baseUrl }: DomainRequest,
  request: AuthorizationRequest,
  name: string,
): Promise<HttpResponse> {
  const [prompt] = request.prompts;
  return startFederation(engine, {
    pool,
    client: request.client,
    provider: engine.identityProviders.get(pool.id, name),
    baseUrl,
    resume: { query: request.query.toString() },
    ...(request.loginHint ? { loginHint: request.loginHint } : {}),
    ...(prompt ? { prompt } : {}),
  });
}

/** `/oauth2/idpresponse` and `/saml2/idpresponse`: back from a provider. */
export async function providerAnswer(domain: DomainRequest): Promise<HttpResponse> {
  const result = await finishFederation(domain.engine, domain.http);
  if (result.kind === 'invalid') return result.response;
  // The query was read before it left; the client's settings may have changed since.
  const query = new URLSearchParams(typeof result.resume.query === 'string' ? result.resume.query : '');
  const reading = readAuthorization(domain, query);
  if (reading.kind !== 'request') return refusal(domain, reading);
  const { request } = reading;
  const cookies = Object.entries(result.headers).flatMap(([name, value]) =>
    name === 'set-cookie' ? [value] : [],
  );
  if (result.kind === 'refused') return back(request, result.error, result.description, cookies);
  try {
    return await finishSignIn(domain, request, result.user, cookies);
  } catch (error) {
    if (error instanceof AwsError) return back(request, 'invalid_request', error.message, cookies);
    throw error;
  }
}
