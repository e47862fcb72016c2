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
    <h1>Vestibule local cloud</h1>
    <p>Stage <strong>${state.cloud.stage}</strong>, region <strong>${state.cloud.region}</strong>.
      A development tool on this machine only: keys, mails and codes are visible here.</p>
    <nav aria-label="Sections">${NAVIGATION.map(([id, label]) => html`<a href="#${id}">${label}</a> `)}</nav>
  </header>
  <section class="controls" aria-labelledby="controls-title">
    <h2 id="controls-title">Time and faults</h2>
    <p class="buttons" role="group" aria-label="Advance the clock">Advance by
      ${ADVANCES.map(([label, ms]) => html`<button type="button" data-advance-ms="${ms}">${label}</button> `)}</p>
    ${faultForm}
    <p id="answer" role="status" aria-live="polite"></p>
  </section>
  <main id="live" tabindex="-1">${liveSections(state)}</main>
</body>
</html>
`;

const NAVIGATION = [
  ['decisions', 'Decisions'],
  ['events', 'Events'],
  ['mails', 'Mailbox'],
  ['functions', 'Functions'],
  ['edge', 'Firewall and API'],
  ['grants', 'Grants'],
  ['endpoints', 'Endpoints'],
] as const;

const faultForm = html`<form id="fault">
      <label>Service <input name="service" required placeholder="dynamodb" autocomplete="off"></label>
      <label>Operation or function <input name="operation" placeholder="all" autocomplete="off"></label>
      <label>Effect <select name="kind">
        <option value="error">error</option>
        <option value="delay">delay</option>
        <option value="garbage">garbage</option>
        <option value="duplicate">duplicate delivery</option>
      </select></label>
      <label>Error name, milliseconds or deliveries <input name="detail" placeholder="ThrottlingException" autocomplete="off"></label>
      <label>Times <input name="times" type="number" min="1" value="1"></label>
      <button type="submit">Arm fault</button>
      <button type="button" id="clear-faults">Clear faults</button>
    </form>`;
