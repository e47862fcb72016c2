import { type Html, html } from '../../../console/html.ts';
import type { PageContext } from './page.ts';

/** What stands above a form: an error or good news. */
export interface Notice {
  readonly kind: 'error' | 'done';
  readonly text: string;
}

export const notice = (given: Notice | undefined): Html =>
  given
    ? html`<p class="${given.kind}" role="${given.kind === 'error' ? 'alert' : 'status'}">${given.text}</p>`
    : html``;

/** A form to a page of the domain, with the request and the browser's token in it. */
export const form = (
  context: PageContext,
  path: string,
  step: string,
  fields: Html,
  hidden: Readonly<Record<string, string>> = {},
): Html => html`<form method="post" action="${pageUrl(context, path)}">
      <input type="hidden" name="_csrf" value="${context.browser.csrf}">
      <input type="hidden" name="step" value="${step}">
      ${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
      ${fields}
    </form>`;

export const pageUrl = ({ domain, query }: PageContext, path: string): string =>
  `${domain.baseUrl}${path}?${query}`;

export const link = (context: PageContext, path: string, text: string): Html =>
  html`<a href="${pageUrl(context, path)}">${text}</a>`;

export const button = (text: string): Html => html`<button type="submit">${text}</button>`;
export const quietButton = (text: string): Html => html`<button type="submit" class="quiet">${text}</button>`;

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'password';
  readonly autocomplete: string;
  readonly value?: string;
  readonly hint?: string;
  readonly digits?: boolean;
  readonly autofocus?: boolean;
}

export function field({
  name,
  label,
  type = 'text',
  autocomplete,
  value,
  hint,
  digits,
  autofocus,
}: Field): Html {
  return html`<div class="field">
        <label for="${name}">${label}</label>
        <input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required
          ${value !== undefined && html`value="${value}"`} ${hint !== undefined && html`aria-describedby="${name}-hint"`}
          ${digits === true && html`inputmode="numeric" pattern="[0-9]{6,8}" maxlength="8"`}
          ${autofocus === true && html`autofocus`} autocapitalize="none" spellcheck="false">
        ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
      </div>`;
}
