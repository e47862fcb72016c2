import type { HttpRequest, HttpResponse } from '../../platform.ts';
import { type Mailbox, mailboxLimit, type StoredMessage } from './mailbox.ts';
import { framed, mailboxPage, mailboxScript, mailboxStyle } from './mailbox-page.ts';

const prefix = '/_mailbox';
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** A mail is a stranger's page: no script, no network, no way out of its frame but a new tab for its links. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** The mailbox for people (`/_mailbox`) and for tests (`/_mailbox/api/messages?to=&kind=&limit=`). */
export async function mailboxHttp(mailbox: Mailbox, request: HttpRequest): Promise<HttpResponse> {
  const path = request.path.slice(prefix.length).replace(/\/$/, '');
  const message = /^\/(?:api\/)?messages\/([\w-]+)(\/html)?$/.exec(path);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (method === 'GET' && path === '') return page(mailboxPage, 'text/html');
  if (method === 'GET' && path === '/mailbox.css') return page(mailboxStyle, 'text/css');
  if (method === 'GET' && path === '/mailbox.js') return page(mailboxScript, 'text/javascript');
  if (path === '/api/messages' && method === 'GET') return list(mailbox, request);
  if (path === '/api/messages' && method === 'DELETE') {
    return json({ deleted: await mailbox.clear(request.query.get('to') ?? undefined) });
  }
  if (method === 'GET' && message?.[1]) return one(mailbox.find(message[1]), message[2] !== undefined);
  return json({ message: `no ${request.method} ${request.path} in the mailbox` }, 404);
}

/** Who asks again and again sends the `etag` of the last answer, and gets 304 until something has changed. */
function list(mailbox: Mailbox, { query, headers }: HttpRequest): HttpResponse {
  const limit = Number(query.get('limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > mailboxLimit) {
    return json({ message: `limit: expected a whole number from 1 to ${mailboxLimit}` }, 400);
  }
  const etag = `"${mailbox.version}"`;
  if (headers['if-none-match'] === etag) return { status: 304, headers: { ...common, etag } };
  const to = query.get('to') ?? undefined;
  const kind = query.get('kind') ?? undefined;
  const messages = mailbox.list({ limit, ...(to && { to }), ...(kind && { kind }) });
  const answer = json({ messages: messages.map(presented), recipients: mailbox.recipients() });
  return { ...answer, headers: { ...answer.headers, etag } };
}

/** Times as ISO text; the rest as it was sent. */
const presented = (message: StoredMessage) => ({ ...message, at: new Date(message.at).toISOString() });

function one(message: StoredMessage | undefined, asHtml: boolean): HttpResponse {
  if (!message) return json({ message: 'no such message' }, 404);
  if (!asHtml) return json(presented(message));
  return {
    status: 200,
    headers: { ...common, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': mailPolicy },
    body: framed(message.html ?? ''),
  };
}

const common = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

const page = (body: string, type: string): HttpResponse => ({
  status: 200,
  headers: { ...common, 'content-type': `${type}; charset=utf-8`, 'content-security-policy': pagePolicy },
  body,
});

const json = (value: unknown, status = 200): HttpResponse => ({
  status,
  headers: { ...common, 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});
