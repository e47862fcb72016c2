import { type Html, html, table } from '../html.ts';

/** What outputs.json has, each value ready to be copied. */
export const endpoints = (outputs: unknown): Html =>
  table(
    'As in outputs.json',
    ['Name', 'Value', 'Copy'],
    flatten(outputs).map(([name, value]) => [
      html`<code>${name}</code>`,
      /^https?:\/\//.test(value) ? html`<a href="${value}">${value}</a>` : html`<code>${value}</code>`,
      html`<button type="button" class="small" data-copy="${value}" aria-label="Copy ${name}">Copy</button>`,
    ]),
    'The stack is still being deployed.',
  );

export const calls = (meter: Readonly<Record<string, number>>): Html =>
  html`<details id="meter"><summary>Since the start or the last reset</summary>${table(
    'Calls and units by name',
    ['Name', { number: 'Count' }],
    Object.entries(meter)
      .sort(([first], [second]) => first.localeCompare(second))
      .map(([name, count]) => [html`<code>${name}</code>`, Number(count.toFixed(1))]),
    'Nothing was counted.',
  )}</details>`;

const flatten = (value: unknown, path = ''): readonly (readonly [string, string])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, child]) => flatten(child, path === '' ? key : `${path}.${key}`))
    : value === undefined
      ? []
      : [[path, String(value)]];
