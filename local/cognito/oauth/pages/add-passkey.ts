import { randomUUID } from 'node:crypto';
import { html } from '../../../console/html.ts';
import type { HttpResponse } from '../../../platform.ts';
import { issuerOf } from '../../engine.ts';
import type { User } from '../../model.ts';
import { userScope } from '../../tokens/issue.ts';
import { redirect } from '../answers.ts';
import type { AuthorizationRequest } from '../authorization-request.ts';
import { findSession } from '../sso.ts';
import { passkeyForm } from './challenge-views.ts';
import { link, type Notice, notice } from './forms.ts';
import { type PageContext, showPage } from './page.ts';
import { messageOf, runOperation } from './run.ts';
import { showSignIn } from './sign-in.ts';

/** `GET /passkeys/add`: for whoever is signed in at the pages; then back to the app. */
export async function addPasskeyPage(
  context: PageContext,
  request: AuthorizationRequest,
  given?: Notice,
): Promise<HttpResponse> {
  const user = signedIn(context);
  if (!user) return showSignIn(context, request);
  const { texts } = context;
  const options = await creationOptions(context, request, user);
  const failure: Notice | undefined =
    'failure' in options ? { kind: 'error', text: options.failure } : undefined;
  return showPage(
    context,
    texts.passkeyAddTitle,
    html`${notice(given ?? failure)}<p>${texts.passkeyAddHint}</p>
      <p class="error" role="alert" id="passkey-failed" hidden>${texts.passkeyFailed}</p>
      ${'json' in options && passkeyForm(context, '/passkeys/add', 'create', options.json, {}, texts.passkeyAdd)}
      <p class="links">${link(context, '/login', texts.signIn)}</p>`,
    { scripted: true },
  );
}

/** `POST /passkeys/add` */
export async function answerPasskey(
  context: PageContext,
  request: AuthorizationRequest,
): Promise<HttpResponse> {
  const user = signedIn(context);
  if (!user) return showSignIn(context, request);
  try {
    await runOperation(context.domain, 'CompleteWebAuthnRegistration', {
      AccessToken: await pageToken(context, request, user),
      Credential: readCredential(context),
    });
  } catch (error) {
    return addPasskeyPage(context, request, { kind: 'error', text: messageOf(error, context.texts) });
  }
  return redirect(request.redirectUri);
}

const signedIn = ({ domain: { engine, pool, http } }: PageContext): User | undefined =>
  findSession(engine, pool, http.headers.cookie)?.user;

async function creationOptions(
  context: PageContext,
  request: AuthorizationRequest,
  user: User,
): Promise<{ readonly json: string } | { readonly failure: string }> {
  try {
    const AccessToken = await pageToken(context, request, user);
    const { CredentialCreationOptions } = await runOperation(context.domain, 'StartWebAuthnRegistration', {
      AccessToken,
    });
    return { json: JSON.stringify(CredentialCreationOptions) };
  } catch (error) {
    return { failure: messageOf(error, context.texts) };
  }
}

/** Lets the pages act for the person for one call; it never leaves the service. */
function pageToken({ domain }: PageContext, { client }: AuthorizationRequest, user: User): Promise<string> {
  const { engine, pool } = domain;
  const now = Math.floor(engine.cloud.clock.now() / 1000);
  return engine.keys.sign(pool.id, 'access', {
    sub: user.sub,
    username: user.username,
    client_id: client.id,
    token_use: 'access',
    scope: userScope,
    iss: issuerOf(engine, pool.id),
    iat: now,
    exp: now + 60,
    jti: randomUUID(),
  });
}

function readCredential({ domain }: PageContext): object {
  try {
    return Object(JSON.parse(domain.form.get('credential') ?? ''));
  } catch {
    return {}; // no JSON is no credential: the operation refuses it
  }
}
