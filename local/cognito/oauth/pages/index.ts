import { html } from '../../../console/html.ts';
import type { HttpResponse } from '../../../platform.ts';
import { type AuthorizationRequest, readAuthorization } from '../authorization-request.ts';
import { refusal } from '../authorize.ts';
import type { DomainRequest } from '../domains.ts';
import { addPasskeyPage, answerPasskey } from './add-passkey.ts';
import { confirmPage } from './confirm-page.ts';
import { isOwnForm, type PageContext, pageContext, showPage } from './page.ts';
import { answerNewPassword, answerRecovery, newPasswordPage, recoveryPage } from './recovery.ts';
import { answerSignIn, showSignIn } from './sign-in.ts';
import { answerConfirmation, answerSignUp, signUpPage } from './sign-up.ts';

type Answer = Promise<HttpResponse> | HttpResponse;

interface Page {
  show(context: PageContext, request: AuthorizationRequest): Answer;
  submit(context: PageContext, request: AuthorizationRequest): Answer;
}

const pages: Readonly<Record<string, Page>> = {
  '/login': { show: showSignIn, submit: answerSignIn },
  '/signup': { show: signUpPage, submit: answerSignUp },
  '/confirmuser': { show: (context) => confirmPage(context, ''), submit: answerConfirmation },
  '/forgotpassword': { show: (context) => recoveryPage(context), submit: answerRecovery },
  '/confirmforgotpassword': { show: (context) => newPasswordPage(context, ''), submit: answerNewPassword },
  '/passkeys/add': { show: addPasskeyPage, submit: answerPasskey },
};

export const isPage = (path: string): boolean => path === '/error' || Object.hasOwn(pages, path);

/** Every page belongs to an authorization request, which it carries in its query and reads anew each time. */
export async function answerPage(domain: DomainRequest): Promise<HttpResponse> {
  const { path, http } = domain;
  if (path === '/error') return errorPage(domain);
  const page = pages[path];
  const isForm = http.method === 'POST';
  if (!page || !(isForm || http.method === 'GET' || http.method === 'HEAD')) {
    return { status: 405, headers: { allow: 'GET, POST' } };
  }
  const reading = readAuthorization(domain, queryOf(domain));
  if (reading.kind !== 'request') return refusal(domain, reading);
  const { request } = reading;
  const context = pageContext(domain, http.query, request.redirectUri);
  if (!isForm) return page.show(context, request);
  if (!isOwnForm(context))
    return showSignIn(context, request, { kind: 'error', text: context.texts.expired });
  return page.submit(context, request);
}

/** The page for a passkey is called with a client and an address only; it gives no code. */
function queryOf({ path, http: { query } }: DomainRequest): URLSearchParams {
  if (path !== '/passkeys/add' || query.has('response_type')) return query;
  const complete = new URLSearchParams(query);
  complete.set('response_type', 'code');
  complete.set('code_challenge', 'A'.repeat(43));
  complete.set('code_challenge_method', 'S256');
  return complete;
}

const codePattern = /^[a-z_]{1,40}$/;

function errorPage(domain: DomainRequest): HttpResponse {
  const context = pageContext(domain, new URLSearchParams(), '');
  const { texts } = context;
  // Anybody can write this address: only what looks like an error code is shown.
  const given = domain.http.query.get('error') ?? '';
  const code = codePattern.test(given) ? given : 'invalid_request';
  return showPage(context, texts.errorTitle, html`<p>${texts.errorHint}</p><code>${code}</code>`, {
    status: 400,
  });
}
