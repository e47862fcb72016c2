// Refreshes the live part of the console while it is looked at, and sends what its buttons ask for.
const REFRESH_MS = 2_000;
const ANSWER_MS = 5_000;
const live = document.getElementById('live');
const answer = document.getElementById('answer');
const faultForm = document.getElementById('fault');
const FOCUSABLE = 'a, button, summary, [tabindex]';
const SCROLLING = '.scroll, .feed, pre';
let shown = new Map();

/** Replaces the sections that changed; what is unfolded, scrolled and focused stays as it is. */
async function refresh() {
  if (document.hidden || isSelecting()) return;
  const response = await fetch('/_console/live');
  if (!response.ok) throw new Error(`status ${response.status}`);
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = new Map([...next.body.children].map((section) => [section.id, section.outerHTML]));
  for (const section of [...next.body.children]) {
    if (shown.get(section.id) !== fresh.get(section.id)) replace(section);
  }
  shown = fresh;
}

function replace(section) {
  const old = document.getElementById(section.id);
  const focused = [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
  const scrolled = [...old.querySelectorAll(SCROLLING)].map(({ scrollTop, scrollLeft }) => [
    scrollTop,
    scrollLeft,
  ]);
  const unfolded = new Set([...old.querySelectorAll('details[open]')].map(({ id }) => id));
  for (const details of section.querySelectorAll('details')) details.open = unfolded.has(details.id);
  old.replaceWith(section);
  for (const [index, element] of section.querySelectorAll(SCROLLING).entries()) {
    [element.scrollTop, element.scrollLeft] = scrolled[index] ?? [0, 0];
  }
  if (focused >= 0) section.querySelectorAll(FOCUSABLE)[focused]?.focus({ preventScroll: true });
}

/** Text that somebody is marking would be lost. */
const isSelecting = () => {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && live.contains(selection.anchorNode);
};

let clearing;
function say(message) {
  clearTimeout(clearing);
  answer.textContent = message;
  clearing = setTimeout(() => {
    answer.textContent = '';
  }, ANSWER_MS);
}

async function command(path, input, done) {
  const response = await fetch(`/_console/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  const { message } = await response.json();
  say(response.ok ? done : message);
  await refresh();
}

function fault() {
  const { service, operation, kind, detail, times } = Object.fromEntries(new FormData(faultForm));
  const effects = {
    error: { kind, name: detail },
    delay: { kind, milliseconds: Number(detail) },
    duplicate: { kind, deliveries: Number(detail) },
    garbage: { kind },
  };
  return { service, operation, times: Number(times), effect: effects[kind] };
}

/** The one field whose meaning depends on what shall happen. */
function askForDetail() {
  const { asks, example } = faultForm.kind.selectedOptions[0].dataset;
  const label = document.getElementById('detail');
  label.hidden = asks === undefined;
  label.querySelector('span').textContent = asks ?? '';
  faultForm.detail.placeholder = example ?? '';
  faultForm.detail.required = asks !== undefined;
  faultForm.detail.value = '';
}

/** A link to a folded part unfolds it. */
function unfoldTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

const report = (error) => say(`The local cloud does not answer: ${error.message}. Is it still running?`);

for (const button of document.querySelectorAll('[data-advance-ms]')) {
  button.addEventListener('click', () => {
    const milliseconds = Number(button.dataset.advanceMs);
    const done = `The clock is ${button.textContent.replace('+', '').trim()} further.`;
    command('clock/advance', { milliseconds }, done).catch(report);
  });
}
faultForm.addEventListener('submit', (event) => {
  event.preventDefault();
  command('faults', fault(), 'The fault is armed.').catch(report);
});
faultForm.kind.addEventListener('change', askForDetail);
document.getElementById('clear-faults').addEventListener('click', () => {
  command('faults/clear', {}, 'No faults are armed.').catch(report);
});
live.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]');
  if (button === null) {
    // Again the same link: the address does not change, so no event of its own comes.
    if (event.target.closest('a[href^="#"]')) setTimeout(unfoldTarget);
    return;
  }
  navigator.clipboard.writeText(button.dataset.copy).then(
    () => say('Copied.'),
    () => say('The browser did not allow copying.'),
  );
});
addEventListener('hashchange', unfoldTarget);
unfoldTarget();

/** One refresh after the other, so that a slow one is never overtaken. */
function again() {
  setTimeout(() => refresh().catch(report).finally(again), REFRESH_MS);
}
again();
