import type { InvocationRecord, LogRecord } from '../../functions/index.ts';
import { type Html, html, table } from '../html.ts';
import type { FunctionView } from '../state.ts';
import { ago, milliseconds } from '../times.ts';

export const functions = (list: readonly FunctionView[], now: number): Html =>
  html`${table(
    'The last calls of every function',
    [
      'Function',
      { number: 'Calls' },
      { number: 'Failed' },
      { number: 'Median' },
      { number: 'Slowest' },
      { number: 'Cold starts' },
      { number: 'Running' },
      { number: 'Memory' },
    ],
    list.map((view) => [
      html`<a href="#log-${view.name}">${view.name}</a>`,
      view.invocations,
      view.errors > 0 ? html`<strong class="bad">${view.errors}</strong>` : 0,
      milliseconds(view.medianMs),
      milliseconds(view.slowestMs),
      view.coldStarts,
      view.environments,
      `${view.memoryMb} MB`,
    ]),
    'No functions are deployed.',
  )}${list.map((view) => functionLog(view, now))}`;

const functionLog = ({ name, calls, log, errors }: FunctionView, now: number): Html =>
  html`<details id="log-${name}">
    <summary>${name} <span class="quiet">calls and log, ${log.length === 1 ? '1 line' : `${log.length} lines`}</span>${errors > 0 && html` <strong class="bad">${errors} failed</strong>`}</summary>
    ${table(
      `Last calls of ${name}`,
      ['When', { number: 'Took' }, 'Ended'],
      calls.map((call) => callRow(call, now)),
      'Not called yet.',
    )}
    ${
      log.length === 0
        ? html`<p class="empty">Nothing logged.</p>`
        : html`<pre tabindex="0" role="region" aria-label="Log of ${name}">${log.map(logLine)}</pre>`
    }
  </details>`;

const endings: Readonly<Record<InvocationRecord['outcome'], string>> = {
  ok: 'answered',
  threw: 'failed',
  timeout: 'took too long',
  crashed: 'crashed',
  throttled: 'throttled',
};

const callRow = ({ at, durationMs, outcome, errorType, coldStart }: InvocationRecord, now: number) => [
  ago(at, now),
  milliseconds(durationMs),
  html`${outcome === 'ok' ? endings.ok : html`<span class="bad">${endings[outcome]}: ${errorType}</span>`}${coldStart && html` <span class="quiet">cold start</span>`}`,
];

const logLine = ({ at, level, text }: LogRecord): Html =>
  html`<span class="${/^(error|fatal)$/i.test(level) ? 'bad' : /^warn/i.test(level) ? 'warn' : 'plain'}">${new Date(at).toISOString().slice(11, 23)} ${level.toLowerCase()}</span> ${readable(text)}
`;

/** A structured line as `name=value`, which is easier to read than JSON and as complete. */
function readable(text: string): string {
  if (!text.startsWith('{')) return text;
  try {
    const { level: _, ...facts } = JSON.parse(text) as Record<string, unknown>;
    return Object.entries(facts)
      .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value, null, 1)}`)
      .join('  ');
  } catch {
    return text;
  }
}
