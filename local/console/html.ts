/** Markup that is safe to send: made by `html` alone. */
export interface Html {
  readonly markup: string;
}

type Insertable = Html | string | number | undefined | false | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Template tag: everything inserted is escaped unless it is `Html` itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Insertable[]): Html {
  const markup = parts.map((part, index) => part + insert(values[index])).join('');
  return { markup };
}

function insert(value: Insertable): string {
  if (value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(({ markup }) => markup).join('');
  if (typeof value === 'object') return (value as Html).markup;
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** A table that scrolls by itself on narrow screens; `empty` stands where there are no rows. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Insertable[])[],
  empty: string,
): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
    <caption>${caption}</caption>
    <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}
