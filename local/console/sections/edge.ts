import type { RuleReport, WafLogEntry } from '../../waf/index.ts';
import { type Html, html, table } from '../html.ts';
import { ago, milliseconds } from '../times.ts';
import { shortName } from '../words.ts';

const SHOWN_REQUESTS = 100;

export const edge = (
  { rules, ended }: { readonly rules: readonly RuleReport[]; readonly ended: readonly WafLogEntry[] },
  accessLog: readonly string[],
  now: number,
): Html => html`${stopped(ended, now)}
  <details id="waf-rules"><summary>Firewall rules <span class="quiet">${rules.length} rules</span></summary>${ruleTable(rules)}</details>
  <details id="access-log"><summary>API access log <span class="quiet">${accessLog.length} requests</span></summary>
    ${requests(accessLog.slice(0, SHOWN_REQUESTS), now)}</details>`;

const stopped = (ended: readonly WafLogEntry[], now: number): Html =>
  table(
    'Requests that the firewall stopped, newest first',
    ['When', 'Request', 'Rule', 'Answer'],
    ended.map((entry) => [
      ago(entry.at, now),
      html`<code>${entry.method} ${entry.path}</code>`,
      entry.rule,
      entry.action.toLowerCase(),
    ]),
    'The firewall has stopped no request.',
  );

const ruleTable = (rules: readonly RuleReport[]): Html =>
  table(
    'Firewall rules in the order they are tried',
    ['Protects', 'Rule', 'Does', { number: 'Matched' }, 'Note'],
    rules.map(({ webAcl, rule, action, matched, notEvaluated }) => [
      html`<span title="${webAcl}">${shortName(webAcl)}</span>`,
      rule,
      action.toLowerCase(),
      matched,
      notEvaluated && html`<span class="quiet">only AWS can evaluate it: ${notEvaluated}</span>`,
    ]),
    'No firewall is deployed.',
  );

/** Lines in the stage's own format: a table when they are JSON with the usual names, as they are otherwise. */
function requests(lines: readonly string[], now: number): Html {
  const entries = lines.map(parsed);
  if (entries.some((entry) => entry === undefined)) {
    return html`<pre tabindex="0" role="region" aria-label="API access log">${lines.join('\n')}</pre>`;
  }
  return table(
    'API requests, newest first',
    ['When', 'Request', { number: 'Status' }, { number: 'Took' }, 'Firewall', 'Refused as'],
    entries.flatMap((entry) => (entry ? [requestRow(entry, now)] : [])),
    'No requests yet.',
  );
}

type Entry = Readonly<Record<string, string>>;

const requestRow = (entry: Entry, now: number) => [
  ago(Number(entry.time), now),
  html`<code>${entry.method} ${entry.route}</code>`,
  html`<span class="${Number(entry.status) >= 500 ? 'bad' : Number(entry.status) >= 400 ? 'warn' : 'good'}">${entry.status}</span>`,
  milliseconds(Number(entry.responseLatencyMs)),
  entry.wafAnswer?.toLowerCase(),
  entry.gatewayError === '-' ? undefined : entry.gatewayError,
];

function parsed(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Entry;
    return Number.isFinite(Number(entry.time)) && entry.method && entry.route ? entry : undefined;
  } catch {
    return undefined;
  }
}
