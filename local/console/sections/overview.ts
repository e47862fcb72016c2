import type { FaultRule } from '../../platform.ts';
import { type Html, html, type Insertable } from '../html.ts';
import type { ConsoleState } from '../state.ts';
import { duration } from '../times.ts';

/** What a look at the page answers first: is it running, did something fail, what is set up. */
export const overview = ({ clock, faults, functions, decisions, mails, waf }: ConsoleState): Html => {
  const failed = functions.reduce((sum, { errors }) => sum + errors, 0);
  const calls = functions.reduce((sum, { invocations }) => sum + invocations, 0);
  const counted = (outcome: string) => decisions.filter((each) => each.outcome === outcome).length;
  return html`<section id="status" aria-label="Now"><ul class="tiles">
    ${tile('#decisions', 'Sign-ins decided', decisions.length, decisions.length > 0 && html`${counted('allow')} allowed, ${counted('challenge')} challenged, ${counted('deny')} denied`)}
    ${tile('#mails', 'Latest mails', mails.length, mails[0] !== undefined && html`${mails[0].subject}`)}
    ${tile('#functions', 'Function calls', calls, failed > 0 ? html`<span class="bad">${failed} failed</span>` : html`none failed`)}
    ${tile('#edge', 'Stopped by the firewall', waf.ended.length)}
    ${tile('#controls', 'Clock (UTC)', html`<time datetime="${clock.now}">${clock.now.slice(11, 19)}</time>`, clock.aheadMs > 0 ? html`<strong class="warn">${duration(clock.aheadMs)} ahead</strong>` : html`${clock.now.slice(0, 10)}, same as this machine`)}
  </ul>${armed(faults.armed)}</section>`;
};

const tile = (target: string, label: string, value: Insertable, note: Insertable = undefined): Html =>
  html`<li><a href="${target}">${label}</a> <strong>${value}</strong> <span>${note}</span></li>`;

const armed = (rules: readonly FaultRule[]): Html | false =>
  rules.length > 0 &&
  html`<div class="armed"><strong>Faults armed: ${rules.length}</strong>
    <ul>${rules.map((rule) => html`<li>${faultIn(rule)}</li>`)}</ul></div>`;

const faultIn = ({ service, operation, effect, times = 1 }: FaultRule): string =>
  `The next ${times === 1 ? 'call' : `${times} calls`} to ${service} ${operation ?? '(any operation)'}: ${effectIn(effect)}`;

function effectIn(effect: FaultRule['effect']): string {
  switch (effect.kind) {
    case 'error':
      return `answers ${effect.name}`;
    case 'delay':
      return `waits ${effect.milliseconds} ms first`;
    case 'duplicate':
      return `is delivered ${effect.deliveries} times`;
    case 'garbage':
      return 'answers something unreadable';
  }
}
