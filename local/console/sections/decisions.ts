import type { DecisionView } from '../decisions.ts';
import { clipped, type Html, html } from '../html.ts';
import { ago } from '../times.ts';
import { doorIn, outcomeIn, reasonIn, stateIn } from '../words.ts';

const colours = { allow: 'good', challenge: 'warn', deny: 'bad' } as const;

/** Every decision with the sum that led to it. */
export const decisions = (list: readonly DecisionView[], now: number): Html =>
  list.length === 0
    ? html`<p class="empty">No sign-in has been decided yet. Play one with <code>npm run demo</code>.</p>`
    : html`<ol class="feed" aria-label="Decisions, newest first">${list.map((each) => decision(each, now))}</ol>`;

const decision = (each: DecisionView, now: number): Html => html`<li>
    <p class="line"><strong class="badge ${colours[each.outcome]}">${outcomeIn(each.outcome)}</strong>
      ${each.score !== undefined && html`<span>score <strong>${each.score}</strong></span>`}
      ${stateIn(each) && html`<span class="quiet">${stateIn(each)}</span>`}
      ${each.wouldHave && html`<span class="quiet">monitor mode: would have been ${outcomeIn(each.wouldHave).toLowerCase()}</span>`}
      <span class="when">${ago(each.at, now)}</span></p>
    <p>${why(each)}</p>
    <p class="quiet">${facts(each)}</p>
  </li>`;

/** `new device +40, new network +15 → 55; challenged from 30, denied from 100` */
const why = ({ reasons, score, thresholds, outcome }: DecisionView): Html => {
  const limits = thresholds && `challenged from ${thresholds.challengeAt}, denied from ${thresholds.denyAt}`;
  if (reasons.length === 0)
    return html`nothing unusual: known device, known network <span class="quiet">${limits && `(${limits})`}</span>`;
  const terms = reasons.map(
    (reason, index) =>
      html`${index > 0 && ', '}<span class="term">${reasonIn(reason)}${reason.weight !== undefined && html` <strong>+${reason.weight}</strong>`}</span>`,
  );
  return html`${terms}${score !== undefined && html` → ${outcomeIn(outcome).toLowerCase()}`} <span class="quiet">${limits && `(${limits})`}</span>`;
};

const facts = ({ subject, door, device, flow }: DecisionView): readonly Html[] =>
  [
    device && html`${device}`,
    door && html`through the ${doorIn(door)}`,
    subject && html`person ${clipped(subject)}`,
    flow && html`flow ${clipped(flow)}`,
  ]
    .filter((part) => typeof part === 'object')
    .map((part, index) => (index > 0 ? html` · ${part}` : part));
