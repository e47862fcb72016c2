import type { Grant } from '../iam/index.ts';
import type { AuditEventView } from './audit-events.ts';
import { type Html, html, table } from './html.ts';
import type { ConsoleState, FunctionView } from './state.ts';

/** The part of the page that is fetched again while it is looked at. */
export const liveSections = (state: ConsoleState): Html => html`
  ${section('status', 'Now', now(state))}
  ${section('decisions', 'Last decisions', decisions(state.decisions))}
  ${section('events', 'Recent audit events', events(state.events))}
  ${section('mails', 'Mailbox', mails(state))}
  ${section('functions', 'Functions', functions(state.functions))}
  ${section('edge', 'Firewall and API', edge(state))}
  ${section('grants', 'Grants', grants(state.grants))}
  ${section('endpoints', 'Endpoints and ids', endpoints(state.cloud.outputs))}
  ${section('calls', 'Counted calls', calls(state.meter))}`;

const section = (
  id: string,
  title: string,
  content: Html,
): Html => html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`;

const now = ({ clock, faults }: ConsoleState): Html => html`<p>
    Clock <time datetime="${clock.now}">${clock.now}</time>${clock.aheadMs > 0 && html`, <strong>${duration(clock.aheadMs)} ahead</strong>`}.
    ${faults.armed.length === 0 ? 'No faults are armed.' : html`<strong>Faults armed: ${faults.armed.length}</strong>`}
  </p>
  ${faults.armed.length > 0 && html`<ul>${faults.armed.map((rule) => html`<li><code>${JSON.stringify(rule)}</code></li>`)}</ul>`}`;

const decisions = (list: readonly AuditEventView[]): Html =>
  table(
    'Decisions, newest first',
    ['Time', 'Outcome', 'Score', 'Reasons', 'Door', 'Device', 'Flow'],
    list.map((event) => [
      time(event.at),
      outcome(event),
      scoreOf(event),
      reasons(event),
      event.door,
      event.device,
      event.flow && html`<code>${event.flow}</code>`,
    ]),
    'No sign-in has been decided yet.',
  );

const scoreOf = ({ data }: AuditEventView): string => (data.score === undefined ? '–' : String(data.score));

const events = (list: readonly AuditEventView[]): Html =>
  table(
    'Audit events, newest first',
    ['Time', 'Event', 'Outcome', 'Subject', 'Reasons', 'Data'],
    list.map((event) => [
      time(event.at),
      html`<code>${event.type}</code>`,
      outcome(event),
      html`<code>${event.subject}</code>`,
      reasons(event),
      dataOf(event),
    ]),
    'No events yet.',
  );

const dataOf = ({ data }: AuditEventView): Html | undefined =>
  Object.keys(data).length === 0 ? undefined : html`<code>${JSON.stringify(data)}</code>`;

const outcome = ({ type, outcome: result }: AuditEventView): Html =>
  html`<span class="${result === 'success' ? 'good' : 'bad'}">${type.startsWith('sign-in.') ? type.slice(8) : result}</span>`;

const reasons = ({ reasons: codes }: AuditEventView): readonly Html[] =>
  codes.map((code) => html`<span class="tag">${code}</span> `);

const mails = ({ mails: list }: ConsoleState): Html =>
  html`${table(
    'Last mails',
    ['Time', 'To', 'Subject', 'Kind'],
    list.map(({ at, to, subject, kind }) => [time(at), to, subject, kind]),
    'No mail has been sent.',
  )}<p><a href="/_mailbox">Open the mailbox</a></p>`;

const functions = (list: readonly FunctionView[]): Html =>
  html`${table(
    'Functions; times are of the last invocations',
    ['Function', 'Calls', 'Errors', 'Cold starts', 'Environments', 'Median', 'Slowest', 'Memory'],
    list.map((view) => [
      html`<a href="#log-${view.name}">${view.name}</a>`,
      view.invocations,
      view.errors > 0 ? html`<span class="bad">${view.errors}</span>` : 0,
      view.coldStarts,
      view.environments,
      milliseconds(view.medianMs),
      milliseconds(view.slowestMs),
      `${view.memoryMb} MB`,
    ]),
    'No functions are deployed.',
  )}${list.map(functionLog)}`;

const functionLog = ({ name, log }: FunctionView): Html => html`<details id="log-${name}">
    <summary>Log of ${name} (${log.length} lines)</summary>
    <pre tabindex="0">${log.map(({ at, text }) => `${new Date(at).toISOString()} ${text}`).join('\n')}</pre>
  </details>`;

const edge = ({ waf, 'access-log': accessLog }: ConsoleState): Html => html`${table(
  'Firewall rules',
  ['Web ACL', 'Rule', 'Action', 'Matched', ''],
  waf.rules.map((rule) => [
    rule.webAcl,
    rule.rule,
    rule.action,
    rule.matched,
    rule.notEvaluated && `not evaluated locally: ${rule.notEvaluated}`,
  ]),
  'No web ACL is deployed.',
)}
${table(
  'Requests that the firewall ended',
  ['Time', 'Action', 'Rule', 'Request'],
  waf.ended.map((entry) => [
    time(entry.at),
    entry.action,
    entry.rule,
    html`<code>${entry.method} ${entry.path}</code>`,
  ]),
  'The firewall has ended no request.',
)}
<details id="access-log"><summary>API access log (${accessLog.length} lines)</summary>
  <pre tabindex="0">${accessLog.join('\n')}</pre></details>`;

const grants = (list: readonly Grant[]): Html => {
  const unused = list.filter(({ used }) => used === 0);
  return html`<p>${list.length - unused.length} grants used, ${unused.length} not used yet.</p>
    <details id="grants-unused"><summary>Not used yet</summary>${grantTable('Grants not used yet', unused)}</details>
    <details id="grants-used"><summary>Used</summary>${grantTable(
      'Grants used',
      list.filter(({ used }) => used > 0),
    )}</details>`;
};

const grantTable = (caption: string, list: readonly Grant[]): Html =>
  table(
    caption,
    ['Role', 'Effect', 'Action', 'Resources', 'Used'],
    list.map((grant) => [
      grant.roleName,
      grant.effect,
      html`<code>${grant.action}</code>`,
      grant.resources.map((resource) => html`<code>${resource}</code><br>`),
      grant.used,
    ]),
    'None.',
  );

const endpoints = (outputs: unknown): Html =>
  table(
    'From outputs.json',
    ['Name', 'Value'],
    flatten(outputs).map(([name, value]) => [
      name,
      /^https?:\/\//.test(value) ? html`<a href="${value}">${value}</a>` : html`<code>${value}</code>`,
    ]),
    'The stack is still being deployed.',
  );

const calls = (meter: Readonly<Record<string, number>>): Html =>
  html`<details id="meter"><summary>Since the start or the last reset</summary>${table(
    'Counted calls',
    ['Name', 'Count'],
    Object.entries(meter).map(([name, count]) => [html`<code>${name}</code>`, count]),
    'Nothing was counted.',
  )}</details>`;

const flatten = (value: unknown, path = ''): readonly (readonly [string, string])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, child]) => flatten(child, path === '' ? key : `${path}.${key}`))
    : value === undefined
      ? []
      : [[path, String(value)]];

const time = (at: string): Html =>
  html`<time datetime="${at}">${at.replace('T', ' ').replace('Z', '')}</time>`;

const milliseconds = (value: number | undefined): string =>
  value === undefined ? '–' : `${value.toFixed(value < 10 ? 1 : 0)} ms`;

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    Math.floor(seconds / 86_400),
    Math.floor((seconds % 86_400) / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  return ['d', 'h', 'min', 's']
    .flatMap((unit, index) => (parts[index] ? [`${parts[index]} ${unit}`] : []))
    .join(' ');
}
