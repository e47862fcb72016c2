import type { AuditEventView } from '../audit-events.ts';
import { clipped, type Html, html, table } from '../html.ts';
import type { MailView } from '../state.ts';
import { ago } from '../times.ts';
import { doorIn, eventIn, factIn, reasonIn } from '../words.ts';

export const events = (list: readonly AuditEventView[], now: number): Html =>
  table(
    'Audit events, newest first',
    ['When', 'What happened', 'Details', 'Person', 'Through'],
    list.map((event) => [
      ago(event.at, now),
      html`${event.outcome === 'success' ? eventIn(event.type) : html`<span class="bad">${eventIn(event.type)}</span>`}<br><code class="quiet">${event.type}</code>`,
      details(event),
      clipped(event.subject),
      event.door && html`<span class="whole">${doorIn(event.door)}</span>`,
    ]),
    'No events yet. Everything customers do is recorded here and in the audit archive.',
  );

/** Facts by name; hashes and ids only say that they are there. */
const details = ({ reasons, data }: AuditEventView): readonly Html[] =>
  [
    ...reasons.map((code) => html`${reasonIn({ code })}`),
    ...Object.entries(data).map(
      ([name, value]) => html`${factIn(name)} ${clipped(said(value), isId(value) ? 8 : 40)}`,
    ),
  ].map((part, index) => (index > 0 ? html`, ${part}` : part));

/** Hashes and generated ids are compared, not read. */
const isId = (value: unknown): boolean => typeof value === 'string' && /^[\w-]{20,}$/.test(value);

const said = (value: unknown): string =>
  Array.isArray(value) ? value.join(' ') : value === true ? 'yes' : value === false ? 'no' : String(value);

export const mails = (list: readonly MailView[], now: number): Html =>
  list.length === 0
    ? html`<p class="empty">No mail has been sent.</p>`
    : html`<ul class="feed compact">${list.map(
        ({
          id,
          at,
          to,
          subject,
        }) => html`<li><p class="line"><a href="/_mailbox#${id}">${subject || '(no subject)'}</a>
          <span class="quiet">to ${to}</span> <span class="when">${ago(at, now)}</span></p></li>`,
      )}</ul>`;
