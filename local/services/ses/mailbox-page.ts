export const mailboxPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mailbox · Vestibule</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_mailbox/mailbox.css">
</head>
<body>
<header>
  <h1><a href="/">Vestibule</a> <span>mailbox</span></h1>
  <label>For <select id="to"><option value="">everyone</option></select></label>
  <button type="button" id="clear">Empty</button>
</header>
<main>
  <nav aria-label="Messages"><ul id="list"></ul><p id="empty" hidden>No messages yet. What your functions send by mail or SMS appears here within a second.</p></nav>
  <article id="message" aria-live="polite"><p class="hint">Choose a message.</p></article>
</main>
<script src="/_mailbox/mailbox.js"></script>
</body>
</html>
`;

export const mailboxStyle = `
:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 15%, Canvas); --soft: color-mix(in srgb, CanvasText 62%, Canvas); --mark: color-mix(in srgb, #2f6fed 14%, Canvas); --accent: light-dark(#1d55c9, #8db4ff); }
* { box-sizing: border-box; }
body { margin: 0; height: 100dvh; display: grid; grid-template-rows: auto 1fr; font: 16px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
header { display: flex; gap: .75rem; align-items: center; flex-wrap: wrap; padding: .6rem 1rem; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.05rem; margin: 0 auto 0 0; } h1 a { color: inherit; text-decoration: none; } h1 span { font-weight: 400; color: var(--soft); }
select, button { font: inherit; min-height: 2.5rem; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: .5rem; background: Canvas; color: CanvasText; max-width: 16rem; }
button { cursor: pointer; } button:hover { border-color: var(--accent); } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
main { display: grid; grid-template-columns: minmax(16rem, 24rem) 1fr; min-height: 0; }
nav { overflow: auto; border-right: 1px solid var(--line); } nav p { padding: 1rem; color: var(--soft); }
ul { list-style: none; margin: 0; padding: 0; }
li button { display: block; width: 100%; max-width: none; text-align: left; border: 0; border-bottom: 1px solid var(--line); border-radius: 0; padding: .7rem 1rem; }
li button[aria-current=true] { background: var(--mark); }
li strong, li span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } li span { color: var(--soft); font-size: .88rem; }
article { display: flex; flex-direction: column; gap: .75rem; padding: 1rem; min-width: 0; overflow: auto; }
.hint, dt { color: var(--soft); } h2 { margin: 0; font-size: 1.25rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem .8rem; margin: 0; font-size: .92rem; } dd { margin: 0; overflow-wrap: anywhere; }
.codes { display: flex; flex-wrap: wrap; gap: .5rem; } .codes button { font: 600 1.4rem/1.2 ui-monospace, monospace; letter-spacing: .12em; border-color: var(--accent); color: var(--accent); }
.views { display: flex; gap: .5rem; } .views button[aria-pressed=true] { background: var(--mark); border-color: var(--accent); }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .95rem/1.5 ui-monospace, monospace; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; }
iframe { flex: 1; width: 100%; min-height: 24rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; }
[hidden] { display: none; }
@media (max-width: 46rem) { body { height: auto; } main { grid-template-columns: 1fr; } nav { border-right: 0; max-height: 45dvh; border-bottom: 1px solid var(--line); } }
`;

/** Texts from mails only ever become text nodes. */
export const mailboxScript = `'use strict';
const $ = (id) => document.getElementById(id);
const make = (name, text, ...children) => { const e = document.createElement(name); if (text) e.textContent = text; e.append(...children); return e; };
const state = { messages: [], chosen: location.hash.slice(1), html: true, seen: '' };
const short = (iso) => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });

async function refresh() {
  const to = $('to').value;
  const answer = await fetch('/_mailbox/api/messages?limit=200' + (to ? '&to=' + encodeURIComponent(to) : '')).catch(() => undefined);
  if (!answer || !answer.ok) return;
  const { messages, recipients } = await answer.json();
  const seen = JSON.stringify([to, recipients, messages.map((m) => m.id)]);
  if (seen === state.seen) return;
  state.seen = seen;
  state.messages = messages;
  $('to').replaceChildren(...['', ...recipients].map((name) => { const o = make('option', name || 'everyone'); o.value = name; o.selected = name === to; return o; }));
  list();
  if (messages.length && !messages.some((m) => m.id === state.chosen) && matchMedia('(min-width: 46rem)').matches) choose(messages[0].id);
  else if (!messages.some((m) => m.id === state.chosen)) $('message').replaceChildren(make('p', 'Choose a message.'));
  else if (!$('message').querySelector('h2')) choose(state.chosen);
}

function list() {
  $('empty').hidden = state.messages.length > 0;
  $('list').replaceChildren(...state.messages.map((m) => {
    const b = make('button', '', make('strong', m.subject || m.text.slice(0, 80) || '(no subject)'), make('span', (m.channel === 'sms' ? 'SMS to ' : '') + m.to.join(', ')), make('span', short(m.at) + ' · ' + m.kind));
    b.type = 'button';
    b.setAttribute('aria-current', String(m.id === state.chosen));
    b.addEventListener('click', () => choose(m.id));
    return make('li', '', b);
  }));
}

function choose(id) {
  const m = state.messages.find((each) => each.id === id);
  if (!m) return;
  state.chosen = id;
  history.replaceState(null, '', '#' + id);
  list();
  show(m);
}

function show(m) {
  const facts = make('dl');
  for (const [name, text] of [['To', m.to.join(', ')], ['From', m.from], ['Sent', new Date(m.at).toLocaleString()], ['Kind', m.kind]]) facts.append(make('dt', name), make('dd', text));
  const parts = [make('h2', m.subject || (m.channel === 'sms' ? 'SMS' : '(no subject)')), facts];
  const codes = [...new Set(m.text.match(/(?<![\\w#.,:/-])\\d{6,8}(?![\\w-])/g) || [])];
  if (codes.length) parts.push(codeButtons(codes));
  if (m.html) parts.push(views(m));
  parts.push(m.html && state.html ? frame(m) : make('pre', m.text || '(no text part)'));
  $('message').replaceChildren(...parts);
}

function codeButtons(codes) {
  const box = make('div');
  box.className = 'codes';
  for (const code of codes) {
    const b = make('button', code);
    b.type = 'button';
    b.title = 'Copy';
    b.setAttribute('aria-label', 'Copy code ' + code.split('').join(' '));
    b.addEventListener('click', async () => { await navigator.clipboard.writeText(code); b.textContent = 'copied'; setTimeout(() => { b.textContent = code; }, 900); });
    box.append(b);
  }
  return box;
}

function views(m) {
  const box = make('div');
  box.className = 'views';
  for (const [label, html] of [['HTML', true], ['Text', false]]) {
    const b = make('button', label);
    b.type = 'button';
    b.setAttribute('aria-pressed', String(state.html === html));
    b.addEventListener('click', () => { state.html = html; show(m); });
    box.append(b);
  }
  return box;
}

function frame(m) {
  const f = make('iframe');
  f.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox');
  f.title = 'HTML part of the mail';
  f.src = '/_mailbox/messages/' + encodeURIComponent(m.id) + '/html';
  return f;
}

$('to').addEventListener('change', refresh);
$('clear').addEventListener('click', async () => { await fetch('/_mailbox/api/messages' + ($('to').value ? '?to=' + encodeURIComponent($('to').value) : ''), { method: 'DELETE' }); $('to').value = ''; refresh(); });
refresh();
setInterval(() => { if (!document.hidden) refresh(); }, 1000);
`;
