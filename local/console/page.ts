import { type Html, html } from './html.ts';
import { liveSections } from './sections.ts';
import type { ConsoleState } from './state.ts';

const ADVANCES = [
  ['1 minute', 60_000],
  ['5 minutes', 300_000],
  ['1 hour', 3_600_000],
  ['1 day', 86_400_000],
  ['30 days', 30 * 86_400_000],
] as const;

/** The whole page. Its forms stay in place while the live part is replaced. */
export const consolePage = (state: ConsoleState): Html => html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Vestibule local cloud</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/_console/console.css">
  <script src="/_console/console.js" defer></script>
</head>
<body>
  <a class="skip" href="#live">Skip to content</a>
  <header>
    <h1>Vestibule <span>local cloud</span></h1>
    <p>Stage <strong>${state.cloud.stage}</strong>, region <strong>${state.cloud.region}</strong>.
      For development on this machine only: keys, mails and codes are visible here.</p>
    <nav aria-label="Sections">${NAVIGATION.map(([id, label]) => html`<a href="${id}">${label}</a> `)}</nav>
  </header>
  <main>
    <p id="answer" role="status"></p>
    <div id="live" tabindex="-1">${liveSections(state)}</div>
    <section class="controls" id="controls" aria-labelledby="controls-title">
      <h2 id="controls-title">Time and faults</h2>
      <p id="advance-label">Move the clock of the cloud forward, for example past the life of a code. It cannot go back.</p>
      <p class="buttons" role="group" aria-labelledby="advance-label">
        ${ADVANCES.map(([label, ms]) => html`<button type="button" data-advance-ms="${ms}">+ ${label}</button> `)}</p>
      <p>Make the next calls to a service or function go wrong, and see what your customers see.</p>
      ${faultForm(state.functions.map(({ name }) => name))}
    </section>
  </main>
</body>
</html>
`;

const NAVIGATION = [
  ['#decisions', 'Decisions'],
  ['/_mailbox', 'Mailbox'],
  ['#functions', 'Functions'],
  ['#events', 'Events'],
  ['#edge', 'Firewall and API'],
  ['#grants', 'Grants'],
  ['#endpoints', 'Endpoints'],
  ['#controls', 'Time and faults'],
] as const;

const SERVICES = ['cognito-idp', 'dynamodb', 'events', 'firehose', 'kms', 'lambda', 'secretsmanager', 'ses'];

const faultForm = (functions: readonly string[]): Html => html`<form id="fault">
      <label>Service <input name="service" required placeholder="dynamodb" list="known-services" autocomplete="off" spellcheck="false"></label>
      <label>Operation, or function for lambda <input name="operation" placeholder="any" list="known-functions" autocomplete="off" spellcheck="false"></label>
      <label>What happens <select name="kind">
        <option value="error" data-asks="Error name" data-example="ThrottlingException">answers an error</option>
        <option value="delay" data-asks="Milliseconds" data-example="3000">answers late</option>
        <option value="garbage">answers something unreadable</option>
        <option value="duplicate" data-asks="Deliveries" data-example="2">is delivered more than once</option>
      </select></label>
      <label id="detail"><span>Error name</span> <input name="detail" required placeholder="ThrottlingException" autocomplete="off" spellcheck="false"></label>
      <label>How many calls <input name="times" type="number" min="1" value="1" required></label>
      <button type="submit">Arm fault</button>
      <button type="button" id="clear-faults">Clear all faults</button>
      <datalist id="known-services">${SERVICES.map((name) => html`<option value="${name}">`)}</datalist>
      <datalist id="known-functions">${functions.map((name) => html`<option value="${name}">`)}</datalist>
    </form>`;
