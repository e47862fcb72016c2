import { html } from '../../../console/html.ts';
import type { HttpResponse } from '../../../platform.ts';
import { deliveryTo } from '../../mail.ts';
import { button, field, form, link, type Notice, notice, quietButton } from './forms.ts';
import { type PageContext, showPage } from './page.ts';

/** `GET /confirmuser`, and what follows a sign-up. */
export function confirmPage(context: PageContext, username: string, given?: Notice): HttpResponse {
  const { texts } = context;
  const code = field({
    name: 'code',
    label: texts.code,
    autocomplete: 'one-time-code',
    digits: true,
    autofocus: true,
  });
  return showPage(
    context,
    texts.confirmTitle,
    html`${notice(given)}<p>${texts.confirmHint(deliveryTo('email', username).Destination)}</p>
      ${form(context, '/confirmuser', 'confirm', html`${code}${button(texts.confirm)}`, { username })}
      ${form(context, '/confirmuser', 'resend', quietButton(texts.resend), { username })}
      <p class="links">${link(context, '/login', texts.signIn)}</p>`,
  );
}
