import { html } from '../../../console/html.ts';
import type { HttpResponse } from '../../../platform.ts';
import type { AuthorizationRequest } from '../authorization-request.ts';
import { button, field, form, link, type Notice, notice } from './forms.ts';
import { type PageContext, showPage } from './page.ts';
import { asClient, isError, messageOf, runOperation } from './run.ts';
import { showSignIn } from './sign-in.ts';

const entered = ({ domain }: PageContext, name: string): string => (domain.form.get(name) ?? '').trim();

/** `GET /forgotpassword` */
export function recoveryPage(context: PageContext, given?: Notice, username?: string): HttpResponse {
  const { texts } = context;
  const fields = html`${field({
    name: 'username',
    label: texts.username,
    autocomplete: 'username',
    autofocus: true,
    ...(username ? { value: username } : {}),
  })}${button(texts.sendCode)}`;
  return showPage(
    context,
    texts.resetTitle,
    html`${notice(given)}<p>${texts.resetHint}</p>
      ${form(context, '/forgotpassword', 'send', fields)}
      <p class="links">${link(context, '/login', texts.signIn)}</p>`,
  );
}

/** States of an account that the API would tell: the page says the same for all of them. */
const told = ['UserNotFoundException', 'InvalidParameterException', 'NotAuthorizedException'];

/** `POST /forgotpassword` */
export async function answerRecovery(
  context: PageContext,
  request: AuthorizationRequest,
): Promise<HttpResponse> {
  const username = entered(context, 'username');
  if (!username) return recoveryPage(context);
  try {
    await runOperation(context.domain, 'ForgotPassword', asClient(request.client, username));
  } catch (error) {
    if (!isError(error, ...told)) {
      return recoveryPage(context, { kind: 'error', text: messageOf(error, context.texts) }, username);
    }
  }
  return newPasswordPage(context, username, { kind: 'done', text: context.texts.resetSent });
}

/** `GET /confirmforgotpassword`, and what follows a request for a code. */
export function newPasswordPage(context: PageContext, username: string, given?: Notice): HttpResponse {
  const { texts } = context;
  const fields = html`
      ${
        username
          ? html`<input type="hidden" name="username" value="${username}">`
          : field({ name: 'username', label: texts.username, autocomplete: 'username' })
      }
      ${field({ name: 'code', label: texts.code, autocomplete: 'one-time-code', digits: true, autofocus: true })}
      ${field({ name: 'password', label: texts.newPassword, type: 'password', autocomplete: 'new-password' })}
      ${button(texts.changePassword)}`;
  return showPage(
    context,
    texts.newPasswordTitle,
    html`${notice(given)}${form(context, '/confirmforgotpassword', 'reset', fields)}
      <p class="links">${link(context, '/forgotpassword', texts.resend)}</p>`,
  );
}

/** `POST /confirmforgotpassword` */
export async function answerNewPassword(
  context: PageContext,
  request: AuthorizationRequest,
): Promise<HttpResponse> {
  const username = entered(context, 'username');
  const { texts } = context;
  try {
    await runOperation(context.domain, 'ConfirmForgotPassword', {
      ...asClient(request.client, username),
      ConfirmationCode: entered(context, 'code') || '-',
      Password: context.domain.form.get('password') ?? '',
    });
  } catch (error) {
    const isQuiet = isError(
      error,
      'UserNotFoundException',
      'UserNotConfirmedException',
      'NotAuthorizedException',
    );
    const text = isQuiet ? texts.wrongCode : messageOf(error, texts);
    return newPasswordPage(context, username, { kind: 'error', text });
  }
  return showSignIn(context, request, { kind: 'done', text: texts.changed });
}
