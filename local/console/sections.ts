import { type Html, html, section } from './html.ts';
import { decisions } from './sections/decisions.ts';
import { edge } from './sections/edge.ts';
import { calls, endpoints } from './sections/endpoints.ts';
import { events, mails } from './sections/events.ts';
import { functions } from './sections/functions.ts';
import { grants } from './sections/grants.ts';
import { overview } from './sections/overview.ts';
import type { ConsoleState } from './state.ts';

/** The part of the page that is fetched again while it is looked at. */
export function liveSections(state: ConsoleState): Html {
  const now = Date.parse(state.clock.now);
  return html`${overview(state)}
  ${section('decisions', 'Last sign-in decisions', decisions(state.decisions, now))}
  ${section('mails', 'Mailbox', mails(state.mails, now), html`<a href="/_mailbox">Open the mailbox</a>`)}
  ${section('functions', 'Functions', functions(state.functions, now))}
  ${section('events', 'Recent audit events', events(state.events, now))}
  ${section('edge', 'Firewall and API', edge(state.waf, state['access-log'], now))}
  ${section('grants', 'Grants', grants(state.grants))}
  ${section('endpoints', 'Endpoints and ids', endpoints(state.cloud.outputs))}
  ${section('calls', 'Counted calls', calls(state.meter))}`;
}
