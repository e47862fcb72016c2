/** Markup that is safe to send: made by `html` alone. */
export interface Html {
  readonly markup: string;
}

export type Insertable = Html | string | number | undefined | false | readonly Html[];

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

/** A heading of a column; numbers stand right-aligned under theirs. */
export type Column = string | { readonly number: string };

/** A table that scrolls by itself on narrow screens; `empty` stands where there are no rows. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Insertable[])[],
  empty: string,
): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const align = (index: number) => typeof columns[index] === 'object' && html` class="number"`;
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
    <caption>${caption}</caption>
    <thead><tr>${columns.map((column, index) => html`<th scope="col"${align(index)}>${typeof column === 'string' ? column : column.number}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell, index) => html`<td${align(index)}>${cell}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}

/** A part of the page with a heading of its own. */
export const section = (id: string, title: string, content: Html, more?: Html): Html => html`
  <section id="${id}" aria-labelledby="${id}-title">
    <div class="title"><h2 id="${id}-title">${title}</h2>${more}</div>
    ${content}
  </section>`;

/** What is too long to be read in a row: short, and whole on hover. */
export const clipped = (text: string, length = 8): Html =>
  text.length <= length + 1
    ? html`<code>${text}</code>`
    : html`<code title="${text}">${text.slice(0, length)}…</code>`;
