import { html } from '../../../console/html.ts';
import type { HttpResponse } from '../../../platform.ts';
import { requiredNames } from '../../attributes.ts';
import type { AuthorizationRequest } from '../authorization-request.ts';
import { PageResources } from '../brandings.ts';
import { confirmPage } from './confirm-page.ts';
import { button, field, form, link, type Notice, notice } from './forms.ts';
import { type PageContext, showPage } from './page.ts';
import { asClient, isError, messageOf, runOperation } from './run.ts';
import { showSignIn } from './sign-in.ts';

const entered = ({ domain }: PageContext, name: string): string => (domain.form.get(name) ?? '').trim();

/** `GET /signup` */
export function signUpPage(
  context: PageContext,
  request: AuthorizationRequest,
  given?: Notice,
  username?: string,
): HttpResponse {
  const { texts } = context;
  const fields = html`${field({
    name: 'username',
    label: texts.username,
    autocomplete: 'username',
    autofocus: true,
    ...(username ? { value: username } : {}),
  })}
      ${furtherAttributes(context).map((name) => field({ name: `attribute.${name}`, label: name, autocomplete: 'on' }))}
      ${field({ name: 'password', label: texts.password, type: 'password', autocomplete: 'new-password' })}
      ${button(texts.signUp)}`;
  return showPage(
    context,
    texts.signUp,
    html`<p class="lead">${texts.continueTo(request.client.name)}</p>
      ${notice(given)}${form(context, '/signup', 'sign-up', fields)}
      ${termsLinks(context, request)}
      <p class="links">${texts.haveAccount} ${link(context, '/login', texts.signIn)}</p>`,
  );
}

/** Attributes that the pool requires beside the address people sign in with. */
function furtherAttributes({ domain: { pool } }: PageContext): string[] {
  const names = pool.settings.UsernameAttributes ?? [];
  return requiredNames(pool).filter((name) => name !== 'sub' && !names.includes(name));
}

function termsLinks({ domain, language, texts }: PageContext, { client }: AuthorizationRequest) {
  const documents = new PageResources(domain.engine.cloud.store).termsOf(domain.pool.id, client.id);
  const key = language === 'de' ? 'cognito:german' : 'cognito:english';
  return documents.map(({ name, links }) => {
    const href = links[key] ?? links['cognito:default'] ?? '';
    return html`<p><a href="${href}" rel="noopener">${name === 'privacy-policy' ? texts.privacy : texts.terms}</a></p>`;
  });
}

/** `POST /signup`. A taken address gets the same page: the owner alone learns of it, from no mail at all. */
export async function answerSignUp(
  context: PageContext,
  request: AuthorizationRequest,
): Promise<HttpResponse> {
  const username = entered(context, 'username');
  const attributes = furtherAttributes(context).map((name) => ({
    Name: name,
    Value: entered(context, `attribute.${name}`),
  }));
  try {
    await runOperation(context.domain, 'SignUp', {
      ...asClient(request.client, username),
      Password: context.domain.form.get('password') ?? '',
      UserAttributes: attributes,
    });
  } catch (error) {
    if (!isError(error, 'UsernameExistsException', 'AliasExistsException')) {
      return signUpPage(context, request, { kind: 'error', text: messageOf(error, context.texts) }, username);
    }
  }
  return confirmPage(context, username);
}

/** `POST /confirmuser` */
export async function answerConfirmation(
  context: PageContext,
  request: AuthorizationRequest,
): Promise<HttpResponse> {
  const username = entered(context, 'username');
  const { texts } = context;
  if (!username) return showSignIn(context, request, { kind: 'error', text: texts.expired });
  const resends = context.domain.form.get('step') === 'resend';
  try {
    await runOperation(context.domain, resends ? 'ResendConfirmationCode' : 'ConfirmSignUp', {
      ...asClient(request.client, username),
      ...(resends ? {} : { ConfirmationCode: entered(context, 'code') || '-' }),
    });
  } catch (error) {
    // Somebody who is confirmed already and somebody unknown get the same words.
    const isQuiet = resends && isError(error, 'InvalidParameterException', 'UserNotFoundException');
    const refused = !resends && isError(error, 'NotAuthorizedException') ? texts.wrongCode : undefined;
    if (!isQuiet) {
      return confirmPage(context, username, { kind: 'error', text: refused ?? messageOf(error, texts) });
    }
  }
  return resends
    ? confirmPage(context, username, { kind: 'done', text: texts.resent })
    : showSignIn(context, request, { kind: 'done', text: texts.confirmed });
}
