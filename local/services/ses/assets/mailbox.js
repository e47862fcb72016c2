// Lists what was sent and shows one message. Texts from mails only ever become text nodes.
const REFRESH_MS = 1_000;
const STATUS_MS = 3_000;
const $ = (id) => document.getElementById(id);
const list = $('list');
const recipient = $('to');
const isNarrow = matchMedia('(max-width: 46rem)');
const state = { messages: [], chosen: location.hash.slice(1), asHtml: true, version: '', read: new Set() };

function make(name, properties = {}, ...children) {
  const { className, ...rest } = properties;
  const element = document.createElement(name);
  if (className) element.className = className;
  for (const [key, value] of Object.entries(rest)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const query = () => (recipient.value ? `to=${encodeURIComponent(recipient.value)}` : '');

/** Answers 304 while nothing new has come. */
async function refresh() {
  const asked = query();
  const headers = state.version ? { 'if-none-match': state.version } : {};
  const answer = await fetch(`/_mailbox/api/messages?limit=200&${asked}`, { headers });
  if (answer.status !== 304 && !answer.ok) throw new Error(`status ${answer.status}`);
  if (answer.status !== 304 && asked === query()) {
    const { messages, recipients } = await answer.json();
    state.version = answer.headers.get('etag') ?? '';
    state.messages = messages;
    showRecipients(recipients);
    showList();
    showChosen();
  }
  showTimes();
}

function showRecipients(recipients) {
  const chosen = recipient.value;
  const names = recipients.includes(chosen) || chosen === '' ? recipients : [chosen, ...recipients];
  const everyone = make('option', { value: '' }, 'everyone');
  recipient.replaceChildren(everyone, ...names.map((name) => make('option', { value: name }, name)));
  recipient.value = chosen;
}

function showList() {
  const focused = document.activeElement?.dataset?.id;
  const isEmpty = state.messages.length === 0;
  $('empty').hidden = !isEmpty;
  $('why').textContent = recipient.value
    ? `Nothing was sent to ${recipient.value}.`
    : 'What your functions and Cognito send by mail or SMS appears here within a second. Try “npm run demo”.';
  $('clear').disabled = isEmpty;
  $('clear').textContent = recipient.value ? 'Delete these' : 'Delete all';
  list.replaceChildren(...state.messages.map(entry));
  if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function entry(message) {
  const current = String(message.id === state.chosen);
  const unread = state.read.has(message.id) ? '' : 'unread';
  const button = make(
    'button',
    { type: 'button', 'data-id': message.id, 'aria-current': current },
    make('strong', { className: unread }, subjectOf(message)),
    make(
      'span',
      { className: 'to' },
      `${message.channel === 'sms' ? 'SMS to ' : ''}${message.to.join(', ')}`,
    ),
    timeOf(message.at),
  );
  return make('li', {}, button);
}

const subjectOf = ({ subject, text, channel }) =>
  subject || text.slice(0, 80) || (channel === 'sms' ? 'SMS' : '(no subject)');

function showChosen() {
  const message = state.messages.find(({ id }) => id === state.chosen);
  if (message) return open(message);
  const [newest] = state.messages;
  if (newest && !isNarrow.matches) return open(newest);
  state.chosen = '';
  document.body.classList.remove('reading');
  const hint = newest ? 'Choose a message.' : '';
  $('message').replaceChildren(make('p', { className: 'hint' }, hint));
}

/** Redraws only another message than the one that is open: a frame would load again. */
function open(message) {
  state.chosen = message.id;
  state.read.add(message.id);
  if (location.hash.slice(1) !== message.id) history.replaceState(null, '', `#${message.id}`);
  document.body.classList.add('reading');
  for (const button of list.querySelectorAll('button')) {
    const isCurrent = button.dataset.id === message.id;
    button.setAttribute('aria-current', String(isCurrent));
    if (isCurrent) button.querySelector('strong').classList.remove('unread');
  }
  if ($('message').dataset.shown !== `${message.id} ${state.asHtml}`) draw(message);
}

function draw(message) {
  const codes = [...new Set(message.text.match(/(?<![\w#.,:/-])\d{6,8}(?![\w-])/g) ?? [])];
  const actions = make('div', { className: 'row' });
  if (codes.length > 0) actions.append(copyButtons(codes));
  if (message.html) actions.append(views(message));
  $('message').dataset.shown = `${message.id} ${state.asHtml}`;
  $('message').replaceChildren(
    backButton(),
    make('h2', { tabindex: '-1' }, subjectOf(message)),
    facts(message),
    actions,
    message.html && state.asHtml
      ? frame(message)
      : make(
          'pre',
          { tabindex: '0', role: 'region', 'aria-label': 'Text of the message' },
          message.text || '(no text part)',
        ),
  );
}

function backButton() {
  const button = make('button', { type: 'button', className: 'back' }, '← All messages');
  button.addEventListener('click', () => {
    const last = state.chosen;
    state.chosen = '';
    $('message').dataset.shown = '';
    document.body.classList.remove('reading');
    history.replaceState(null, '', location.pathname);
    showList();
    list.querySelector(`[data-id="${CSS.escape(last)}"]`)?.focus();
  });
  return button;
}

function facts({ from, to, at, kind, channel }) {
  const rows = [
    ['From', from],
    ['To', to.join(', ')],
    [
      'Sent',
      `${new Date(at).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' })}, `,
      timeOf(at),
    ],
    ['Kind', `${channel === 'sms' ? 'SMS, ' : ''}${kind.replaceAll('-', ' ')}`],
  ];
  return make(
    'dl',
    {},
    ...rows.flatMap(([name, ...values]) => [make('dt', {}, name), make('dd', {}, ...values)]),
  );
}

function copyButtons(codes) {
  const buttons = codes.map((code) => {
    const button = make('button', { type: 'button' }, 'Copy code ', make('code', {}, code));
    button.addEventListener('click', () =>
      navigator.clipboard.writeText(code).then(
        () => say(`Code ${code} is copied.`),
        () => say('The browser did not allow copying.'),
      ),
    );
    return button;
  });
  return make('div', { className: 'codes' }, ...buttons);
}

function views(message) {
  const choices = [
    ['As mail', true],
    ['Text only', false],
  ];
  const buttons = choices.map(([label, asHtml]) => {
    const button = make('button', { type: 'button', 'aria-pressed': String(state.asHtml === asHtml) }, label);
    button.addEventListener('click', () => {
      state.asHtml = asHtml;
      draw(message);
      $('message').querySelectorAll('.views button')[asHtml ? 0 : 1].focus();
    });
    return button;
  });
  return make('div', { className: 'views', role: 'group', 'aria-label': 'Show' }, ...buttons);
}

const frame = ({ id }) =>
  make('iframe', {
    sandbox: 'allow-popups allow-popups-to-escape-sandbox',
    title: 'Content of the mail',
    src: `/_mailbox/messages/${encodeURIComponent(id)}/html`,
  });

const timeOf = (at) => make('time', { datetime: at, title: new Date(at).toLocaleString() }, relative(at));

function showTimes() {
  for (const time of document.querySelectorAll('time')) {
    const text = relative(time.dateTime);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** The cloud's clock may be ahead of the browser's: such a time is shown as it is. */
function relative(at) {
  const seconds = Math.round((Date.now() - new Date(at)) / 1000);
  if (seconds < -60 || seconds >= 86_400) return new Date(at).toLocaleDateString([], { dateStyle: 'medium' });
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3_600)} h ago`;
}

let clearing;
function say(text) {
  clearTimeout(clearing);
  $('status').textContent = text;
  clearing = setTimeout(() => {
    $('status').textContent = '';
  }, STATUS_MS);
}

const report = (error) => say(`The local cloud does not answer: ${error.message}. Is it still running?`);

list.addEventListener('click', ({ target }) => {
  const id = target.closest('button')?.dataset.id;
  const message = state.messages.find((each) => each.id === id);
  if (!message) return;
  open(message);
  if (isNarrow.matches) $('message').querySelector('h2').focus();
});
list.addEventListener('keydown', (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const buttons = [...list.querySelectorAll('button')];
  const next = step && buttons[buttons.indexOf(document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
recipient.addEventListener('change', () => {
  state.version = '';
  refresh().catch(report);
});
$('clear').addEventListener('click', async () => {
  try {
    await fetch(`/_mailbox/api/messages?${query()}`, { method: 'DELETE' });
    recipient.value = '';
    state.version = '';
    await refresh();
  } catch (error) {
    report(error);
  }
});
addEventListener('hashchange', () => {
  state.chosen = location.hash.slice(1);
  showChosen();
});

/** One refresh after the other; none while nobody looks. */
function again() {
  setTimeout(
    () => (document.hidden ? Promise.resolve() : refresh()).catch(report).finally(again),
    REFRESH_MS,
  );
}
refresh().catch(report).finally(again);
