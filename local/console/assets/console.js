// Refreshes the live part of the console while it is looked at, and sends what its buttons ask for.
const REFRESH_MS = 2_000;
const live = document.getElementById('live');
const answer = document.getElementById('answer');
const faultForm = document.getElementById('fault');

/** Replaces the live part and keeps what is unfolded and how far it is scrolled. */
async function refresh() {
  if (document.hidden || live.contains(document.activeElement)) return;
  const response = await fetch('/_console/live');
  if (!response.ok) throw new Error(`the console answered ${response.status}`);
  const unfolded = new Set([...live.querySelectorAll('details[open]')].map(({ id }) => id));
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const details of next.querySelectorAll('details')) details.open = unfolded.has(details.id);
  live.replaceChildren(...next.body.childNodes);
}

async function command(path, input) {
  const response = await fetch(`/_console/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  const { message } = await response.json();
  answer.textContent = message;
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

const report = (error) => {
  answer.textContent = `The local cloud does not answer (${error.message}).`;
};

for (const button of document.querySelectorAll('[data-advance-ms]')) {
  button.addEventListener('click', () => {
    command('clock/advance', { milliseconds: Number(button.dataset.advanceMs) }).catch(report);
  });
}
faultForm.addEventListener('submit', (event) => {
  event.preventDefault();
  command('faults', fault()).catch(report);
});
document.getElementById('clear-faults').addEventListener('click', () => {
  command('faults/clear', {}).catch(report);
});

/** One refresh after the other, so that a slow one is never overtaken. */
function again() {
  setTimeout(() => refresh().catch(report).finally(again), REFRESH_MS);
}
again();
